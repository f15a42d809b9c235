"""The rules document: read it, look a new one over, publish it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from facilities.errors import RulesNotFound
from facilities.periods import local
from facilities.queries import rule_books, rule_version, rule_versions
from facilities.reviewing import Review, current_number, review_rules
from facilities.services import publish_rules
from frontend.access import StaffRequest, console_page
from frontend.console.forms import RulesForm
from frontend.middleware import log_refusal
from tenants.context import current_zone
from tenants.errors import Refusal


@console_page
@require_safe
def books(request: StaffRequest) -> HttpResponse:
    """List the rule books and their versions, and say which one is in effect today."""
    today = local(clock_now(), current_zone())[0]
    rows = []
    for book in rule_books():
        versions = rule_versions(book.pk)
        current = current_number([(one.number, one.effective_from) for one in versions], today)
        rows.append({"book": book, "versions": versions, "current": current})
    return render(request, "console/rules.html", {"rows": rows, "today": today})


@console_page
@require_safe
def version(request: StaffRequest, book_id: int, number: int) -> HttpResponse:
    """Show a version: its facts, its worked cases, and its text with line numbers."""
    row = rule_version(book_id, number)
    review = review_rules(rule_book_id=None, text=row.text)
    facts = {"version": row, "review": review, "lines": row.text.splitlines()}
    return render(request, "console/version.html", facts)


@console_page
@require_safe
def version_text(request: StaffRequest, book_id: int, number: int) -> HttpResponse:
    """The text of a version as a file."""
    row = rule_version(book_id, number)
    headers = {"Content-Disposition": f'attachment; filename="{row.rule_book.key}-{row.number}.yaml"'}
    return HttpResponse(row.text, content_type="application/yaml; charset=utf-8", headers=headers)


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: StaffRequest, book_id: int) -> HttpResponse:
    """Look a document over (mistakes, cases, facts), and publish it when it is without fault."""
    book = next((one for one in rule_books() if one.pk == book_id), None)
    if book is None:
        raise RulesNotFound
    form = RulesForm(request.POST or None, request.FILES or None, initial={"text": _latest(book_id)})
    facts: dict[str, Any] = {"book": book, "form": form}
    if request.method == "POST" and form.is_valid():
        review = review_rules(rule_book_id=book_id, text=form.cleaned_data["text"])
        if request.POST.get("step") == "publish" and review.publishable:
            return _publish(request, book_id, form, {**facts, "review": review})
        return _looked_over(request, form, {**facts, "review": review})
    return render(request, "console/publish.html", facts, status=422 if form.errors else 200)


def _publish(request: StaffRequest, book_id: int, form: RulesForm, facts: dict[str, Any]) -> HttpResponse:
    try:
        row = publish_rules(
            rule_book_id=book_id,
            text=form.cleaned_data["text"],
            effective_from=form.cleaned_data["effective_from"],
            staff_id=request.staff.id,
            now=clock_now(),
        )
    except Refusal as refusal:
        log_refusal(refusal)
        return _looked_over(request, form, {**facts, "problem": refusal})
    messages.success(request, _("規則の新しい版を公開しました。"))
    return redirect("console:version", book_id=book_id, number=row.number)


def _looked_over(request: StaffRequest, form: RulesForm, facts: dict[str, Any]) -> HttpResponse:
    """The same page with what was found; the text of an uploaded file now stands in the field."""
    review: Review = facts["review"]
    text: str = form.cleaned_data["text"]
    lines = text.splitlines()
    wrong = [
        {"problem": one, "line": lines[one.line - 1] if one.line <= len(lines) else ""}
        for one in review.problems
    ]
    again = RulesForm(initial={"text": text, "effective_from": form.cleaned_data["effective_from"]})
    status = 200 if review.publishable and "problem" not in facts else 422
    return render(request, "console/publish.html", {**facts, "form": again, "wrong": wrong}, status=status)


def _latest(book_id: int) -> str:
    versions = rule_versions(book_id)
    return versions[0].text if versions else ""
