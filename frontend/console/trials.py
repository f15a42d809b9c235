"""Trying rules on last year's reservations: ask, wait, read; and the same as a CSV file."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from booking.models import RuleTrial
from booking.repricing import Result
from booking.trials import begin_trial, last_twelve_months, trial_of, trials_of
from facilities.drafting import draft_of
from facilities.errors import DraftNotFound, RulesNotFound
from facilities.periods import local
from facilities.queries import rule_book, rule_version, rule_versions
from frontend.access import StaffRequest, console_page
from frontend.console.forms import Choices
from frontend.console.trial_csv import trial_lines
from frontend.console.trial_form import FILE, TrialForm
from frontend.console.trial_pages import facts_of
from frontend.middleware import log_refusal
from frontend.templatetags.machinoma import day
from tenants.context import current_zone
from tenants.errors import Refusal

DRAFT, VERSION = "draft", "version-"


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def trials(request: StaffRequest, book_id: int) -> HttpResponse:
    """Ask which document is to be tried on the reservations of which days; begin; list what was tried."""
    book, form = rule_book(book_id), _form(request, book_id)
    problem: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("console:trial", book_id=book_id, trial_id=_begin(request, book_id, form).pk)
        except Refusal as refusal:
            log_refusal(refusal)
            problem = refusal
    facts = {"book": book, "form": form, "problem": problem, "trials": trials_of(book_id)}
    status = 422 if form.errors or problem else 200
    return render(request, "console/trials.html", {**facts, "wrong": _wrong(problem)}, status=status)


@console_page
@require_safe
def trial(request: StaffRequest, book_id: int, trial_id: int) -> HttpResponse:
    """Show how far a trial is, or what it found. While it runs the page looks again by itself."""
    row = trial_of(rule_book_id=book_id, trial_id=trial_id)
    if row.state in (RuleTrial.State.WAITING, RuleTrial.State.RUNNING):
        return render(request, "console/trial_waiting.html", {"trial": row, "book": row.rule_book})
    if request.htmx:
        return HttpResponseClientRefresh()
    if row.state == RuleTrial.State.FAILED:
        return render(request, "console/trial_failed.html", {"trial": row, "book": row.rule_book})
    facts = facts_of(Result(row.result or {}))
    return render(request, "console/trial.html", {**facts, "trial": row, "book": row.rule_book})


@console_page
@require_POST
def again(request: StaffRequest, book_id: int, trial_id: int) -> HttpResponse:
    """Try the same document on the same days once more."""
    old = trial_of(rule_book_id=book_id, trial_id=trial_id)
    new = begin_trial(
        rule_book_id=book_id,
        text=old.text,
        first=old.first,
        last=old.last,
        staff_id=request.staff.id,
        now=clock_now(),
    )
    return redirect("console:trial", book_id=book_id, trial_id=new.pk)


@console_page
@require_safe
def download(request: StaffRequest, book_id: int, trial_id: int) -> HttpResponse:
    """Send the finest sums as CSV for spreadsheets (UTF-8 with BOM): class, hall, room and month in one row each."""
    row = trial_of(rule_book_id=book_id, trial_id=trial_id)
    if row.state != RuleTrial.State.DONE:
        return redirect("console:trial", book_id=book_id, trial_id=trial_id)
    name = f"shisan-{trial_id}-{row.first:%Y%m%d}-{row.last:%Y%m%d}.csv"
    return HttpResponse(
        "".join(trial_lines(Result(row.result or {}))),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _form(request: StaffRequest, book_id: int) -> TrialForm:
    documents = _documents(book_id)
    first, last = last_twelve_months(local(clock_now(), current_zone())[0])
    initial = {"document": documents[0][0] if documents else FILE, "first": first, "last": last}
    return TrialForm(request.POST or None, request.FILES or None, documents=documents, initial=initial)


def _documents(book_id: int) -> Choices:
    found = []
    if draft_of(book_id) is not None:
        found.append((DRAFT, _("下書き")))
    words = _("第%(number)d版（%(day)sの利用から）")
    for one in rule_versions(book_id):
        found.append(
            (f"{VERSION}{one.number}", words % {"number": one.number, "day": day(one.effective_from)})
        )
    return found


def _begin(request: StaffRequest, book_id: int, form: TrialForm) -> RuleTrial:
    return begin_trial(
        rule_book_id=book_id,
        text=_text(book_id, form),
        first=form.cleaned_data["first"],
        last=form.cleaned_data["last"],
        staff_id=request.staff.id,
        now=clock_now(),
    )


def _text(book_id: int, form: TrialForm) -> str:
    chosen: str = form.cleaned_data["document"]
    if chosen == FILE:
        return str(form.cleaned_data["text"])
    if chosen == DRAFT:
        draft = draft_of(book_id)
        if draft is None:
            raise DraftNotFound
        return draft.text
    number = chosen.removeprefix(VERSION)
    if not number.isdecimal():
        raise RulesNotFound
    return rule_version(book_id, int(number)).text


def _wrong(problem: Refusal | None) -> list[dict[str, object]]:
    problems = problem.facts.get("problems", ()) if problem else ()
    return [{"problem": one, "line": ""} for one in problems]
