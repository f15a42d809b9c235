"""What is asked for a trial: which document, and the reservations of which days."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.console.forms import Choices, DocumentForm
from frontend.desk.forms import offer

FILE = "file"


class TrialForm(DocumentForm):
    """The draft, a published version or a file, and the days of use."""

    document = forms.ChoiceField(label=_("試す規則"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("規則の文書（ファイル）"),
        help_text=_("「ファイルを選ぶ」のときだけ。YAML の文書（UTF-8 か Shift_JIS）"),
        required=False,
        allow_empty_file=True,
    )
    first = forms.DateField(
        label=_("使った日（から）"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("この日付は、ありません。")},
    )
    last = forms.DateField(
        label=_("使った日（まで）"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("この日付は、ありません。")},
    )
    field_order = ["document", "file", "first", "last"]

    def __init__(self, *args: Any, documents: Choices, **kwargs: Any) -> None:
        """``documents``: (key, words) of the draft and the versions; a file can always be chosen."""
        super().__init__(*args, **kwargs)
        del self.fields["text"]
        offer(self, "document", [*documents, (FILE, _("ファイルを選ぶ"))])

    def clean(self) -> dict[str, Any]:
        """Read the file where one is to be tried; line ends become those of the document format."""
        cleaned = super(DocumentForm, self).clean() or {}
        if cleaned.get("document") == FILE:
            upload = cleaned.get("file")
            text = self._read(upload) if upload else ""
            if not text.strip() and "file" not in self.errors:
                self.add_error("file", _("ファイルを選んでください。"))
            cleaned["text"] = text.replace("\r\n", "\n").replace("\r", "\n")
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            self.add_error("last", _("終わりの日は、始まりの日より後にしてください。"))
        return cleaned
