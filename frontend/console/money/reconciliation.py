"""Our ledger against the provider's books: the days, what differs and why, and a person's explanation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from frontend.access import StaffRequest, console_page
from payments.online.errors import ExplanationNeeded
from payments.online.reconciled import compared_day, compared_days, differences, lines_of
from payments.online.reconciling import RECONCILE_JOB, explain
from tenants.jobs import enqueue

_PAGE = 31


@console_page
@require_safe
def overview(request: StaffRequest) -> HttpResponse:
    """Show what differs and why, and the days that were compared."""
    return render(request, "console/money/reconciliation.html", _overview(request))


@console_page
@require_safe
def day(request: StaffRequest, reconciliation_id: int) -> HttpResponse:
    """Show every line of the provider's books for a day, with what it is of in ours."""
    found = compared_day(reconciliation_id)
    context = {"day": found, "lines": lines_of(found.figures)}
    return render(request, "console/money/reconciliation_day.html", context)


@console_page
@require_POST
def again(request: StaffRequest, reconciliation_id: int) -> HttpResponse:
    """Let the worker compare a day again."""
    figures = compared_day(reconciliation_id).figures
    enqueue(RECONCILE_JOB, account=figures.account, day=figures.day.isoformat())
    messages.success(request, gettext("もう一度照合します。少し待ってから、このページを開き直してください。"))
    return redirect("console:reconciliation_day", reconciliation_id)


@console_page
@require_POST
def explain_difference(request: StaffRequest, difference_id: int) -> HttpResponse:
    """Close a difference with the reason somebody wrote; without one, ask for it."""
    try:
        explain(
            difference_id=difference_id,
            explanation=request.POST.get("explanation", ""),
            staff_id=request.staff.id,
            now=clock_now(),
        )
    except ExplanationNeeded as refusal:
        context = {**_overview(request), "asked": difference_id, "refusal": refusal}
        return render(request, "console/money/reconciliation.html", context, status=refusal.status)
    messages.success(request, gettext("理由を書いて、閉じました。"))
    return redirect("console:reconciliation")


def _overview(request: StaffRequest) -> dict[str, Any]:
    before = _day(request.GET.get("before", ""))
    found = compared_days(before=before, limit=_PAGE + 1)
    shown = found[:_PAGE]
    return {
        "differing": differences(),
        "settled": differences(closed=True, limit=20),
        "days": shown,
        "older": shown[-1].figures.day.isoformat() if len(found) > _PAGE else "",
        "later_page": before is not None,
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
