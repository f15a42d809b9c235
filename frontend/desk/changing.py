"""Staff change a booking for somebody: the applicant's steps, with a reason where the rules speak against it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from booking.changing import CHANGEABLE
from booking.errors import DetailsMissing, DetailsUnfit, ReasonMissing, TooManyPeople
from booking.idempotency import request_hash, run_once
from booking.queries import ReservationView
from facilities.asking import staff_questions_for
from facilities.queries import RoomFacts, open_rooms
from frontend.access import StaffRequest, desk_page
from frontend.changing import steps
from frontend.changing.steps import Chosen
from frontend.changing.times import day_times
from frontend.desk.halls import my_reservation, read_day
from frontend.middleware import log_refusal
from frontend.resident.said import said_of
from frontend.resident.use_form import UseForm
from tenants.errors import Refusal


@desk_page
@require_safe
def change(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Choose another room, day or time; with ``?override=1`` also what the rules do not allow."""
    view = my_reservation(request.staff, ref)
    if view.status not in CHANGEABLE:
        return redirect("desk:reservation", ref=ref)
    return _choose(request, view, request.GET)


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def change_check(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Show what changes, in time and money; the POST changes it."""
    view = my_reservation(request.staff, ref)
    query = request.POST if request.method == "POST" else request.GET
    chosen = steps.chosen_in(query, *_place(request, view, query))
    if view.status not in CHANGEABLE or chosen is None:
        return redirect("desk:change", ref=ref)
    form = steps.use_form(view, chosen, staff_questions_for(chosen.room, chosen.day), query)
    try:
        return _check_or_change(request, view, chosen, form, query)
    except (DetailsMissing, DetailsUnfit, TooManyPeople) as refusal:
        return _ask(request, view, chosen, form, query, refusal)
    except Refusal as refusal:
        log_refusal(refusal)
        return _choose(request, view, query, refusal)


def _check_or_change(
    request: StaffRequest, view: ReservationView, chosen: Chosen, form: UseForm, query: QueryDict
) -> HttpResponse:
    if form.is_bound and not form.is_valid():
        return _ask(request, view, chosen, form, query, None)
    reason, now = query.get("override_reason", "").strip()[:200], clock_now()
    override = query.get("override") == "1"
    if request.method == "POST" and (reason or not override):
        return _change(request, view, chosen, form, reason)
    refusal = ReasonMissing() if request.method == "POST" else None
    # Before the reason is written, what would be is shown as if there was one.
    terms = steps.look(
        view, chosen, form, actor=request.staff.actor, now=now, reason=reason or ("-" if override else "")
    )
    facts = _facts(view, chosen, form, query) | {
        "terms": terms,
        "said": said_of(form.questions, terms.assessed.asker.details),
        "problem": refusal,
    }
    return render(request, "desk/change_check.html", facts, status=422 if refusal else 200)


def _change(
    request: StaffRequest, view: ReservationView, chosen: Chosen, form: UseForm, reason: str
) -> HttpResponse:
    """Change once; a second tap of the same button is answered like the first one."""
    now, sequence = clock_now(), request.POST.get("sequence", "")

    def act() -> tuple[int, dict[str, Any]]:
        actor = request.staff.actor
        steps.carry_out_change(view, chosen, form, sequence=sequence, actor=actor, now=now, reason=reason)
        return 200, {"ref": str(view.ref)}

    run_once(
        scope=f"desk-change:{request.staff.id}",
        key=request.POST.get("idempotency_key", "")[:100],
        request_hash=request_hash(request.path.encode()),
        now=now,
        act=act,
    )
    messages.success(request, _("予約を変更しました。"))
    return redirect("desk:reservation", ref=view.ref)


def _place(request: StaffRequest, view: ReservationView, query: QueryDict) -> tuple[RoomFacts, Any]:
    room = steps.room_in(query, _rooms(request), view)
    asked = query.get("day", "")
    return room, read_day(asked) if asked else steps.own_day(view)


def _rooms(request: StaffRequest) -> list[RoomFacts]:
    return [room for room in open_rooms() if request.staff.works_at(room.facility_id)]


def _choose(
    request: StaffRequest, view: ReservationView, query: QueryDict, refusal: Refusal | None = None
) -> HttpResponse:
    now: datetime = clock_now()
    room, day = _place(request, view, query)
    override = query.get("override") == "1"
    facts = {
        "view": view,
        "rooms": _rooms(request),
        "times": day_times(view, room, day, channel="desk", now=now, override=override),
        "override": override,
        "problem": refusal,
    }
    return render(request, "desk/change.html", facts, status=422 if refusal else 200)


def _ask(
    request: StaffRequest,
    view: ReservationView,
    chosen: Chosen,
    form: UseForm,
    query: QueryDict,
    refusal: Refusal | None,
) -> HttpResponse:
    """The room asks what was not said for the booking."""
    beside = bool(refusal and form.is_bound and form.take_refusal(refusal))
    shown = None if beside or not form.is_bound else refusal
    facts = _facts(view, chosen, form, query) | {"problem": shown}
    return render(request, "desk/change_use.html", facts, status=422 if form.is_bound else 200)


def _facts(view: ReservationView, chosen: Chosen, form: UseForm, query: QueryDict) -> dict[str, Any]:
    carried = steps.carried(query)
    return {
        "view": view,
        "reservation": view,
        "chosen": chosen,
        "form": form,
        "override": query.get("override") == "1",
        "carried": carried,
        "place": [(name, value) for name, value in carried if not steps.is_answer(name)],
    }
