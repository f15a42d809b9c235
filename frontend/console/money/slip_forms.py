"""Forms for slips, the bank's lists, and files of slips."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.forms import PlainForm, WholeNumberField
from payments.models import PaidListFormat, SlipExportFormat, SlipTerms
from payments.slips.exporting import SOURCES, write_columns

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_ENCODINGS = [("cp932", _("Shift_JIS")), ("utf-8", _("UTF-8"))]


class PaidListForm(PlainForm):
    """A list of the bank to take."""

    form = forms.TypedChoiceField(label=_("一覧の形式"), coerce=int)
    file = forms.FileField(
        label=_("銀行から届いた一覧（CSV のファイル）"),
        help_text=_("4MB・2万行まで。"),
        error_messages={
            "empty": _("ファイルの中が空です。"),
            "required": _("ファイルを選んでください。"),
            "missing": _("ファイルを選んでください。"),
        },
    )

    def __init__(self, *args: Any, formats: list[PaidListFormat], **kwargs: Any) -> None:
        """Offer the formats that were written down."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["form"]
        field.choices = [(one.pk, one.name) for one in formats]


class ListFormatForm(PlainForm):
    """How the list of a bank is written."""

    name = forms.CharField(label=_("名前"), help_text=_("例：まち銀行 収納済み一覧"), max_length=60)
    encoding = forms.ChoiceField(label=_("文字の種類"), choices=_ENCODINGS, widget=forms.RadioSelect)
    heading_lines = WholeNumberField(
        label=_("見出しの行の数"),
        help_text=_("入金の行より前にある行の数です。いちばん下の見出しの行から、列をさがします。"),
        min_value=0,
        max_value=50,
    )
    number = forms.CharField(
        label=_("納付書番号の列"), help_text=_("見出しの文字か、左から何番めかの数字"), max_length=60
    )
    yen = forms.CharField(label=_("金額の列"), max_length=60)
    paid_on = forms.CharField(label=_("納めた日の列"), max_length=60)
    reference = forms.CharField(
        label=_("銀行の取扱番号の列"),
        help_text=_("入金ごとにちがう番号があるときだけ。同じ入金を2回入れないために使います。"),
        max_length=60,
        required=False,
    )

    @staticmethod
    def initial_of(found: PaidListFormat) -> dict[str, Any]:
        """What is written down of a format."""
        said = {"name": found.name, "encoding": found.encoding, "heading_lines": found.heading_lines}
        return {**said, **found.columns}

    def columns(self) -> dict[str, str]:
        """Where each column is."""
        return {key: self.cleaned_data[key] for key in ("number", "yen", "paid_on", "reference")}


class CarryOutForm(PlainForm):
    """Whether the lines that cannot be read were looked at."""

    unreadable_seen = forms.BooleanField(
        label=_("読めない行を見ました。入金の行ではありません。"), required=False
    )


class MatchForm(PlainForm):
    """The slip a payment belongs to."""

    slip_number = forms.CharField(
        label=_("納付書番号"),
        help_text=_("例：2026-000123。予約の「お金の書類」に書いてあります。"),
        max_length=40,
    )


class SlipTermsForm(PlainForm):
    """Where slips of a payee are paid."""

    pay_at = forms.CharField(
        label=_("納入場所"),
        help_text=_("例：まち銀行の本店と支店、市役所の会計課。空けておくと、納付書は作れません。"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    note = forms.CharField(
        label=_("納付書に書く注意"),
        help_text=_("例：コンビニエンスストアでは払えません。"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @staticmethod
    def initial_of(found: SlipTerms | None) -> dict[str, Any]:
        """What is written down."""
        return {"pay_at": found.pay_at, "note": found.note} if found else {}


class ExportFormatForm(PlainForm):
    """How a file of slips is written."""

    name = forms.CharField(label=_("名前"), help_text=_("例：eL-QR 用"), max_length=60)
    encoding = forms.ChoiceField(label=_("文字の種類"), choices=_ENCODINGS, widget=forms.RadioSelect)
    with_titles = forms.BooleanField(label=_("1行めに見出しを書く"), required=False)
    columns = forms.CharField(
        label=_("列"),
        help_text=_("1行に1つ、「見出し：項目」と書きます。いつも同じ文字は「」で囲みます。"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 10}),
    )

    @staticmethod
    def initial_of(found: SlipExportFormat) -> dict[str, Any]:
        """What is written down of a format."""
        return {
            "name": found.name,
            "encoding": found.encoding,
            "with_titles": found.with_titles,
            "columns": write_columns(found.columns),
        }


class ExportForm(PlainForm):
    """Which slips go into the file."""

    form = forms.TypedChoiceField(label=_("ファイルの形式"), coerce=int)
    first = forms.DateField(label=_("発行した日（始まり）"), widget=_DATE)
    last = forms.DateField(label=_("発行した日（終わり）"), widget=_DATE)

    def __init__(self, *args: Any, formats: list[SlipExportFormat], **kwargs: Any) -> None:
        """Offer the formats that were written down."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["form"]
        field.choices = [(one.pk, one.name) for one in formats]


# What columns of a file can have in them, for the help beside the form.
SOURCE_NAMES = list(SOURCES.values())
EXAMPLE = "\n".join(
    [
        "収納機関番号：「00000」",
        "納付番号：納付書番号（数字だけ）",
        "金額：金額",
        "納期限：納期限（数字だけ）",
        "氏名：納入義務者",
    ]
)
