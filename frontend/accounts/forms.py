"""Registration: what we need to know of a resident, and nothing more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import register_resident
from facilities.periods import local
from frontend.classes import ClassesOfResident
from frontend.forms import PhoneField, PlainForm
from frontend.resident.forms import OneLineField
from tenants.context import current_zone


class ResidentSignupForm(PlainForm):
    """The fields allauth's sign-up asks for beside mail address and password."""

    name = OneLineField(
        label=_("お名前"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    name_kana = OneLineField(
        label=_("ふりがな"), help_text=_("ひらがなでもカタカナでもかまいません。"), max_length=100
    )
    phone = PhoneField(label=_("電話番号"), help_text=_("例：042-558-1111"), max_length=30)

    field_order = ["name", "name_kana", "phone", "applicant_class", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for the applicant class where the rules know more than one to say."""
        super().__init__(*args, **kwargs)
        classes = ClassesOfResident.of(None, local(timezone.now(), current_zone())[0])
        if classes.to_say:
            self.fields["applicant_class"] = classes.field()

    def signup(self, request: HttpRequest, user: User) -> None:
        """Create the resident of a new log-in (called by allauth)."""
        register_resident(
            user_id=user.pk,
            name=self.cleaned_data["name"],
            name_kana=self.cleaned_data["name_kana"],
            phone=self.cleaned_data["phone"],
            email=user.email,
            applicant_class=self.cleaned_data.get("applicant_class", ""),
            language=(get_language() or "ja")[:2],
        )
