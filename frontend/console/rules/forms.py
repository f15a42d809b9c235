"""The draft as a text, and the day from which it holds."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.console.forms import DocumentForm
from frontend.forms import PlainForm


class DraftForm(DocumentForm):
    """The draft as a text, or a file that takes its place."""

    file = forms.FileField(
        label=_("ファイルで入れかえる"),
        help_text=_("YAML の文書（UTF-8 か Shift_JIS）。選ぶと、上の文書のかわりになります。"),
        required=False,
        allow_empty_file=True,
    )
    text = forms.CharField(
        label=_("文書"),
        required=False,
        strip=False,
        max_length=1_000_000,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "wrap": "off"}),
    )


class EffectiveForm(PlainForm):
    """From which day of use on a new version holds."""

    effective_from = forms.DateField(
        label=_("いつの利用から使うか"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("この日付は、ありません。")},
    )
