"""What staff type about offences: which one, why it does not count, and why they decide as they do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Resident
from facilities.ordinance.document.cancellation_clauses import Offence
from frontend.desk.forms import offer, resident_label
from frontend.forms import PlainForm


class AbsenceForm(PlainForm):
    """Nobody came: whether that counts, and what is known of it."""

    exempt = forms.ChoiceField(
        label=_("違反として数えますか"),
        choices=[
            ("", _("数える（連絡なしで来なかった）")),
            ("weather", _("数えない：天候のため")),
            ("disaster", _("数えない：災害のため")),
            ("city", _("数えない：市や館の都合のため")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    note = forms.CharField(label=_("わかったこと"), max_length=500, required=False)


class OffenceForm(PlainForm):
    """An offence staff write down: one of those the rules know."""

    key = forms.ChoiceField(label=_("違反"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("何があったか"),
        help_text=_("利用者も読みます。"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=500,
    )

    def __init__(self, *args: Any, offences: Sequence[Offence], **kwargs: Any) -> None:
        """``offences``: what the rules of that day count."""
        super().__init__(*args, **kwargs)
        english = not (get_language() or "ja").startswith("ja")
        offer(self, "key", [(one.key, (english and one.name_en) or one.name) for one in offences])


class ReasonForm(PlainForm):
    """Why."""

    reason = forms.CharField(
        label=_("わけ"),
        help_text=_("利用者も読みます。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
    )


class DecisionForm(ReasonForm):
    """Yes or no, and why. ``decision``: yes or no."""

    decision = forms.ChoiceField(label=_("決めること"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, yes: object, no: object, **kwargs: Any) -> None:
        """``yes``, ``no``: what the two answers mean."""
        super().__init__(*args, **kwargs)
        offer(self, "decision", [("yes", yes), ("no", no)])
        self.order_fields(["decision", "reason"])

    @property
    def is_yes(self) -> bool:
        """Whether the answer is yes."""
        return bool(self.cleaned_data["decision"] == "yes")


class FindPersonForm(PlainForm):
    """A resident by a part of name or phone."""

    text = forms.CharField(
        label=_("利用者をさがす"),
        help_text=_("お名前、ふりがな、電話番号のどれか"),
        max_length=100,
        required=False,
    )


class LinkForm(PlainForm):
    """Who belongs to the same household."""

    other = forms.ChoiceField(label=_("同じ世帯の人"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, others: Sequence[Resident], **kwargs: Any) -> None:
        """``others``: who was found and may be linked."""
        super().__init__(*args, **kwargs)
        offer(self, "other", [(str(one.pk), resident_label(one)) for one in others])
