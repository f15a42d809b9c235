"""Registration: what we need to know of a resident, and nothing more."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import register_resident


class ResidentSignupForm(forms.Form):
    """The fields allauth's sign-up asks for beside mail address and password."""

    name = forms.CharField(label=_("お名前"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    name_kana = forms.CharField(label=_("ふりがな"), max_length=100)
    phone = forms.CharField(
        label=_("電話番号"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"})
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Create the resident of a new log-in (called by allauth)."""
        register_resident(
            user_id=user.pk,
            name=self.cleaned_data["name"],
            name_kana=self.cleaned_data["name_kana"],
            phone=self.cleaned_data["phone"],
            email=user.email,
        )
