"""Before a draft becomes a version: what changed, its worked cases, what it touches; and from which day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.kept_prices import count_made_from
from booking.repricing import Result
from booking.trials import last_trial_of
from facilities.drafting import publish_draft
from facilities.models import RuleDraft
from facilities.ordinance import InvalidDocument, Ordinance, parse
from facilities.ordinance.telling import compare
from facilities.periods import local
from facilities.queries import rule_versions
from facilities.reviewing import Review, review_rules
from frontend.access import StaffRequest
from frontend.console.rules.forms import EffectiveForm
from frontend.console.rules.places import Draft, draft_page, seen_at
from frontend.middleware import log_refusal
from tenants.context import current_zone
from tenants.errors import Refusal


@draft_page
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: StaffRequest, draft: Draft) -> HttpResponse:
    """Show everything one needs to know before publishing; publish when told to."""
    today = local(clock_now(), current_zone())[0]
    form = EffectiveForm(request.POST or None, initial={"effective_from": _proposed(draft, today)})
    problem: Refusal | None = None
    if request.method == "POST" and form.is_valid() and request.POST.get("step") == "publish":
        try:
            return _publish(request, draft, form.cleaned_data["effective_from"])
        except Refusal as refusal:
            log_refusal(refusal)
            problem = refusal
    facts = {**_facts(draft, form, today), "problem": problem}
    return render(request, "console/rules/check.html", facts, status=422 if form.errors or problem else 200)


def _publish(request: StaffRequest, draft: Draft, day: date) -> HttpResponse:
    row = publish_draft(
        rule_book_id=draft.book_id,
        expected_changed_at=seen_at(request),
        effective_from=day,
        staff_id=request.staff.id,
        now=clock_now(),
    )
    messages.success(request, _("規則の新しい版を公開しました。"))
    return redirect("console:version", book_id=draft.book_id, number=row.number)


def _facts(draft: Draft, form: EffectiveForm, today: date) -> dict[str, Any]:
    review: Review = review_rules(rule_book_id=draft.book_id, text=draft.row.text)
    day = form.cleaned_data.get("effective_from") if form.is_bound and form.is_valid() else None
    day = day or form.initial["effective_from"]
    versions = rule_versions(draft.book_id)
    old = _old_document(draft.row)
    return {
        "draft": draft,
        "form": form,
        "review": review,
        "day": day,
        "differences": compare(old, draft.document) if old else (),
        "old": draft.row.based_on,
        "kept": count_made_from(rule_book_id=draft.book_id, day=day),
        "later": [one for one in versions if one.effective_from > day],
        "at_once": day == today,
        "tried": _tried(draft),
    }


def _proposed(draft: Draft, today: date) -> date:
    """The day the document says, where it is still to come; else the first day of the month after the next."""
    if draft.document.effective_from > today:
        return draft.document.effective_from
    next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return (next_month + timedelta(days=32)).replace(day=1)


def _old_document(row: RuleDraft) -> Ordinance | None:
    try:
        return parse(row.based_on.text) if row.based_on else None
    except InvalidDocument:
        return None


def _tried(draft: Draft) -> dict[str, Any] | None:
    """What the last trial found, and whether it was one of this very text."""
    found = last_trial_of(rule_book_id=draft.book_id, text=draft.row.text)
    if found is None:
        return None
    trial, same_text = found
    return {"trial": trial, "same_text": same_text, "total": Result(trial.result or {}).total}
