"""What the municipality's admin says about money: payees, revenue items, halls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from facilities.ordinance.document.clauses import ApplicantClass
from frontend.desk.forms import offer
from frontend.forms import PhoneField, PlainForm, WholeNumberField
from frontend.paying import WAY_NAMES
from frontend.templatetags.machinoma import name_of
from payments.models import HallTerms, Payee, RevenueItem
from payments.models.payees import WAYS
from payments.papers.invoices import registration_number

_CLASS = "class_"
# The terms of a hall as forms carry them: (key, name) of what can be chosen.
_WAYS = [(way, WAY_NAMES[way]) for way in WAYS]


class PayeeForm(PlainForm):
    """Who receives money: what stands on papers, and who decides."""

    kind = forms.ChoiceField(
        label=_("だれのお金か"),
        choices=[
            ("public", _("使用料（自治体の収入）")),
            ("manager", _("利用料金（指定管理者の収入）")),
        ],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("名前"), help_text=_("空けておくと、自治体の名前になります。"), max_length=100, required=False
    )
    signed_by = forms.CharField(
        label=_("書類に出る名義"),
        help_text=_("例：あきる野市長 山田 太郎。領収書や納付書に出ます。"),
        max_length=100,
        required=False,
    )
    address = forms.CharField(label=_("住所"), max_length=200, required=False)
    phone = PhoneField(label=_("電話番号"), required=False)
    invoice_number = forms.CharField(
        label=_("適格請求書の登録番号"),
        help_text=_("Tと13けたの数字。登録していないときは、空けてください。"),
        max_length=30,
        required=False,
    )
    decided_by = forms.ChoiceField(
        label=_("減免と還付を決める人"),
        help_text=_("規則が決めていないときに決める人です。使用料は、自治体だけが決められます。"),
        choices=[("admin", _("自治体の管理者")), ("hall", _("館の職員と、自治体の管理者"))],
        widget=forms.RadioSelect,
    )
    online_paper = forms.ChoiceField(
        label=_("インターネットで払った人にわたす書類"),
        choices=[("proof", _("支払済証明書")), ("receipt", _("領収書"))],
        widget=forms.RadioSelect,
    )
    four_eyes_from_yen = WholeNumberField(
        label=_("二人で確かめる返金の額"),
        help_text=_(
            "職員がこの額から上の返金を決めたら、別の職員が認めるまで送りません。空けると、いつも一人でできます。"
        ),
        min_value=1,
        max_value=100_000_000,
        required=False,
    )

    def clean_invoice_number(self) -> str:
        """Look at the check digit."""
        typed = str(self.cleaned_data["invoice_number"])
        number = registration_number(typed) if typed.strip() else ""
        if number is None:
            raise forms.ValidationError(
                say("登録番号が、正しくありません。Tと13けたの数字を、通知書のとおりに書いてください。"),
                code="number",
            )
        return number

    @classmethod
    def initial_of(cls, payee: Payee) -> dict[str, Any]:
        """What a payee is now."""
        return {name: getattr(payee, name) for name in cls.base_fields}


class ItemForm(PlainForm):
    """Under which item of the budget money is booked, whose it is, and its tax."""

    payee = forms.ChoiceField(label=_("収納する者"))
    account = forms.CharField(label=_("会計"), initial=_("一般会計"), max_length=60)
    kan = forms.CharField(label=_("款"), max_length=60, required=False)
    kou = forms.CharField(label=_("項"), max_length=60, required=False)
    moku = forms.CharField(label=_("目"), max_length=60, required=False)
    setsu = forms.CharField(label=_("節"), max_length=60, required=False)
    code = forms.CharField(label=_("財務会計システムの科目コード"), max_length=40, required=False)
    tax = forms.ChoiceField(
        label=_("消費税"),
        choices=[
            ("standard", _("課税（10%）")),
            ("reduced", _("軽減税率（8%）")),
            ("exempt", _("非課税")),
            ("outside", _("不課税")),
        ],
        initial="standard",
    )
    is_default = forms.BooleanField(label=_("決まりのない館は、この科目にする"), required=False)

    def __init__(self, *args: Any, payees: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        """``payees``: (id, name) to choose from."""
        super().__init__(*args, **kwargs)
        offer(self, "payee", payees)

    @classmethod
    def initial_of(cls, item: RevenueItem) -> dict[str, Any]:
        """What an item is now."""
        return {name: getattr(item, name) for name in cls.base_fields if name != "payee"} | {
            "payee": item.payee_id
        }

    def said(self) -> dict[str, Any]:
        """The item as the service takes it."""
        values = dict(self.cleaned_data)
        return {"payee_id": int(values.pop("payee")), **values}


class HallMoneyForm(PlainForm):
    """The item of a hall's money and the ways it is paid, for all and for a class of applicants."""

    item = forms.ChoiceField(label=_("歳入科目"))
    ways = forms.MultipleChoiceField(label=_("支払方法"), choices=_WAYS, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self,
        *args: Any,
        items: Iterable[tuple[int, str]],
        classes: Sequence[ApplicantClass],
        **kwargs: Any,
    ) -> None:
        """``items``: (id, name) to choose from; ``classes``: those of the rules."""
        super().__init__(*args, **kwargs)
        offer(self, "item", items)
        for one in classes:
            self.fields[_CLASS + one.key] = forms.MultipleChoiceField(
                label=name_of(one), choices=_WAYS, widget=forms.CheckboxSelectMultiple, required=False
            )

    @property
    def of_classes(self) -> list[forms.BoundField]:
        """The fields of the classes."""
        return [self[name] for name in self.fields if name.startswith(_CLASS)]

    @property
    def differs(self) -> bool:
        """Whether a class has ways of its own."""
        return any(bound.value() for bound in self.of_classes)

    @staticmethod
    def initial_of(terms: HallTerms | None) -> Mapping[str, Any]:
        """What holds at a hall now."""
        if terms is None:
            return {"ways": ["desk_cash"]}
        by_class = {_CLASS + key: ways for key, ways in terms.ways_by_class.items()}
        return {"item": terms.item_id, "ways": terms.ways, **by_class}

    def said(self) -> dict[str, Any]:
        """The terms as the service takes them."""
        values = self.cleaned_data
        by_class = {
            name.removeprefix(_CLASS): chosen for name, chosen in values.items() if name.startswith(_CLASS)
        }
        return {"item_id": int(values["item"]), "ways": values["ways"], "ways_by_class": by_class}
