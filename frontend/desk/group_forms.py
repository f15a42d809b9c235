"""What staff type about groups: who represents a new one, and what is decided about an application."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Resident
from facilities.groups.checking import Findings
from facilities.groups.kinds import Kind
from facilities.groups.reviewing import AcceptedException
from frontend.desk.forms import NEW_RESIDENT, resident_label
from frontend.forms import PhoneField, PlainForm
from frontend.groups.forms import NewGroupForm
from frontend.resident.forms import OneLineField
from frontend.templatetags.machinoma import name_of


class FindForm(PlainForm):
    """Groups by a part of their name."""

    text = forms.CharField(
        label=gettext_lazy("団体をさがす"),
        help_text=gettext_lazy("団体の名前、ふりがな、番号（G-00012）のどれか"),
        max_length=100,
        required=False,
    )


class DeskGroupForm(NewGroupForm):
    """A group entered at the desk, with who represents it: found, or new."""

    text = forms.CharField(
        label=gettext_lazy("代表者をさがす"),
        help_text=gettext_lazy("お名前、ふりがな、電話番号のどれか"),
        max_length=100,
        required=False,
    )
    resident = forms.ChoiceField(label=gettext_lazy("代表者"), widget=forms.RadioSelect)
    person_name = OneLineField(label=gettext_lazy("代表者のお名前"), max_length=100, required=False)
    person_kana = OneLineField(label=gettext_lazy("代表者のふりがな"), max_length=100, required=False)
    person_phone = PhoneField(label=gettext_lazy("代表者の電話番号"), required=False)

    def __init__(
        self, *args: Any, kinds: Sequence[Kind], residents: Sequence[Resident] = (), **kwargs: Any
    ) -> None:
        """``residents``: who may be chosen as representative."""
        super().__init__(*args, kinds=kinds, **kwargs)
        found = [(str(one.pk), resident_label(one)) for one in residents]
        self.fields["resident"].choices = [*found, (NEW_RESIDENT, _("初めての方（下に書く）"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Somebody new needs a name."""
        given = super().clean() or {}
        if given.get("resident") == NEW_RESIDENT and not given.get("person_name"):
            self.add_error("person_name", _("代表者のお名前を書いてください。"))
        return given


class DecisionForm(PlainForm):
    """What becomes of an application: registered under a class, returned, or refused."""

    applicant_class = forms.ChoiceField(
        label=gettext_lazy("予約するときの区分"),
        help_text=gettext_lazy("料金や、申し込める日が決まります。"),
        required=False,
    )
    valid_until = forms.DateField(
        label=gettext_lazy("いつまで有効か"),
        help_text=gettext_lazy("規則に定めがありません。書かなければ、期限なしです。"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    exception = forms.ChoiceField(
        label=gettext_lazy("例外として認める"),
        help_text=gettext_lazy("条件に合わないところがあるときだけ、えらびます。"),
        required=False,
    )
    exception_reason = forms.CharField(
        label=gettext_lazy("例外として認める理由"),
        help_text=gettext_lazy("記録に残ります。団体には見せません。"),
        max_length=500,
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("団体に伝えること"),
        help_text=gettext_lazy("直してほしいことや、登録できない理由。メールで届きます。"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, kind: Kind, findings: Findings, **kwargs: Any) -> None:
        """``findings``: what the rules say decides which fields there are."""
        super().__init__(*args, **kwargs)
        classes = [(one.key, name_of(one)) for one in kind.classes]
        self.fields["applicant_class"].choices = [("", _("ふつうの区分")), *classes]  # type: ignore[attr-defined]
        self.fields["applicant_class"].initial = kind.usual_class
        if not classes:
            del self.fields["applicant_class"]
        if findings.valid_until or kind.rule.valid:
            del self.fields["valid_until"]
        if findings.allowed or not kind.rule.exceptions:
            del self.fields["exception"], self.fields["exception_reason"]
        else:
            exceptions = [(one.name, name_of(one)) for one in kind.rule.exceptions]
            self.fields["exception"].choices = [("", _("認めない")), *exceptions]  # type: ignore[attr-defined]

    def accepted(self) -> list[AcceptedException]:
        """The exception that was chosen, with its reason."""
        name = self.cleaned_data.get("exception")
        return [AcceptedException(name, self.cleaned_data["exception_reason"])] if name else []


class EndForm(PlainForm):
    """Why a registration ends before its time."""

    reason = forms.CharField(
        label=gettext_lazy("登録を終える理由"),
        help_text=gettext_lazy("団体にメールで届きます。"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    struck_off = forms.BooleanField(
        label=gettext_lazy("違反による抹消"),
        help_text=gettext_lazy("規則に定めがあれば、この団体の人は、しばらく登録できません。"),
        required=False,
    )
