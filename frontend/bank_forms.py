"""The payer's bank account, asked as it stands in the bank book (通帳)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.forms import PlainForm
from payments.refunds.bank_accounts import BankAccount, bank_account
from payments.refunds.errors import BankAccountUnfit

# Banks with branches or customers all over Japan, by the code of the bankers' association (全国銀行協会).
BANKS = {
    "9900": "ゆうちょ銀行",
    "0001": "みずほ銀行",
    "0005": "三菱UFJ銀行",
    "0009": "三井住友銀行",
    "0010": "りそな銀行",
    "0017": "埼玉りそな銀行",
    "0036": "楽天銀行",
    "0033": "PayPay銀行",
    "0034": "セブン銀行",
    "0035": "ソニー銀行",
    "0040": "イオン銀行",
}
OTHER = "other"

_WRONG = {
    "bank_code": _("銀行コードは、数字4けたで書いてください。"),
    "bank_name": _("銀行の名前を書いてください。"),
    "branch_code": _("店番は、数字3けたで書いてください。"),
    "branch_name": _("支店の名前を書いてください。"),
    "kind": _("口座の種類を選んでください。"),
    "number": _("口座番号は、数字7けたまでで書いてください。"),
    "holder": _("口座の名前は、カタカナ30文字までで書いてください。"),
}


class AccountForm(PlainForm):
    """Where to transfer a refund to."""

    bank = forms.ChoiceField(
        label=_("銀行"),
        choices=[("", _("選んでください")), *BANKS.items(), (OTHER, _("そのほかの銀行・信用金庫・農協"))],
    )
    bank_name = forms.CharField(
        label=_("銀行の名前"),
        help_text=_("上で「そのほか」を選んだときだけ、書いてください。例：秋川農業協同組合"),
        max_length=40,
        required=False,
    )
    bank_code = forms.CharField(
        label=_("銀行コード"),
        help_text=_(
            "上で「そのほか」を選んだときだけ、数字4けたで書いてください。銀行のホームページにあります。"
        ),
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    branch_name = forms.CharField(label=_("支店の名前"), help_text=_("例：秋川支店"), max_length=40)
    branch_code = forms.CharField(
        label=_("店番"),
        help_text=_("数字3けた。通帳に書いてあります。"),
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("口座の種類"),
        choices=[("1", _("普通")), ("2", _("当座")), ("4", _("貯蓄"))],
        widget=forms.RadioSelect,
        initial="1",
    )
    number = forms.CharField(
        label=_("口座番号"),
        help_text=_("数字7けた。ゆうちょ銀行は、通帳の「振込用の口座番号」を書いてください。"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    holder = forms.CharField(
        label=_("口座の名前（カタカナ）"),
        help_text=_("通帳の表紙のうらに書いてあるとおりに。例：ヤマダ ハナコ"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    account: BankAccount | None = None

    def clean(self) -> dict[str, Any]:
        """Put the account together; what banks would not take is said at its field."""
        said = dict(self.cleaned_data)
        bank = said.pop("bank", "")
        if bank and bank != OTHER:
            said |= {"bank_code": bank, "bank_name": BANKS[bank]}
        try:
            self.account = bank_account(**{name: said.get(name) or "" for name in _WRONG})
        except BankAccountUnfit as unfit:
            known = bank == OTHER
            for name in unfit.facts["fields"]:
                if name not in self.errors and (known or name not in {"bank_code", "bank_name"}):
                    self.add_error(name, _WRONG[name])
        return self.cleaned_data
