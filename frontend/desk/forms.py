"""What the hall manager types: read leniently, refused in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Resident
from booking.calendar import RoomDay
from booking.errors import InvalidPeriod
from booking.extending import longer_by
from booking.queries import ReservationView
from facilities.ordinance.document.clauses import ApplicantClass
from facilities.periods import local, moment
from facilities.queries import RoomFacts
from facilities.room_rules import asked_for
from frontend.forms import PhoneField, PlainForm, WholeNumberField
from frontend.resident.question_fields import answers_in, question_field
from frontend.templatetags.machinoma import clock, duration, name_of, offered_price
from payments.services import MOST_YEN

NEW_RESIDENT = "new"
# Staff say begin and end themselves, where a room is lent by slot and by the hour.
BY_HOUR = "hours"
# The cause every document has for what the applicant does by themselves.
OWN_CAUSE = "own"
_GONE = _("この時間は、もう空いていません。ほかの時間を選んでください。")


def offer(form: forms.Form, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Set the choices of a form's field."""
    cast(forms.ChoiceField, form.fields[name]).choices = list(choices)


class BookingForm(PlainForm):
    """A booking taken at the desk or on the phone. Choices of time come from the rules, for this room and day."""

    channel = forms.ChoiceField(
        label=_("受け付けた方法"),
        choices=[("phone", _("電話")), ("desk", _("窓口"))],
        widget=forms.RadioSelect,
    )
    slot = forms.ChoiceField(label=_("時間"), widget=forms.RadioSelect)
    starts = forms.TypedChoiceField(label=_("始まり"), coerce=int, empty_value=None)
    ends = forms.TypedChoiceField(label=_("終わり"), coerce=int, empty_value=None)
    early_minutes = forms.TypedChoiceField(label=_("始まりを早める"), coerce=int, required=False)
    extension_minutes = forms.TypedChoiceField(label=_("終わりをのばす"), coerce=int, required=False)
    text = forms.CharField(
        label=_("利用者をさがす"),
        help_text=_("お名前、ふりがな、電話番号のどれか"),
        max_length=100,
        required=False,
    )
    resident = forms.ChoiceField(label=_("利用者"), widget=forms.RadioSelect)
    name = forms.CharField(label=_("お名前（団体名）"), max_length=100, required=False)
    name_kana = forms.CharField(label=_("ふりがな"), max_length=100, required=False)
    phone = PhoneField(label=_("電話番号"), required=False)
    who = forms.ChoiceField(
        label=_("申込みの区分"), help_text=_("選ばなければ、利用者の区分のままです。"), required=False
    )
    override_reason = forms.CharField(
        label=_("規則とちがう予約を入れる理由"), help_text=_("記録に残ります。"), max_length=200
    )

    def __init__(
        self,
        *args: Any,
        times: RoomDay,
        residents: Sequence[Resident] = (),
        classes: Sequence[ApplicantClass] = (),
        begin: int = 0,
        override: bool = False,
        **kwargs: Any,
    ) -> None:
        """``times``: the room's day; ``residents``: who may be chosen; ``classes``: those the rules tell apart;
        ``begin``: minutes of the gap tapped.

        ``override``: offer free times the rules do not allow too, and ask why.
        """
        super().__init__(*args, **kwargs)
        self.times = times
        self.residents = residents
        states = {"free", "outside"} if override else {"free"}
        self.slots = [one for one in times.by_slot.slots if one.state in states]
        self.hours = [one for one in times.slots if one.state in states and times.kind == "hours"]
        if not override:
            del self.fields["override_reason"]
        if classes:
            offer(self, "who", [("", _("利用者の区分のまま")), *((one.key, name_of(one)) for one in classes)])
        else:
            del self.fields["who"]
        self._offer_times(begin)
        offer(
            self,
            "resident",
            [
                *((str(one.pk), resident_label(one)) for one in residents),
                (NEW_RESIDENT, _("初めての方（下に書く）")),
            ],
        )

    @property
    def offered(self) -> bool:
        """Whether there is a time to choose at all."""
        return bool(self.slots or self.hours)

    def _offer_times(self, begin: int) -> None:
        for name, minutes in zip(
            ("early_minutes", "extension_minutes"), longer_by(self.times.room, self.times.day), strict=True
        ):
            if minutes:
                offer(self, name, [("", _("なし")), *((one, duration(one)) for one in minutes)])
            else:
                del self.fields[name]
        both = self.times.kind == "hours" and bool(self.times.named)
        if both or self.times.kind == "slots":
            self._offer_slots(begin, by_hour=both and bool(self.hours))
        else:
            del self.fields["slot"]
        if self.times.kind == "hours":
            self._offer_hours(begin, required=not both)
        else:
            del self.fields["starts"], self.fields["ends"]

    def _offer_slots(self, begin: int, *, by_hour: bool) -> None:
        field = self.fields["slot"]
        choices = [(f"{one.starts}-{one.ends}", slot_label(one)) for one in self.slots]
        offer(self, "slot", [*choices, *([(BY_HOUR, _("時間を下で決める"))] if by_hour else [])])
        field.error_messages["invalid_choice"] = _GONE
        field.initial = next((f"{one.starts}-{one.ends}" for one in self.slots if one.starts >= begin), None)
        if by_hour and begin not in {one.starts for one in self.slots}:
            field.initial = BY_HOUR

    def _offer_hours(self, begin: int, *, required: bool) -> None:
        for name in ("starts", "ends"):
            self.fields[name].error_messages["invalid_choice"] = _GONE
            self.fields[name].required = required
        shortest = self.times.minimum or self.times.step or 60
        offer(self, "starts", ((one.starts, clock(one.starts)) for one in self.hours))
        offer(self, "ends", ((one.ends, clock(one.ends)) for one in self.hours))
        first = next((one.starts for one in self.hours if one.starts >= begin), None)
        self.fields["starts"].initial = first
        if first is not None:
            self.fields["ends"].initial = first + shortest

    def clean(self) -> dict[str, Any]:
        """Ask for a name only when the person is new, and put the end after the start."""
        cleaned = super().clean() or {}
        if cleaned.get("resident") == NEW_RESIDENT:
            for name, words in (
                ("name", _("お名前を書いてください。")),
                ("phone", _("電話番号を書いてください。")),
            ):
                if not cleaned.get(name, "").strip() and name not in self.errors:
                    self.add_error(name, words)
        if cleaned.get("slot", BY_HOUR) == BY_HOUR and "slot" not in self.errors:
            self._check_hours(cleaned)
        return cleaned

    def _check_hours(self, cleaned: dict[str, Any]) -> None:
        for name in ("starts", "ends"):
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts is not None and ends is not None and starts >= ends:
            self.add_error("ends", str(InvalidPeriod()))

    @property
    def longer(self) -> tuple[int, int]:
        """By how many minutes the time is made longer, before and after."""
        given = self.cleaned_data
        return given.get("early_minutes") or 0, given.get("extension_minutes") or 0

    @property
    def period(self) -> tuple[datetime, datetime]:
        """The chosen time as aware instants, what lengthens it included."""
        slot = self.cleaned_data.get("slot", BY_HOUR)
        if slot == BY_HOUR:
            starts, ends = self.cleaned_data["starts"], self.cleaned_data["ends"]
        else:
            starts, ends = (int(part) for part in slot.split("-"))
        zone, (early, later) = self.times.room.zone, self.longer
        return moment(self.times.day, starts - early, zone), moment(self.times.day, ends + later, zone)

    @property
    def resident_id(self) -> int | None:
        """The resident chosen, or None for somebody new."""
        chosen = self.cleaned_data["resident"]
        return None if chosen == NEW_RESIDENT else int(chosen)


