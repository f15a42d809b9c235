"""Forms of papers about money at the desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from booking.queries import ReservationView
from frontend.forms import PlainForm
from frontend.templatetags.machinoma import short_day
from frontend.templatetags.machinoma import yen as in_words


class AgainForm(PlainForm):
    """Why a paper is issued again."""

    reason = forms.CharField(
        label=_("再発行の理由"),
        help_text=_("例：なくした。汚れて読めない。記録に残ります。"),
        max_length=200,
    )


class SlipForm(PlainForm):
    """Until when a slip is to be paid, and which other reservations are paid with it."""

    due_on = forms.DateField(
        label=_("納期限"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    others = forms.TypedMultipleChoiceField(
        label=_("いっしょに払う予約"), required=False, coerce=UUID, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, beside: Sequence[ReservationView], **kwargs: Any) -> None:
        """Offer the hirer's other reservations that are not paid."""
        super().__init__(*args, **kwargs)
        others: Any = self.fields["others"]
        others.choices = [(str(one.ref), _words(one)) for one in beside]
        if not beside:
            del self.fields["others"]

    def clean(self) -> dict[str, Any]:
        """Nothing beside it is nothing to choose from."""
        return {"others": [], **(super().clean() or {})}


def _words(view: ReservationView) -> str:
    hall = f"{view.room.facility_name} {view.room.name}"
    return f"{short_day(view.starts_at)} {hall} {in_words(view.payment.due_yen)}（{view.number}）"
