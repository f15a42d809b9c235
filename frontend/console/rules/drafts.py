"""The draft of the next version: begun, read in words with links to change it, written as text, thrown away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from facilities.drafting import begin_draft, draft_of, drop_draft, the_draft
from facilities.models import RuleDraft
from facilities.ordinance import InvalidDocument, parse
from facilities.ordinance.telling import tell
from facilities.ordinance.telling.labels import label
from facilities.ordinance.telling.naming import names_of
from facilities.queries import rule_book, rule_versions
from frontend.access import StaffRequest, console_page
from frontend.console.rules.blanks import said
from frontend.console.rules.forms import DraftForm
from frontend.console.rules.new_sets import chapters_of
from frontend.console.rules.places import Draft, EditLinks, address, draft_page, keep, seen_at
from frontend.middleware import log_refusal
from tenants.errors import Refusal

_OFTEN = (
    ("calendars", "hours"),
    ("calendars", "closures"),
    ("applications", "windows"),
    ("applications", "limits"),
    ("cancellations",),
    ("cancellations", "refunds"),
    ("exemptions",),
    ("adjustments",),
)


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: StaffRequest, book_id: int) -> HttpResponse:
    """Choose the version to begin with, and begin the draft."""
    book = rule_book(book_id)
    if draft_of(book_id) is not None:
        return redirect("console:draft", book_id=book_id)
    versions = rule_versions(book_id)
    if request.method == "POST":
        chosen = next((one for one in versions if str(one.number) == request.POST.get("number")), None)
        begin_draft(
            rule_book_id=book_id,
            staff_id=request.staff.id,
            now=clock_now(),
            version_id=chosen.pk if chosen else None,
        )
        return redirect("console:draft" if versions else "console:draft_text", book_id=book_id)
    return render(request, "console/rules/begin.html", {"book": book, "versions": versions})


@draft_page
@require_safe
def draft(request: StaffRequest, draft: Draft) -> HttpResponse:
    """The draft in words, with a link to change beside everything."""
    facts = {
        "draft": draft,
        "chapters": tell(draft.document),
        "edit_urls": EditLinks(draft.book_id),
        "halls": list(enumerate(draft.document.facilities)),
        "shortcuts": _shortcuts(draft),
        "sets": chapters_of(draft),
    }
    return render(request, "console/rules/draft.html", facts)


def _shortcuts(draft: Draft) -> list[dict[str, str]]:
    """What is changed often, with the halls it is for."""
    names = names_of(draft.document)
    found = []
    for chapter, *field in _OFTEN:
        for key in draft.plain.get(chapter, {}):
            what = said(label(field[0] if field else chapter))
            words = f"{said(names.used_by(chapter, key)) or key} {what}"
            found.append({"words": words, "url": address(draft.book_id, (chapter, key, *field))})
    return found


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: StaffRequest, book_id: int) -> HttpResponse:
    """Change the draft as a text, or replace it by a file; it is kept with its mistakes, and they are shown."""
    row = the_draft(book_id)
    form = DraftForm(request.POST or None, request.FILES or None, initial={"text": row.text})
    if request.method == "POST" and form.is_valid():
        try:
            keep(request, book_id, form.cleaned_data["text"])
        except Refusal as refusal:
            log_refusal(refusal)
            return _text_page(request, the_draft(book_id), form, problem=refusal)
        if not mistakes_of(form.cleaned_data["text"]):
            messages.success(request, _("下書きを保存しました。まちがいは、ありません。"))
            return redirect("console:draft", book_id=book_id)
        messages.warning(request, _("下書きを保存しました。まちがいを直すまで、公開はできません。"))
        return redirect("console:draft_text", book_id=book_id)
    return _text_page(request, row, form)


@console_page
@require_safe
def download(request: StaffRequest, book_id: int) -> HttpResponse:
    """The draft as a file."""
    row = the_draft(book_id)
    headers = {"Content-Disposition": f'attachment; filename="{row.rule_book.key}-draft.yaml"'}
    return HttpResponse(row.text, content_type="application/yaml; charset=utf-8", headers=headers)


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: StaffRequest, book_id: int) -> HttpResponse:
    """Ask whether the draft is to be thrown away, and do it."""
    row = the_draft(book_id)
    problem: Refusal | None = None
    if request.method == "POST":
        try:
            drop_draft(rule_book_id=book_id, expected_changed_at=seen_at(request))
            messages.success(request, _thrown_away(book_id))
            return redirect("console:rules")
        except Refusal as refusal:
            log_refusal(refusal)
            problem, row = refusal, the_draft(book_id)
    facts = {"row": row, "seen": row.changed_at.isoformat(), "problem": problem}
    return render(request, "console/rules/drop.html", facts, status=problem.status if problem else 200)


def _thrown_away(book_id: int) -> str:
    published = bool(rule_versions(book_id))
    return _("下書きを捨てました。公開した版は、そのままです。") if published else _("下書きを捨てました。")


def _text_page(
    request: StaffRequest, row: RuleDraft, form: DraftForm, problem: Refusal | None = None
) -> HttpResponse:
    wrong = mistakes_of(row.text) if not form.is_bound else []
    facts = {"row": row, "form": form, "wrong": wrong, "problem": problem, "lines": row.text.split("\n")}
    facts["seen"] = row.changed_at.isoformat()
    return render(request, "console/rules/text.html", facts, status=422 if form.errors or problem else 200)


def mistakes_of(text: str) -> list[dict[str, Any]]:
    """The mistakes of a text, each with its line."""
    try:
        parse(text)
    except InvalidDocument as error:
        lines = text.splitlines()
        return [
            {"problem": one, "line": lines[one.line - 1] if one.line <= len(lines) else ""}
            for one in error.problems
        ]
    return []
