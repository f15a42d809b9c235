"""The texts of notices: which there are, changing one with a preview, going back to the shipped one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.notices.errors import TextMissing, UnknownWords
from accounts.notices.kinds import KINDS, Kind
from accounts.notices.placeholders import PLACEHOLDERS
from accounts.notices.wording import (
    LANGUAGES,
    kind_or_refuse,
    own_texts,
    preview,
    reset_text,
    text_history,
    text_of,
    write_text,
)
from frontend.access import StaffRequest, console_page
from frontend.forms import PlainForm
from frontend.middleware import log_refusal


class TextForm(PlainForm):
    """Subject and body of one text."""

    subject = forms.CharField(max_length=200)
    body = forms.CharField(max_length=5000, widget=forms.Textarea(attrs={"rows": 24}))

    def __init__(self, *args: Any, kind: Kind, language: str, **kwargs: Any) -> None:
        """Know what the text may speak of."""
        super().__init__(*args, **kwargs)
        self.kind, self.language = kind, language
        self.fields["subject"].label, self.fields["body"].label = _("件名"), _("本文")
        self.shown: tuple[str, str] | None = None
        self._plain_words()

    def clean(self) -> dict[str, Any]:
        """Read it as it would be sent, with made-up values."""
        given = super().clean() or {}
        if given.get("subject") and given.get("body"):
            try:
                self.shown = preview(kind=self.kind.key, language=self.language, **given)
            except UnknownWords as refusal:
                log_refusal(refusal)
                self._name(refusal.facts["words"], given)
            except TextMissing as refusal:
                self.add_error("body", _(refusal.message))
        return given

    def _name(self, words: list[str], given: dict[str, Any]) -> None:
        for field in ("subject", "body"):
            wrong = [word for word in words if word in given[field]]
            if wrong:
                sentence = _("{words}は、使えません。下の「使える言葉」から選んでください。")
                self.add_error(field, sentence.format(words=_("、").join(wrong)))


@console_page
@require_safe
def kinds(request: StaffRequest) -> HttpResponse:
    """List all kinds with their texts, and the ways to the rest."""
    own = own_texts()
    rows = [
        (kind, [(language, (kind.key, language) in own) for language in LANGUAGES]) for kind in KINDS.values()
    ]
    return render(request, "console/notices/kinds.html", {"rows": rows})


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: StaffRequest, kind: str, language: str) -> HttpResponse:
    """Change a text: first a preview, then save."""
    found, now_in_force = kind_or_refuse(kind, language), text_of(kind, language)
    initial = {"subject": now_in_force.subject, "body": now_in_force.body}
    form = TextForm(
        request.POST if request.method == "POST" else None, initial=initial, kind=found, language=language
    )
    if form.is_valid() and "save" in request.POST:
        given, staff_id = form.cleaned_data, request.staff.id
        write_text(kind=kind, language=language, **given, staff_id=staff_id, now=clock_now())
        messages.success(request, _("文を保存しました。つぎに送るお知らせから、この文になります。"))
        return redirect("console:notice_text", kind, language)
    facts = {"form": form, "kind": found, "language": language, "own": now_in_force.own}
    facts |= {"words": _words(found, language), "history": text_history(kind, language)}
    return render(request, "console/notices/text.html", facts, status=422 if form.errors else 200)


@console_page
@require_POST
def reset(request: StaffRequest, kind: str, language: str) -> HttpResponse:
    """Go back to the shipped text."""
    reset_text(kind=kind, language=language, staff_id=request.staff.id, now=clock_now())
    messages.success(request, _("はじめの文に戻しました。"))
    return redirect("console:notice_text", kind, language)


def _words(kind: Kind, language: str) -> list[tuple[str, str]]:
    """What the text may speak of, each with a sample, as one writes it in this language."""
    found = [PLACEHOLDERS[key] for key in kind.placeholders]
    if language == "en":
        return [("{" + one.key + "}", one.sample_en) for one in found]
    return [("{" + one.name + "}", one.sample) for one in found]
