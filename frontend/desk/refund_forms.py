"""What staff type about refunds and tasks: how much, why, by which way, and what they did."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.desk.forms import offer
from frontend.forms import PlainForm, WholeNumberField
from payments.services import MOST_YEN

ROUTE_NAMES = {
    "stripe": _("払った方法にもどす（カードなど）"),
    "bank_transfer": _("銀行口座に振り込む"),
    "desk_cash": _("窓口で、現金で返す"),
    "credit": _("ほかの料金に充てる"),
}


class WhyForm(PlainForm):
    """Why, for the record."""

    reason = forms.CharField(
        label=_("理由"),
        help_text=_("利用者にも見えます。記録に残ります。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
    )


class RouteForm(PlainForm):
    """By which way money goes back."""

    route = forms.ChoiceField(label=_("返し方"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, routes: tuple[str, ...], **kwargs: Any) -> None:
        """``routes``: those that are possible now."""
        super().__init__(*args, **kwargs)
        offer(self, "route", [(one, ROUTE_NAMES[one]) for one in routes])


class DecisionForm(WhyForm):
    """How much comes back where the rules leave it open."""

    yen = WholeNumberField(
        label=_("返すお金（円）"),
        help_text=_("返さないときは、0と書いてください。"),
        min_value=0,
        max_value=MOST_YEN,
    )
    field_order = ("yen", "reason")


class NoteForm(PlainForm):
    """What was done about a task."""

    note = forms.CharField(
        label=_("どうしましたか"),
        help_text=_("記録に残ります。例：電話で話し、口座を聞いた"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
    )
