"""Which dates of a series are meant, and where they are moved to."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.series.afterwards import Some
from booking.series.moving import Target
from booking.series.queries import SeriesView
from facilities.queries import rooms_of
from frontend.desk.forms import offer
from frontend.forms import PlainForm
from frontend.resident.choices import read_clock
from frontend.templatetags.machinoma import clock, name_of


class SomeForm(PlainForm):
    """From which day to which, and in which rooms; without any word, all dates that are still to come."""

    first = forms.DateField(
        label=gettext_lazy("この日から"),
        help_text=gettext_lazy("書かなければ、これからの日すべてです。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
        error_messages={"invalid": gettext_lazy("この日付は、ありません。")},
    )
    last = forms.DateField(
        label=gettext_lazy("この日まで"),
        help_text=gettext_lazy("書かなければ、最後の日までです。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
        error_messages={"invalid": gettext_lazy("この日付は、ありません。")},
    )
    rooms = forms.TypedMultipleChoiceField(
        label=gettext_lazy("部屋"),
        help_text=gettext_lazy("えらばなければ、すべての部屋です。"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=gettext_lazy("取り消す理由"),
        help_text=gettext_lazy("記録に残ります。例：電話で取消しの申し出"),
        max_length=200,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        view: SeriesView,
        with_reason: bool = False,
        initial: dict[str, Any] | None = None,
    ) -> None:
        """``view``: the series; ``with_reason``: staff say why."""
        super().__init__(data, initial=initial)
        if len(view.plan.rooms) > 1:
            offer(self, "rooms", ((room.id, name_of(room)) for room in view.plan.rooms))
        else:
            del self.fields["rooms"]
        if not with_reason:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        """The end is not before the beginning."""
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _("「この日まで」は、「この日から」より後にしてください。"))
        return given

    @property
    def some(self) -> Some:
        """The dates that are meant."""
        given = self.cleaned_data
        first: date | None = given.get("first")
        return Some(first, given.get("last"), tuple(given.get("rooms") or ()))


class MoveForm(SomeForm):
    """The same, with the new time, the new room, and what to do when one date cannot be moved."""

    starts = forms.CharField(
        label=gettext_lazy("始まりの時刻"), help_text=gettext_lazy("例：13:00"), max_length=6
    )
    ends = forms.CharField(
        label=gettext_lazy("終わりの時刻"), help_text=gettext_lazy("例：15:00"), max_length=6
    )
    to_room = forms.TypedChoiceField(
        label=gettext_lazy("部屋を変えるとき"), coerce=int, empty_value=None, required=False
    )
    which = forms.ChoiceField(
        label=gettext_lazy("変更できない日があるとき"),
        choices=[
            ("all", gettext_lazy("1つも変更しない")),
            ("some", gettext_lazy("変更できる日だけ変更する")),
        ],
        widget=forms.RadioSelect,
        initial="all",
    )

    def __init__(self, data: Any = None, *, view: SeriesView, initial: dict[str, Any] | None = None) -> None:
        """Start from the series' own time."""
        plan = view.plan
        times = {"starts": clock(plan.starts), "ends": clock(plan.ends), "which": "all"}
        super().__init__(data, view=view, initial=times | (initial or {}))
        others = rooms_of(plan.rooms[0].facility_id)
        offer(self, "to_room", [("", _("変えない")), *((str(room.id), name_of(room)) for room in others)])

    def clean_starts(self) -> int:
        """Return minutes of the day."""
        return self._clock("starts")

    def clean_ends(self) -> int:
        """Return minutes of the day."""
        return self._clock("ends")

    def clean(self) -> dict[str, Any]:
        """The time ends after it begins."""
        given = super().clean()
        if not self.errors and given["starts"] >= given["ends"]:
            self.add_error("ends", _("終わりの時刻は、始まりの時刻より後にしてください。"))
        return given

    @property
    def target(self) -> Target:
        """Where the dates are moved to."""
        given = self.cleaned_data
        return Target(given["starts"], given["ends"], given.get("to_room"))

    def _clock(self, name: str) -> int:
        minutes = read_clock(self.cleaned_data[name])
        if minutes is None:
            raise forms.ValidationError(_("時刻は、13:00のように書いてください。"), code="clock")
        return minutes