class CancelForm(PlainForm):
    """Why staff cancel for somebody, what the rules ask then, and what is given back where staff decide."""

    cause = forms.ChoiceField(label=_("だれの都合ですか"), widget=forms.RadioSelect, required=False)
    reason = forms.CharField(
        label=_("取り消す理由"),
        help_text=_("記録に残ります。例：電話で取消しの申し出"),
        max_length=200,
    )
    refund_yen = WholeNumberField(
        label=_("返すお金（円）"),
        help_text=_("規則とちがう額にするときだけ書きます。"),
        min_value=0,
        max_value=MOST_YEN,
        required=False,
    )

    # What the amount is for booking.cancelling: decided, or only proposed.
    amount = "refund_yen"

    def __init__(self, data: Any = None, *, view: ReservationView) -> None:
        """Offer the causes of the rules the reservation was made under, and ask what they ask."""
        super().__init__(data, initial={"cause": OWN_CAUSE})
        room = view.agreed_room
        day = local(view.starts_at, room.zone)[0]
        offer(self, "cause", ((one.key, name_of(one)) for one in room.rules_on(day).document.causes))
        self.asked = asked_for(room, day).when_cancelling
        for one in self.asked:
            self.fields[f"q_{one.key}"] = question_field(one, required=False)
        if not view.payment.paid_yen:
            del self.fields["refund_yen"]
        if not self.fields["cause"].choices:  # type: ignore[attr-defined]
            del self.fields["cause"]

    @property
    def rows(self) -> list[BoundField]:
        """The questions of the rules."""
        return [self[f"q_{one.key}"] for one in self.asked]

    def ask_refund(self, *, looking: bool) -> None:
        """Staff must say the refund, because the rules do not settle it; not yet while they only look."""
        field = self.fields.get("refund_yen")
        if field is None:
            return
        field.required, self["refund_yen"].help_text = True, gettext("返さないときは、0と書いてください。")
        unsaid = self.is_bound and "refund_yen" not in self.errors and self.cleaned_data["refund_yen"] is None
        if unsaid and not looking:
            self.add_error("refund_yen", _("返すお金を書いてください。返さないときは、0と書いてください。"))

    def leave_open(self, *, decides: bool, looking: bool) -> None:
        """The rules do not settle the refund: who may decide says it, others say what they think."""
        if decides:
            self.ask_refund(looking=looking)
        else:
            self.ask_opinion()

    def ask_opinion(self) -> None:
        """The municipality decides the refund afterwards; the hall says what it thinks."""
        if "refund_yen" in self.fields:
            self.amount = "proposed_yen"
            self["refund_yen"].label = gettext("いくら返すのがよいか、館の意見（円）")
            self["refund_yen"].help_text = gettext("書かなくてもかまいません。自治体の職員が決めます。")

    def terms(self) -> dict[str, Any]:
        """What the rules need to know of the cancelling, as far as it was said."""
        said = {name: self.cleaned_data[name] for name in self.cleaned_data} if self.is_bound else {}
        return {"cause": said.get("cause") or OWN_CAUSE, "answers": answers_in(said, self.asked)}


