"""What staff type and choose when rooms are taken for official use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db import connection
from django.utils.translation import gettext_lazy as _

from booking.displacing import Alternative, Choice, Foreseen, Hit, Taking
from booking.reviewing.appealing import notice_of_appeal
from facilities.errors import NoRulesYet
from facilities.periods import local, moment
from facilities.queries import RoomFacts
from facilities.room_rules import permit_on
from frontend.desk.forms import ClosureForm, offer
from frontend.forms import PlainForm
from frontend.templatetags.machinoma import clock
from tenants.context import current_zone

CANCEL = "cancel"
KINDS = (
    ("official", _("公用（市の行事・会議）")),
    ("election", _("選挙（投票所・開票所）")),
    ("disaster", _("災害（避難所・被害）")),
    ("weather", _("悪天候（台風・大雪などの臨時休館）")),
    ("maintenance", _("保守・点検・工事")),
    ("other", _("そのほか")),
)
# Nobody decided against anybody: there is nothing to appeal against, and another day is rarely what is wanted.
_BY_NATURE = {"disaster", "weather"}


class OfficialUseForm(ClosureForm):
    """Rooms and time as for any closure; what for; and what everybody hit reads about their rights."""

    kind = forms.ChoiceField(label=_("何のためですか"), choices=KINDS, widget=forms.RadioSelect)
    appeal_notice = forms.CharField(
        label=_("不服の申立てのお知らせ（教示）"),
        help_text=_(
            "予約を取り消される人、移される人に知らせます。災害などで、いらないときは、消してください。"
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=2000,
        required=False,
    )

    field_order = ("kind", "whole", "rooms", "first", "starts", "last", "ends", "reason", "appeal_notice")

    def __init__(self, *args: Any, rooms: list[RoomFacts], day: date, **kwargs: Any) -> None:
        """Begin with the usual notice of appeal of the rules of these rooms."""
        super().__init__(*args, rooms=rooms, day=day, **kwargs)
        self.offered = rooms
        self.fields["reason"].help_text = _("予約していた人が読みます。例：市長選挙の投票所として使うため")
        self.fields["appeal_notice"].initial = _usual_notice(rooms, day)

    def taking(self, facility_id: int) -> Taking:
        """Return what is to be taken, once the form is valid."""
        starts_at, ends_at = self.period
        given = self.cleaned_data
        rooms = tuple(given["rooms"])
        return Taking(facility_id, rooms, starts_at, ends_at, given["kind"], given["reason"])


class AnswerForm(PlainForm):
    """Until when those who are asked answer."""

    answer_day = forms.DateField(
        label=_("返事の期限（日）"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    answer_at = forms.TypedChoiceField(label=_("返事の期限（時刻）"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the hours of a day."""
        super().__init__(*args, **kwargs)
        offer(self, "answer_at", [(at, clock(at)) for at in range(480, 1321, 60)])
        self.fields["answer_at"].initial = 1020
        self.fields["answer_day"].error_messages["invalid"] = _("この日付は、ありません。")

    @property
    def moment(self) -> datetime:
        """The deadline as an aware instant."""
        given = self.cleaned_data
        return moment(given["answer_day"], given["answer_at"], current_zone())


@dataclass(frozen=True, slots=True)
class Row:
    """A booking that is hit, with what can be chosen for it: (value, alternative), and what is chosen."""

    hit: Hit
    options: tuple[tuple[str, Alternative], ...]
    chosen: str


def rows_of(foreseen: Foreseen, typed: Mapping[str, str], kind: str) -> list[Row]:
    """Return the bookings with their options: as decided before, else as suggested."""
    rows = []
    for hit in foreseen.hits:
        options = tuple((_write(one), one) for one in hit.alternatives)
        suggested = None if kind in _BY_NATURE else hit.suggested
        usual = _write(suggested) if suggested else CANCEL
        decided = typed.get(f"to_{hit.booking.ref}", usual)
        known = {value for value, _one in options} | {CANCEL}
        rows.append(Row(hit, options, decided if decided in known else usual))
    return rows


def decisions_in(typed: Mapping[str, str]) -> tuple[dict[UUID, Choice], dict[UUID, int]]:
    """Return what was chosen for each booking, and each booking's sequence as it was shown."""
    choices, seen = dict[UUID, Choice](), dict[UUID, int]()
    verdict = "move" if typed.get("how") == "move" else "ask"
    for name, value in typed.items():
        ref = _ref(name.removeprefix("seen_")) if name.startswith("seen_") else None
        if ref and value.isdecimal() and len(value) < 9:
            seen[ref] = int(value)
            choice = _read(typed.get(f"to_{ref}", ""), verdict)
            if choice:
                choices[ref] = choice
    return choices, seen


def usual_answer_time(foreseen: Foreseen, now: datetime) -> dict[str, Any]:
    """Return the deadline the form begins with: in a week, but before the first booking that is hit."""
    zone = current_zone()
    today = local(now, zone)[0]
    days = [local(hit.booking.starts_at, zone)[0] for hit in foreseen.hits]
    latest = min(days, default=today + timedelta(days=8)) - timedelta(days=1)
    return {"answer_day": max(today, min(latest, today + timedelta(days=7)))}


def _usual_notice(rooms: list[RoomFacts], day: date) -> str:
    municipality = connection.tenant  # type: ignore[attr-defined]
    for room in rooms:
        try:
            return "\n".join(notice_of_appeal(permit_on(room, day), municipality.name))
        except NoRulesYet:
            continue
    return ""


def _write(one: Alternative) -> str:
    return f"{one.room.id}|{one.starts_at.isoformat()}|{one.ends_at.isoformat()}"


def _read(text: str, verdict: Any) -> Choice | None:
    if text == CANCEL:
        return Choice("cancel")
    room, _bar, times = text.partition("|")
    starts, _bar, ends = times.partition("|")
    try:
        starts_at, ends_at = datetime.fromisoformat(starts), datetime.fromisoformat(ends)
        room_id = int(room)
    except ValueError:
        return None
    if starts_at.tzinfo is None or ends_at.tzinfo is None:
        return None
    return Choice(verdict, room_id, starts_at, ends_at)


def _ref(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
