"""Offences at the desk: what waits for an answer, one offence, an appeal, a measure, writing one down."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import StaffMember
from booking.models import Appeal, Measure
from booking.penalties.appealing import decide_appeal
from booking.penalties.deciding import bookings_hit, cancel_bookings, decide_measure, lift_measure
from booking.penalties.errors import AppealNotFound, MeasureNotFound, OffenceNotFound
from booking.penalties.queries import (
    MeasureView,
    OffenceView,
    Standing,
    appeal_of,
    counts_absence,
    measure_of,
    measures_at,
    offences_at,
    open_appeals,
    staff_standing,
)
from booking.penalties.recording import record_offence, withdraw_offence
from booking.services import record_attendance
from facilities.penalty_rules import penalty_rules
from facilities.queries import staff_facility
from frontend.access import StaffRequest, desk_page
from frontend.answers import carry_out
from frontend.desk.halls import my_reservation
from frontend.desk.penalty_forms import AbsenceForm, DecisionForm, OffenceForm, ReasonForm
from frontend.resident.days import today

ACCEPT = gettext_lazy("認める（記録を取り消し、利用停止をなくす）")
DISMISS = gettext_lazy("認めない（記録は残る）")


@desk_page
@require_safe
def penalties(request: StaffRequest) -> HttpResponse:
    """What waits for an answer at my halls, what is in force, and what was recorded last."""
    mine = _mine(request.staff)
    facts = {
        "appeals": open_appeals(mine),
        "measures": measures_at(mine, now=clock_now()),
        "offences": offences_at(mine),
    }
    return render(request, "desk/penalties.html", facts)


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def offence(request: StaffRequest, offence: UUID) -> HttpResponse:
    """One offence, where the one who did it stands; take it back."""
    view, standing = _offence(request.staff, offence)
    form = ReasonForm(request.POST or None)

    def act() -> HttpResponse:
        withdraw_offence(
            ref=offence,
            reason=form.cleaned_data["reason"],
            actor=request.staff.actor,
            now=clock_now(),
        )
        messages.success(request, _("違反の記録を取り消しました。"))
        return redirect("desk:offence", offence)

    facts = {"view": view, "standing": standing, "form": form}
    return carry_out(request, form, act, "desk/offence.html", facts)


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: StaffRequest, appeal: UUID) -> HttpResponse:
    """Read an appeal with what is recorded, and answer it."""
    found = _appeal(request.staff, appeal)
    view, standing = staff_standing(ref=found.offence.ref, now=clock_now())
    form = DecisionForm(request.POST or None, yes=ACCEPT, no=DISMISS)

    def act() -> HttpResponse:
        given = {"reason": form.cleaned_data["reason"], "actor": request.staff.actor, "now": clock_now()}
        decide_appeal(ref=appeal, accept=form.is_yes, **given)
        messages.success(request, _("異議申出に答えました。利用者にお知らせします。"))
        return redirect("desk:offence", found.offence.ref)

    facts = {"appeal": found, "view": view, "standing": standing, "form": form}
    return carry_out(request, form, act, "desk/appeal.html", facts)


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: StaffRequest, measure: UUID) -> HttpResponse:
    """Decide what the rules leave to staff, or end early what is in force."""
    view = _measure(request.staff, measure)
    proposed = view.measure.state == Measure.State.PROPOSED
    form = _measure_form(request, proposed=proposed)

    def act() -> HttpResponse:
        given = {"reason": form.cleaned_data["reason"], "actor": request.staff.actor, "now": clock_now()}
        if isinstance(form, DecisionForm):
            decide_measure(ref=measure, take=form.is_yes, **given)
        else:
            lift_measure(ref=measure, **given)
        messages.success(request, _("決めたことを記録しました。"))
        return redirect("desk:measure", measure)

    facts = {"view": view, "form": form, "hit": bookings_hit(view.measure, now=clock_now())}
    return carry_out(request, form, act, "desk/measure.html", facts)


@desk_page
@require_POST
def measure_bookings(request: StaffRequest, measure: UUID) -> HttpResponse:
    """Cancel the bookings a measure hits, all of them."""
    _measure(request.staff, measure)
    done = cancel_bookings(ref=measure, actor=request.staff.actor, now=clock_now())
    messages.success(request, _("予約を{count}件、取り消しました。").format(count=done.count))
    return redirect("desk:measure", measure)


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def absent(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Nobody came: ask whether it counts, where the rules count it, and note it."""
    view, form = my_reservation(request.staff, ref), AbsenceForm(request.POST or None)

    def act() -> HttpResponse:
        record_attendance(
            ref=ref,
            attendance="absent",
            actor=request.staff.actor,
            now=clock_now(),
            **form.cleaned_data,
        )
        messages.success(request, _("「来なかった」と記録しました。"))
        return redirect("desk:reservation", ref)

    facts = {"view": view, "form": form, "counts": counts_absence(ref)}
    return carry_out(request, form, act, "desk/absent.html", facts)


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_offence(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Write down an offence of the one who hires: what the rules know, and what happened."""
    view, now = my_reservation(request.staff, ref), clock_now()
    hall, day = staff_facility(view.room.facility_key), min(today(now), today(view.starts_at))
    form = OffenceForm(request.POST or None, offences=penalty_rules(hall).offences_on(day))

    def act() -> HttpResponse:
        given: dict[str, Any] = {"facility": hall, "day": day, "actor": request.staff.actor, "now": now}
        record_offence(reservation_ref=ref, **form.cleaned_data, **given)
        messages.success(request, _("違反を記録しました。利用者にお知らせします。"))
        return redirect("desk:reservation", ref)

    return carry_out(request, form, act, "desk/offence_new.html", {"view": view, "form": form, "day": day})


def _measure_form(request: StaffRequest, *, proposed: bool) -> ReasonForm:
    if not proposed:
        return ReasonForm(request.POST or None)
    return DecisionForm(request.POST or None, yes=_("行う"), no=_("行わない"))


def _mine(staff: StaffMember) -> Collection[int] | None:
    return None if staff.is_admin else staff.facility_ids


def _appeal(staff: StaffMember, ref: UUID) -> Appeal:
    found = appeal_of(ref=ref)
    if not staff.works_at(found.offence.facility_id):
        raise AppealNotFound
    return found


def _offence(staff: StaffMember, ref: UUID) -> tuple[OffenceView, Standing]:
    view, standing = staff_standing(ref=ref, now=clock_now())
    if not staff.works_at(view.offence.facility_id):
        raise OffenceNotFound
    return view, standing


def _measure(staff: StaffMember, ref: UUID) -> MeasureView:
    view = measure_of(ref=ref, now=clock_now())
    if not staff.works_at(view.measure.facility_id):
        raise MeasureNotFound
    return view
