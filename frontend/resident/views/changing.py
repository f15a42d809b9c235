"""Changing one's own booking: choose another time, see what changes, change it; and answering what the hall asks."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from booking.change_errors import NotChangeable
from booking.changing import CHANGEABLE, gives_up_wished
from booking.displacing import accept_offer, decline_offer, open_offer
from booking.displacing.errors import OfferNotOpen
from booking.errors import DetailsMissing, DetailsUnfit, TooManyPeople
from booking.queries import ReservationView, reservation_of
from booking.told import before_last_change
from facilities.asking import questions_for
from facilities.queries import open_rooms
from frontend.changing import steps
from frontend.changing.steps import Chosen
from frontend.changing.times import day_times
from frontend.middleware import log_refusal
from frontend.resident.days import read_day
from frontend.resident.people import actor_of, for_resident
from frontend.resident.said import said_of
from frontend.resident.submitting import submit_once
from frontend.resident.use_form import UseForm
from tenants.errors import Refusal


@require_safe
@for_resident
def change(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Choose another room, day or time; the booking's own time counts as free."""
    view = _mine(request, ref)
    if view.status not in CHANGEABLE:
        return redirect("reservation", ref)
    return _choose(request, view, request.GET)


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def change_check(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show what changes, in time and in price and why; the POST changes it."""
    view, now = _mine(request, ref), timezone.now()
    query = _query(request)
    chosen = steps.chosen_in(query, *_place(view, query, now))
    if view.status not in CHANGEABLE or chosen is None:
        return redirect("change", ref)
    form = _form(view, chosen, query)
    try:
        if request.method == "POST":
            return _change(request, view, chosen, form, now)
        return _check(request, view, chosen, form, now)
    except (DetailsMissing, DetailsUnfit, TooManyPeople) as refusal:
        return _ask(request, view, chosen, form, refusal)
    except Refusal as refusal:
        log_refusal(refusal)
        return _choose(request, view, query, refusal)


@require_safe
@for_resident
def changed(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A booking that was just changed: what it is now, what it was, what happens with the money."""
    view = _mine(request, ref)
    before = before_last_change(view.id)
    if before is None or view.status not in CHANGEABLE:
        return redirect("reservation", ref)
    return render(request, "resident/changed.html", {"reservation": view, "before": before, "section": "my"})


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def answer(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The hall needs the room and proposes another time: yes, no, or another one."""
    view, now, refusal = _mine(request, ref), timezone.now(), None
    offer = open_offer(view.id)
    if request.method == "POST":
        refusal = _answer(request, ref, now)
    if offer is None or (request.method == "POST" and refusal is None):
        return redirect("reservation", ref)
    facts = {"reservation": view, "offer": offer, "refusal": refusal, "section": "my"}
    return render(request, "resident/answer.html", facts, status=refusal.status if refusal else 200)


def _answer(request: HttpRequest, ref: UUID, now: datetime) -> Refusal | None:
    act = accept_offer if request.POST.get("answer") == "yes" else decline_offer
    try:
        act(ref=ref, actor=actor_of(request.resident), now=now)  # type: ignore[attr-defined]
    except OfferNotOpen as refusal:
        log_refusal(refusal)
        return refusal
    return None


def _query(request: HttpRequest) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET


def _mine(request: HttpRequest, ref: UUID) -> ReservationView:
    return reservation_of(resident_id=request.resident.pk, ref=ref)  # type: ignore[attr-defined]


def _place(view: ReservationView, query: QueryDict, now: datetime) -> tuple[Any, Any]:
    room = steps.room_in(query, open_rooms(), view)
    asked = query.get("day", "")
    return room, read_day(asked, now) if asked else steps.own_day(view)


def _form(view: ReservationView, chosen: Chosen, query: QueryDict) -> UseForm:
    questions = questions_for(chosen.room, chosen.day, own_class=view.details.applicant_class)
    return steps.use_form(view, chosen, questions, query)


def _choose(
    request: HttpRequest, view: ReservationView, query: QueryDict, refusal: Refusal | None = None
) -> HttpResponse:
    now, rooms = timezone.now(), open_rooms()
    room, day = _place(view, query, now)
    facts = {
        "reservation": view,
        "rooms": rooms,
        "times": day_times(view, room, day, channel="web", now=now),
        "offer": open_offer(view.id),
        "refusal": refusal,
        "problem": refusal,
        "section": "my",
    }
    return render(request, "resident/change.html", facts, status=422 if refusal else 200)


def _check(
    request: HttpRequest, view: ReservationView, chosen: Chosen, form: UseForm, now: datetime
) -> HttpResponse:
    if form.is_bound and not form.is_valid():
        return _ask(request, view, chosen, form, None)
    actor = actor_of(request.resident)  # type: ignore[attr-defined]
    terms = steps.look(view, chosen, form, actor=actor, now=now)
    facts = _facts(view, chosen, form, _query(request)) | {
        "terms": terms,
        "is_wished": gives_up_wished(ref=view.ref, new=terms.assessed, actor=actor, now=now),
        "said": said_of(form.questions, terms.assessed.asker.details),
    }
    return render(request, "resident/change_check.html", facts)


def _ask(
    request: HttpRequest, view: ReservationView, chosen: Chosen, form: UseForm, refusal: Refusal | None
) -> HttpResponse:
    """The room asks what was not said for the booking; nothing else of the choice is lost."""
    if not form.is_bound:
        refusal = None
    if refusal and form.take_refusal(refusal):
        refusal = None
    facts = _facts(view, chosen, form, _query(request)) | {"refusal": refusal, "problem": refusal}
    return render(request, "resident/change_use.html", facts, status=422 if form.is_bound else 200)


def _facts(view: ReservationView, chosen: Chosen, form: UseForm, query: QueryDict) -> dict[str, Any]:
    return {
        "reservation": view,
        "chosen": chosen,
        "form": form,
        "carried": steps.carried(query),
        "place": [(name, value) for name, value in steps.carried(query) if not steps.is_answer(name)],
        "section": "my",
    }


def _change(
    request: HttpRequest, view: ReservationView, chosen: Chosen, form: UseForm, now: datetime
) -> HttpResponse:
    if form.is_bound and not form.is_valid():
        return _ask(request, view, chosen, form, None)
    actor = actor_of(request.resident)  # type: ignore[attr-defined]
    sequence = request.POST.get("sequence", "")
    try:
        submit_once(
            request,
            scope="change",
            now=now,
            act=lambda: (
                steps.carry_out_change(
                    view, chosen, form, sequence=sequence, actor=actor, now=now
                ).reservation
            ),
        )
    except NotChangeable as refusal:
        log_refusal(refusal)
        return _check(request, view, chosen, form, now)
    return redirect("changed", view.ref)
