"""What the joint operator types to let a municipality join."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.console.forms import DocumentForm
from frontend.forms import PlainForm


class MunicipalityForm(DocumentForm):
    """Code, name, host and rules. What is wrong with code and host is said by the service, in its own words."""

    lg_code = forms.CharField(
        label=_("全国地方公共団体コード"),
        help_text=_("数字6けた。例：132284（あきる野市）"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    name = forms.CharField(label=_("名前"), help_text=_("例：あきる野市"), max_length=200, required=False)
    name_en = forms.CharField(
        label=_("英語の名前"), help_text=_("例：Akiruno City"), max_length=200, required=False
    )
    host = forms.CharField(
        label=_("ホスト名"),
        help_text=_("利用者が開くアドレス。例：akiruno.example.jp"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "inputmode": "url"}),
    )
    field_order = ["lg_code", "name", "name_en", "host", "file", "text"]

    def refuse(self, errors: dict[str, Any]) -> None:
        """Put the service's sentences at their fields."""
        for name, sentence in errors.items():
            self.add_error(name if name in self.fields else None, sentence)


class AdminForm(PlainForm):
    """Somebody to become a municipality admin."""

    name = forms.CharField(label=_("名前"), max_length=100)
    email = forms.EmailField(
        label=_("メールアドレス"),
        help_text=_("このアドレスに、招待のメールを送ります。"),
        max_length=254,
        error_messages={
            "invalid": _("メールアドレスの形が正しくありません。例：yamada@example.jp"),
        },
    )
