"""What residents type: the time they want, what for and how many, and who they are."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontend.forms import PhoneField, PlainForm, WholeNumberField
from frontend.resident.choices import read_time

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class OneLineField(forms.CharField):
    """A line of text: any character people write with, 𠮷 and 葛󠄀 and 🎉 too; control characters are refused."""

    def clean(self, value: Any) -> str:
        """Return the text in NFC on one line. Raises ValidationError."""
        text = " ".join(unicodedata.normalize("NFC", str(value or "")).split())
        if _CONTROL.search(text):
            raise forms.ValidationError(_("使えない文字が入っています。"), code="control")
        return str(super().clean(text))


class TimeForm(PlainForm):
    """The time chosen on a room's page, as ``13:00-17:00``."""

    time = forms.CharField(label=gettext_lazy("時間"), max_length=20)

    def clean_time(self) -> tuple[int, int]:
        """Return (start, end) in minutes of the day."""
        period = read_time(self.cleaned_data["time"])
        if period is None:
            raise forms.ValidationError(_("使う時間を選んでください。"), code="time")
        return period


class UseForm(PlainForm):
    """What the room is for and how many come."""

    purpose = OneLineField(
        label=gettext_lazy("何に使いますか"),
        help_text=gettext_lazy("例：体操の会、町内会の集まり"),
        max_length=200,
        error_messages={"required": gettext_lazy("何に使うかを書いてください。")},
    )
    headcount = WholeNumberField(
        label=gettext_lazy("何人で使いますか"),
        min_value=1,
        max_value=100_000,
        error_messages={
            "required": gettext_lazy("人数を書いてください。"),
            "invalid": gettext_lazy("人数は、数字で書いてください。"),
            "min_value": gettext_lazy("人数は、1人からです。"),
            "max_value": gettext_lazy("人数が多すぎます。"),
        },
    )

    def __init__(self, *args: Any, capacity: int | None = None, **kwargs: Any) -> None:
        """``capacity``: how many the room holds; more are refused here already."""
        super().__init__(*args, **kwargs)
        self.capacity = capacity
        if capacity:
            self.fields["headcount"].help_text = _("この部屋は{capacity}人までです。").format(
                capacity=capacity
            )

    def clean_headcount(self) -> int:
        """Return the number of people. Raises ValidationError beyond the room's capacity."""
        headcount: int = self.cleaned_data["headcount"]
        if self.capacity and headcount > self.capacity:
            raise forms.ValidationError(
                _("この部屋は{capacity}人までです。人数を直すか、大きい部屋を選んでください。").format(
                    capacity=self.capacity
                ),
                code="too_many_people",
            )
        return headcount


class PersonForm(PlainForm):
    """Who the resident is and in which language mails come."""

    name = OneLineField(
        label=gettext_lazy("お名前"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    name_kana = OneLineField(
        label=gettext_lazy("ふりがな"),
        help_text=gettext_lazy("ひらがなでもカタカナでもかまいません。"),
        max_length=100,
    )
    phone = PhoneField(
        label=gettext_lazy("電話番号"),
        help_text=gettext_lazy("急な休館のときなどに、お知らせします。例：042-558-1111"),
        max_length=30,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("メールのことば"),
        choices=[("ja", "日本語"), ("en", "English")],
        widget=forms.RadioSelect,
        initial="ja",
    )
