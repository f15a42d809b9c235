"""From a held time to a booking: what for and how many, check, confirm; and "same as last time"."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from booking.errors import (
    DetailsMissing,
    DetailsUnfit,
    HoldExpired,
    OutsideRules,
    RoomNotBookable,
    TooManyPeople,
)
from booking.exempting.while_booking import GROUND_REFUSALS, confirm_with_exemption
from booking.queries import ReservationView, hold_with, last_reservation, reservation_of
from booking.services import release_hold
from facilities.asking import fitting_details
from facilities.details import Details
from facilities.periods import local
from frontend.middleware import log_refusal
from frontend.resident import pages
from frontend.resident.acting import asker_at, class_at
from frontend.resident.days import read_day, today
from frontend.resident.drafts import draft_of, forget_draft, keep_draft, usual_use
from frontend.resident.people import actor_of, for_resident
from frontend.resident.submitting import hold_once, submit_once
from frontend.resident.use_form import UseForm, use_form
from tenants.errors import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def hold(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask what the room is for, how many come and what the rules ask, while the time is held."""
    held, now = reservation_of(resident_id=request.resident.pk, ref=ref), timezone.now()  # type: ignore[attr-defined]
    elsewhere = _no_longer_held(request, held, now)
    if elsewhere:
        return elsewhere
    form = use_form(held, draft_of(request, held) or usual_use(held), request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        refusal = _look_at(held, form.details(), now)
        if refusal is None:
            keep_draft(request, ref, form.cleaned_data["purpose"], form.details())
            return redirect("check", ref)
    return _ask(request, held, form, now, refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def check(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show everything once more, with the price of what was said; the POST makes it a booking."""
    held, now = reservation_of(resident_id=request.resident.pk, ref=ref), timezone.now()  # type: ignore[attr-defined]
    draft = draft_of(request, held)
    elsewhere = _no_longer_held(request, held, now)
    if elsewhere:
        return elsewhere
    if not draft.get("purpose") or not draft.get("headcount"):
        return redirect("hold", ref)
    if request.method == "POST":
        return _confirm(request, held, draft, now)
    try:
        context = _held(held, now) | pages.of_check(held, draft, now)
    except Refusal as refusal:
        log_refusal(refusal)
        return _ask(request, held, use_form(held, draft), now, refusal)
    return render(request, "resident/check.html", context)


def _look_at(held: ReservationView, details: Details, now: datetime) -> Refusal | None:
    """Why the time cannot be had with what was said; None when it can."""
    try:
        hold_with(resident_id=held.resident.id, ref=held.ref, details=details, now=now)
    except Refusal as refusal:
        log_refusal(refusal)
        return refusal
    return None


def _ask(
    request: HttpRequest, held: ReservationView, form: UseForm, now: datetime, refusal: Refusal | None
) -> HttpResponse:
    """The page with the questions: fresh, or with what is wrong. The time stays held."""
    if refusal and form.take_refusal(refusal):
        refusal = None
    wrong = refusal or form.is_bound
    context = _held(held, now) | {"form": form, "refusal": refusal, "problem": refusal}
    return render(request, "resident/use.html", context, status=422 if wrong else 200)


def _confirm(
    request: HttpRequest, held: ReservationView, draft: dict[str, Any], now: datetime
) -> HttpResponse:
    actor = actor_of(request.resident)  # type: ignore[attr-defined]
    try:
        submit_once(
            request,
            scope="confirm",
            now=now,
            act=lambda: confirm_with_exemption(
                ref=held.ref,
                purpose=draft["purpose"],
                details=draft["details"],
                ground=request.POST.get("exemption", ""),
                actor=actor,
                now=now,
            ),
        )
    except GROUND_REFUSALS as refusal:
        log_refusal(refusal)
        return _check_again(request, held, draft, now, refusal)
    except HoldExpired as refusal:
        log_refusal(refusal)
        return _expired(request, held)
    except (OutsideRules, RoomNotBookable, TooManyPeople, DetailsMissing, DetailsUnfit) as refusal:
        log_refusal(refusal)
        return _ask(request, held, use_form(held, draft), now, refusal)
    forget_draft(request, held.ref)
    return redirect("done", held.ref)


def _check_again(
    request: HttpRequest, held: ReservationView, draft: dict[str, Any], now: datetime, refusal: Refusal
) -> HttpResponse:
    """The page again, with why the exemption cannot be applied for; nothing is booked yet, the time stays held."""
    context = _held(held, now) | pages.of_check(held, draft, now)
    context |= {"refusal": refusal, "problem": refusal, "exemption": request.POST.get("exemption", "")}
    return render(request, "resident/check.html", context, status=refusal.status)


@require_POST
@for_resident
def release(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Give the held time back, and lead on: to the room's day, or home."""
    held = reservation_of(resident_id=request.resident.pk, ref=ref)  # type: ignore[attr-defined]
    release_hold(ref=ref, actor=actor_of(request.resident), now=timezone.now())  # type: ignore[attr-defined]
    forget_draft(request, ref)
    if request.POST.get("choose") == "room":
        day = local(held.starts_at, held.room.zone)[0]
        return redirect("room-day", held.room.facility_key, held.room.key, day.isoformat())
    return redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def again(request: HttpRequest) -> HttpResponse:
    """Same as last time: offer the next days; a POST holds one of them and goes straight to checking."""
    resident, now = request.resident, timezone.now()  # type: ignore[attr-defined]
    last = last_reservation(resident_id=resident.pk)
    if last is None:
        return redirect("home")
    refusal = _hold_again(request, last, now) if request.method == "POST" else None
    if isinstance(refusal, HttpResponse):
        return refusal
    asker = asker_at(request, now, last.room, today(now))
    context = pages.of_again(last, asker) | {"refusal": refusal, "problem": refusal}
    return render(request, "resident/again.html", context, status=refusal.status if refusal else 200)


def _hold_again(request: HttpRequest, last: ReservationView, now: datetime) -> HttpResponse | Refusal:
    """Hold last time's room and time on the chosen day; the refusal when that is not possible any more."""
    try:
        day = read_day(request.POST.get("day", ""), now)
        said = fitting_details(last.room, day, last.details, own_class=class_at(request, last.room, day))
        ref = hold_once(request, last.room, day, pages.time_of(last), now, replace(said, extras={}))
    except Refusal as refusal:
        log_refusal(refusal)
        return refusal
    if last.purpose and last.headcount:
        keep_draft(request, UUID(ref), last.purpose, said)
    return redirect("check", ref)


def _no_longer_held(request: HttpRequest, held: ReservationView, now: datetime) -> HttpResponse | None:
    """Where to go when this is no open hold: the booking it became, or the page for a time that ran out."""
    if held.status in {"confirmed", "applied"}:
        return redirect("done", held.ref)
    if held.status in {"cancelled", "refused"}:
        return redirect("reservation", held.ref)
    if held.status == "expired" or held.held_until is None or held.held_until <= now:
        return _expired(request, held)
    return None


def _expired(request: HttpRequest, held: ReservationView) -> HttpResponse:
    day = local(held.starts_at, held.room.zone)[0]
    context = {"reservation": held, "day": day, "time": str(pages.time_of(held))}
    return render(request, "resident/expired.html", context, status=410)


def _held(held: ReservationView, now: datetime) -> dict[str, Any]:
    left = int((held.held_until - now).total_seconds()) if held.held_until else 0
    day = local(held.starts_at, held.room.zone)[0]
    return {"reservation": held, "seconds_left": left, "minutes_left": max(1, -(-left // 60)), "day": day}