class PriceForm(PlainForm):
    """The price staff decide, and why."""

    yen = WholeNumberField(label=_("料金（円）"), min_value=0, max_value=MOST_YEN)
    reason = forms.CharField(
        label=_("理由"),
        help_text=_("利用者にも見えます。記録に残ります。例：展示のため、館長が決めた"),
        max_length=200,
    )


class ClosureForm(PlainForm):
    """Rooms to take out of use, from a day and time to a day and time."""

    whole = forms.BooleanField(label=_("館全体（すべての部屋）"), required=False)
    rooms = forms.TypedMultipleChoiceField(
        label=_("または、部屋を選ぶ"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    first = forms.DateField(
        label=_("始まりの日"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    starts = forms.TypedChoiceField(label=_("始まりの時刻"), coerce=int)
    last = forms.DateField(
        label=_("終わりの日"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends = forms.TypedChoiceField(label=_("終わりの時刻"), coerce=int)
    reason = forms.CharField(
        label=_("理由"),
        help_text=_("例：床の工事、市の行事"),
        max_length=200,
    )

    def __init__(
        self, *args: Any, rooms: Iterable[RoomFacts], zone: ZoneInfo, day: date, **kwargs: Any
    ) -> None:
        """``rooms``: those of the hall; ``day``: the day the form opens with."""
        super().__init__(*args, **kwargs)
        self.zone = zone
        rooms = list(rooms)
        self.room_ids = [room.id for room in rooms]
        for name in ("first", "last"):
            self.fields[name].initial = day
            self.fields[name].error_messages["invalid"] = _("この日付は、ありません。")
        offer(self, "rooms", ((room.id, name_of(room)) for room in rooms))
        halves = [(at, clock(at)) for at in range(0, 1441, 30)]
        offer(self, "starts", halves[:-1])
        offer(self, "ends", halves[1:])
        self.fields["starts"].initial, self.fields["ends"].initial = 0, 1440

    def clean(self) -> dict[str, Any]:
        """Put the end after the start, within the years a hall plans for."""
        cleaned = super().clean() or {}
        if cleaned.get("whole"):
            cleaned["rooms"] = self.room_ids
        elif not cleaned.get("rooms"):
            self.add_error("rooms", _("使えなくする部屋を選んでください。"))
        first, last = cleaned.get("first"), cleaned.get("last")
        for name, day in (("first", first), ("last", last)):
            if day and not 2000 <= day.year < 2200:
                self.add_error(name, _("この日付は、ありません。"))
        if not self.errors and self.period[0] >= self.period[1]:
            self.add_error("ends", str(InvalidPeriod()))
        return cleaned

    @property
    def period(self) -> tuple[datetime, datetime]:
        """The time as aware instants."""
        given = self.cleaned_data
        return moment(given["first"], given["starts"], self.zone), moment(
            given["last"], given["ends"], self.zone
        )


def slot_label(slot: Any) -> str:
    """A slot in one line: name, time, price."""
    price = offered_price(slot.price_yen) if slot.state == "free" else ""
    return f"{name_of(slot)}　{clock(slot.starts)}{gettext('〜')}{clock(slot.ends)}　{price}".strip()


def resident_label(resident: Resident) -> str:
    """A resident in one line, so that two of the same name can be told apart."""
    kana = f"（{resident.name_kana}）" if resident.name_kana else ""
    return f"{resident.name}{kana}　{resident.phone or resident.email}"
