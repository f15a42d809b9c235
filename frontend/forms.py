"""What all our forms do: errors name the field in plain words, and full-width digits are digits."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext as _


class PlainForm(forms.Form):
    """A form whose errors say what to do: 「お名前を書いてください。」, not 「この項目は必須です」."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give every required field a sentence of its own."""
        super().__init__(*args, **kwargs)
        self._plain_words()

    def _plain_words(self) -> None:
        for field in self.fields.values():
            chosen = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
            words = _("{label}を選んでください。") if chosen else _("{label}を書いてください。")
            default = forms.Field.default_error_messages["required"]
            if field.error_messages["required"] == default:
                field.error_messages["required"] = words.format(label=field.label)


class WholeNumberField(forms.IntegerField):
    """A whole number typed in a text box: １２, 12人 and 1,200 are numbers too."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:
        """Return the number, whatever width its digits have."""
        text = unicodedata.normalize("NFKC", str(value or "")).replace(",", "").strip()
        return super().to_python(text.rstrip("人名円").strip())


class PhoneField(forms.CharField):
    """A telephone number, kept as digits with hyphens: ０４２ー５５８－１１１１ becomes 042-558-1111."""

    widget = forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"})

    def to_python(self, value: Any) -> str:
        """Return the number in ASCII. Raises ValidationError when it is no telephone number."""
        text = unicodedata.normalize("NFKC", str(value or "")).strip()
        text = "".join("-" if sign in "-‐‑‒–—―−ーｰ─" else sign for sign in text)
        text = "".join(text.split())
        if not text:
            return ""
        digits = [sign for sign in text if sign.isascii() and sign.isdigit()]
        if not 9 <= len(digits) <= 15 or set(text) - set("0123456789-+()"):
            raise forms.ValidationError(_("電話番号は、数字で書いてください。例：042-558-1111"), code="phone")
        return text
