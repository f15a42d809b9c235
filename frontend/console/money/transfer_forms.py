"""What the treasurer types about transfers: the bank's data of a payee, a day, why a transfer came back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from frontend.forms import PlainForm
from payments.models import TransferTerms
from payments.refunds.bank_accounts import in_bank_kana

_DIGITS = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})


class TermsForm(PlainForm):
    """As whom a payee orders transfers, as the bank wrote it in its contract (総合振込)."""

    client_code = forms.RegexField(r"^[0-9]{1,10}$", label=_("依頼人コード（会社コード）"), widget=_DIGITS)
    client_name = forms.CharField(label=_("依頼人の名前（カタカナ）"), max_length=80)
    bank_code = forms.RegexField(r"^[0-9]{4}$", label=_("銀行コード"), widget=_DIGITS)
    bank_name = forms.CharField(label=_("銀行の名前（カタカナ）"), max_length=30)
    branch_code = forms.RegexField(r"^[0-9]{3}$", label=_("支店コード"), widget=_DIGITS)
    branch_name = forms.CharField(label=_("支店の名前（カタカナ）"), max_length=30)
    account_kind = forms.ChoiceField(
        label=_("口座の種類"), choices=[("1", _("普通")), ("2", _("当座"))], widget=forms.RadioSelect
    )
    account_number = forms.RegexField(r"^[0-9]{1,7}$", label=_("口座番号"), widget=_DIGITS)

    def clean(self) -> dict[str, Any]:
        """Write names in the bank's characters, and check that they fit."""
        for name, longest in (("client_name", 40), ("bank_name", 15), ("branch_name", 15)):
            if name in self.cleaned_data:
                written = in_bank_kana(self.cleaned_data[name])
                if written is None or len(written) > longest:
                    words = gettext("カタカナ・英数字で、{most}文字までで書いてください。").format(
                        most=longest
                    )
                    self.add_error(name, words)
                else:
                    self.cleaned_data[name] = written
        return self.cleaned_data

    def terms(self) -> TransferTerms:
        """Return what was typed."""
        said = dict(self.cleaned_data)
        said["account_number"] = said["account_number"].zfill(7)
        return TransferTerms(**said)


class ListForm(PlainForm):
    """Which refunds go on a list, and when the bank transfers them."""

    pay_on = forms.DateField(label=_("振り込む日"), widget=forms.DateInput(attrs={"type": "date"}))
    refs = forms.MultipleChoiceField(
        label=_("振り込む返金"),
        error_messages={"required": _("振り込む返金を選んでください。")},
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], today: date, **kwargs: Any) -> None:
        """``choices``: the refunds whose account is known."""
        super().__init__(*args, initial={"refs": [key for key, _name in choices]}, **kwargs)
        self.fields["refs"].choices = choices  # type: ignore[attr-defined]
        self._today = today

    def clean_pay_on(self) -> date:
        """Return a day from today on, within a year."""
        day: date = self.cleaned_data["pay_on"]
        if not self._today <= day <= self._today + timedelta(days=366):
            raise forms.ValidationError(gettext("今日から1年のうちの日を書いてください。"))
        return day
