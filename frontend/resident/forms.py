"""What residents type: the time they want, what for and how many, and who they are."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Resident
from frontend.classes import ClassesOfResident
from frontend.forms import PhoneField, PlainForm
from frontend.resident.choices import ChosenTime, read_chosen

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
    """The time chosen on a room's page, as ``13:00-17:00``, or made longer: ``13:00-17:00+30``."""

    time = forms.CharField(label=gettext_lazy("時間"), max_length=20)

    def clean_time(self) -> ChosenTime:
        """Return the time in minutes of the day."""
        chosen = read_chosen(self.cleaned_data["time"])
        if chosen is None:
            raise forms.ValidationError(_("使う時間を選んでください。"), code="time")
        return chosen


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

    def __init__(self, data: Any = None, *, resident: Resident | None, classes: ClassesOfResident) -> None:
        """``classes``: those the rules let this resident say of themselves."""
        known = ("name", "name_kana", "phone", "language", "applicant_class")
        super().__init__(data, initial={key: getattr(resident, key) for key in known} if resident else None)
        if classes.to_say:
            self.fields["applicant_class"] = classes.field()


class AppealForm(PlainForm):
    """Why an offence should not count, in the resident's own words."""

    text = forms.CharField(
        label=gettext_lazy("まちがいだと思うわけ"),
        help_text=gettext_lazy("その日のことを、書いてください。"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=4000,
    )

    def clean_text(self) -> str:
        """Return the text in NFC. Raises ValidationError for characters no text has."""
        text = unicodedata.normalize("NFC", self.cleaned_data["text"]).strip()
        if _CONTROL.search(text):
            raise forms.ValidationError(_("使えない文字が入っています。"), code="control")
        return text
