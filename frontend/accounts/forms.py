"""Registration: what we need to know of a resident, and nothing more."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import register_resident
from frontend.forms import PhoneField, PlainForm
from frontend.resident.forms import OneLineField


class ResidentSignupForm(PlainForm):
    """The fields allauth's sign-up asks for beside mail address and password."""

    name = OneLineField(
        label=_("お名前"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    name_kana = OneLineField(
        label=_("ふりがな"), help_text=_("ひらがなでもカタカナでもかまいません。"), max_length=100
    )
    phone = PhoneField(label=_("電話番号"), help_text=_("例：042-558-1111"), max_length=30)

    field_order = ["name", "name_kana", "phone", "email", "password1"]

    def signup(self, request: HttpRequest, user: User) -> None:
        """Create the resident of a new log-in (called by allauth)."""
        register_resident(
            user_id=user.pk,
            name=self.cleaned_data["name"],
            name_kana=self.cleaned_data["name_kana"],
            phone=self.cleaned_data["phone"],
            email=user.email,
            language=(get_language() or "ja")[:2],
        )
