"""The rhythm of a series in plain words: how often, on which days, until when, in which rooms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.series.recurrence import (
    FURTHEST_DAYS,
    MOST_DATES,
    Recurrence,
    TooManyDays,
    is_last,
    nth_of,
)
from facilities.queries import RoomFacts
from frontend.desk.forms import offer
from frontend.forms import PlainForm
from frontend.resident.question_fields import AmountField
from frontend.templatetags.machinoma import name_of

UNTIL, COUNT = "until", "count"


class RhythmForm(PlainForm):
    """How a first day comes back. The weekday and its number in the month are those of the first day."""

    rhythm = forms.ChoiceField(label=gettext_lazy("どのくらいの間かくで使いますか"), widget=forms.RadioSelect)
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("ほかの曜日も使うとき"),
        help_text=gettext_lazy("毎週や、何週間ごとのときだけです。"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    ends = forms.ChoiceField(
        label=gettext_lazy("いつまで使いますか"),
        choices=[(UNTIL, gettext_lazy("終わりの日を決める")), (COUNT, gettext_lazy("回数を決める"))],
        widget=forms.RadioSelect,
        initial=UNTIL,
    )
    until = forms.DateField(
        label=gettext_lazy("終わりの日"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
        error_messages={"invalid": gettext_lazy("この日付は、ありません。")},
    )
    count = AmountField(
        label=gettext_lazy("回数"),
        unit="回",
        min_value=1,
        max_value=MOST_DATES,
        required=False,
        error_messages={
            "invalid": gettext_lazy("回数は、数字で書いてください。"),
            "min_value": gettext_lazy("回数は、1回からです。"),
            "max_value": gettext_lazy("回数が多すぎます。"),
        },
    )
    rooms = forms.TypedMultipleChoiceField(
        label=gettext_lazy("どの部屋を使いますか"),
        help_text=gettext_lazy("いくつでもえらべます。同じ時間に使います。"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("部屋を1つ以上えらんでください。")},
    )

    def __init__(
        self, data: Any = None, *, first: date, rooms: Sequence[RoomFacts], initial: dict[str, Any]
    ) -> None:
        """``first``: the first day; ``rooms``: those of the hall."""
        super().__init__(data, initial=initial)
        self.first = first
        offer(self, "rhythm", _rhythms(first))
        others = [(day, _weekday(day)) for day in range(7) if day != first.weekday()]
        offer(self, "weekdays", others)
        offer(self, "rooms", ((room.id, name_of(room)) for room in rooms))

    def clean(self) -> dict[str, Any]:
        """Say what is missing of the end, beside its field."""
        given = super().clean() or {}
        if given.get("ends") == UNTIL and "until" not in self.errors:
            if not given.get("until"):
                self.add_error("until", _("終わりの日を書いてください。"))
            elif given["until"] < self.first:
                self.add_error("until", _("終わりの日は、最初の日より後にしてください。"))
            elif (given["until"] - self.first).days > FURTHEST_DAYS:
                self.add_error("until", _("終わりの日は、3年より先にはできません。"))
        if given.get("ends") == COUNT and "count" not in self.errors and not given.get("count"):
            self.add_error("count", _("回数を書いてください。"))
        if not self.errors:
            self._check_length()
        return given

    def _check_length(self) -> None:
        try:
            self.recurrence.days(self.first)
        except TooManyDays:
            self.add_error(
                self.cleaned_data["ends"],
                _("日が多すぎます。3年以内、{most}回までにしてください。").format(most=MOST_DATES),
            )

    @property
    def recurrence(self) -> Recurrence:
        """The rhythm that was chosen."""
        given = self.cleaned_data
        unit, every = given["rhythm"].split("-")
        end = {"until": given["until"]} if given["ends"] == UNTIL else {"count": given["count"]}
        weekday = self.first.weekday()
        if unit == "weeks":
            days = tuple(sorted({weekday, *given["weekdays"]}))
            return Recurrence("weeks", int(every), days, **end)
        nth = -1 if unit == "last" else nth_of(self.first)
        return Recurrence("months", int(every), (weekday,), nth, **end)


def initial_of(recurrence: Recurrence, first: date) -> dict[str, Any]:
    """Return a rhythm as start values of the form."""
    unit = {"weeks": "weeks", "months": "last" if recurrence.nth == -1 else "nth"}[recurrence.unit]
    return {
        "rhythm": f"{unit}-{recurrence.every}",
        "weekdays": [day for day in recurrence.weekdays if day != first.weekday()],
        "ends": UNTIL if recurrence.until else COUNT,
        "until": recurrence.until,
        "count": recurrence.count,
    }


def _rhythms(first: date) -> list[tuple[str, str]]:
    """What can be chosen, for the weekday of the first day."""
    weekday, nth = _weekday(first.weekday()), nth_of(first)
    found = [("weeks-1", _("毎週 {weekday}").format(weekday=weekday))]
    found += [
        (f"weeks-{every}", _("{every}週間ごとの {weekday}").format(every=every, weekday=weekday))
        for every in (2, 3, 4)
    ]
    if nth < 5:
        found.append(("nth-1", _("毎月 第{nth}{weekday}").format(nth=nth, weekday=weekday)))
    if is_last(first):
        found.append(("last-1", _("毎月 最後の{weekday}").format(weekday=weekday)))
    return found


def _weekday(day: int) -> str:
    return [
        _("月曜日"), _("火曜日"), _("水曜日"), _("木曜日"), _("金曜日"), _("土曜日"), _("日曜日"),
    ][day]  # fmt: skip
