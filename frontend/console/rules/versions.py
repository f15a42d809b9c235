"""Published versions: listed, read, taken back before their first day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from booking.kept_prices import count_made_under
from facilities.drafting import draft_of, withdraw_rules
from facilities.models import RuleVersion
from facilities.periods import local
from facilities.queries import published_versions, rule_books, rule_version
from facilities.registering import unregistered
from facilities.reviewing import current_number, review_rules
from frontend.access import StaffRequest, console_page
from frontend.middleware import log_refusal
from tenants.context import current_zone
from tenants.errors import Refusal


@console_page
@require_safe
def books(request: StaffRequest) -> HttpResponse:
    """List the rule books, their versions and drafts, and say which version is in effect today."""
    today = local(clock_now(), current_zone())[0]
    rows = [
        {
            "book": book,
            "draft": draft_of(book.pk),
            "versions": [
                {"row": one, "state": state}
                for one, state in _with_states(published_versions(book.pk), today)
            ],
        }
        for book in rule_books()
    ]
    return render(request, "console/rules/books.html", {"rows": rows})


@console_page
@require_safe
def version(request: StaffRequest, book_id: int, number: int) -> HttpResponse:
    """Show a version: its rules in words, its worked cases, and its text with line numbers."""
    row = rule_version(book_id, number)
    review = review_rules(rule_book_id=None, text=row.text)
    facts = {"version": row, "review": review, "lines": row.text.splitlines(), "state": _state(row)}
    if review.document and facts["state"] in ("current", "upcoming"):
        facts["unregistered"] = unregistered(clock_now(), (book_id, review.document))
    return render(request, "console/rules/version.html", facts)


@console_page
@require_safe
def version_text(request: StaffRequest, book_id: int, number: int) -> HttpResponse:
    """The text of a version as a file."""
    row = rule_version(book_id, number)
    headers = {"Content-Disposition": f'attachment; filename="{row.rule_book.key}-{row.number}.yaml"'}
    return HttpResponse(row.text, content_type="application/yaml; charset=utf-8", headers=headers)


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: StaffRequest, book_id: int, number: int) -> HttpResponse:
    """Ask whether a version is to be taken back before its first day, and take it back."""
    row = rule_version(book_id, number)
    problem: Refusal | None = None
    if request.method == "POST":
        try:
            withdraw_rules(version_id=row.pk, staff_id=request.staff.id, now=clock_now())
            messages.success(request, _("この版を取りやめました。前の版が、続きます。"))
            return redirect("console:rules")
        except Refusal as refusal:
            log_refusal(refusal)
            problem = refusal
    kept = count_made_under(rule_version_id=row.pk)
    facts = {"version": row, "kept": kept, "problem": problem, "state": _state(row)}
    return render(request, "console/rules/withdraw.html", facts, status=problem.status if problem else 200)


def _state(row: RuleVersion) -> str:
    today = local(clock_now(), current_zone())[0]
    return dict(_with_states(published_versions(row.rule_book_id), today))[row]


def _with_states(versions: Sequence[RuleVersion], today: date) -> list[tuple[RuleVersion, str]]:
    """Each version with what it is today: withdrawn, upcoming, current or past."""
    standing = [(one.number, one.effective_from) for one in versions if one.withdrawn_at is None]
    current = current_number(standing, today)
    found = []
    for one in versions:
        if one.withdrawn_at is not None:
            state = "withdrawn"
        elif one.number == current:
            state = "current"
        else:
            state = "upcoming" if one.effective_from > today else "past"
        found.append((one, state))
    return found
