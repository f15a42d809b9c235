"""Rooms for official use (公用・選挙・災害): choose, see who is hit, decide about each, act once; then who answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from booking.displacing import Foreseen, Taking, displace, foresee
from booking.displacing.queries import displacement_for_staff
from booking.errors import ClosureNotFound
from facilities.models import Facility
from frontend.access import StaffRequest, desk_page
from frontend.desk.closures import form_for_hall
from frontend.desk.halls import my_hall
from frontend.desk.official_forms import AnswerForm, OfficialUseForm, decisions_in, rows_of, usual_answer_time
from frontend.middleware import log_refusal
from tenants.errors import Refusal


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def official(request: StaffRequest, facility_key: str) -> HttpResponse:
    """Ask for rooms, time, kind and reason; show who is hit and decide; carry it out in one act."""
    hall = my_hall(request.staff, facility_key)
    form = form_for_hall(OfficialUseForm, request, hall)
    if request.method != "POST" or not form.is_valid() or request.POST.get("step") == "edit":
        return _ask(request, hall, form)
    try:
        taking = form.taking(hall.pk)
        if request.POST.get("step") != "act":
            return _decide(request, hall, form, foresee(taking, now=clock_now()))
        return _act(request, hall, form, taking)
    except Refusal as refusal:
        log_refusal(refusal)
        return _ask(request, hall, form, refusal)


@desk_page
@require_safe
def displacement(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Show an act: the rooms that were taken, and what became of every booking; who has answered."""
    view = displacement_for_staff(ref=ref)
    if not request.staff.works_at(view.facility_id):
        raise ClosureNotFound
    return render(request, "desk/displacement.html", {"view": view})


def _act(request: StaffRequest, hall: Facility, form: OfficialUseForm, taking: Taking) -> HttpResponse:
    answer, now = AnswerForm(request.POST), clock_now()
    choices, seen = decisions_in(request.POST)
    asked = any(choice.verdict == "ask" for choice in choices.values())
    if asked and not answer.is_valid():
        return _decide(request, hall, form, foresee(taking, now=now), answer=answer)
    try:
        done = displace(
            taking=taking,
            choices=choices,
            seen=seen,
            appeal_notice=form.cleaned_data["appeal_notice"],
            answer_by=answer.moment if asked else None,
            staff_id=request.staff.id,
            now=now,
        )
    except Refusal as refusal:
        log_refusal(refusal)
        return _decide(request, hall, form, foresee(taking, now=now), answer=answer, refusal=refusal)
    messages.success(request, _("部屋を使えるようにしました。予約していた人に、知らせます。"))
    return redirect("desk:displacement", ref=done.ref)


def _ask(
    request: StaffRequest, hall: Facility, form: OfficialUseForm, refusal: Refusal | None = None
) -> HttpResponse:
    facts = {"form": form, "hall": hall, "problem": refusal}
    wrong = refusal or (form.errors and request.POST.get("step") != "edit")
    return render(request, "desk/official.html", facts, status=422 if wrong else 200)


def _decide(
    request: StaffRequest,
    hall: Facility,
    form: OfficialUseForm,
    foreseen: Foreseen,
    *,
    answer: AnswerForm | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """The bookings that are hit, each with what could become of it: what was decided already is kept."""
    facts: dict[str, Any] = {
        "form": form,
        "hall": hall,
        "foreseen": foreseen,
        "rows": rows_of(foreseen, request.POST, form.cleaned_data["kind"]),
        "rooms": _names(form),
        "period": form.period,
        "answer": answer or AnswerForm(initial=usual_answer_time(foreseen, clock_now())),
        "how": request.POST.get("how", "ask"),
        "problem": refusal,
    }
    wrong = refusal or (answer is not None and answer.errors)
    return render(request, "desk/official_decide.html", facts, status=422 if wrong else 200)


def _names(form: OfficialUseForm) -> list[Any]:
    chosen = set(form.cleaned_data["rooms"])
    return [room for room in form.offered if room.id in chosen]
