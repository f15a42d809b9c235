"""An offer: see it, decline it, or say what the room is for and book."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from booking.queries import ReservationView
from booking.waiting.answering import accept_offer, decline_offer, offer_with
from booking.waiting.errors import OfferOver
from booking.waiting.queries import OfferView, offer_of, offered_use
from facilities.room_rules import due_of
from frontend.middleware import log_refusal
from frontend.paying import pay_words, ways_at
from frontend.resident.drafts import draft_of, forget_draft, keep_draft, usual_use
from frontend.resident.people import actor_of, for_resident
from frontend.resident.said import questions_of, said_of
from frontend.resident.submitting import submit_once
from frontend.resident.use_form import UseForm, use_form
from tenants.errors import Refusal


@require_safe
@for_resident
def offer(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What is offered, until when it can be accepted, and what became of it."""
    found, now = offer_of(resident_id=request.resident.pk, ref=ref), timezone.now()  # type: ignore[attr-defined]
    return render(request, "waiting/offer.html", _about(found, now))


@require_POST
@for_resident
def decline(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Leave it to the next."""
    try:
        decline_offer(ref=ref, actor=actor_of(request.resident), now=timezone.now())  # type: ignore[attr-defined]
        messages.success(request, _("ご案内を、次の人へ回しました。"))
    except OfferOver as refusal:
        log_refusal(refusal)
    return redirect("offer", ref)


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def use(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask what the room is for, how many come and what the rules ask."""
    offered, now = offered_use(resident_id=request.resident.pk, ref=ref), timezone.now()  # type: ignore[attr-defined]
    if not _is_open(offered, now):
        return redirect("offer", ref)
    form = use_form(offered, draft_of(request, offered) or usual_use(offered), request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        refusal = _look_at(request, offered, form, now)
        if refusal is None:
            keep_draft(request, ref, form.cleaned_data["purpose"], form.details())
            return redirect("offer-check", ref)
    return _ask(request, offered, form, refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def check(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show everything once more, with the price of what was said; the POST books it."""
    offered, now = offered_use(resident_id=request.resident.pk, ref=ref), timezone.now()  # type: ignore[attr-defined]
    draft = draft_of(request, offered)
    if not _is_open(offered, now):
        return _elsewhere(request, offered)
    if not draft.get("purpose") or not draft.get("headcount"):
        return redirect("offer-use", ref)
    act = _accept if request.method == "POST" else _check
    try:
        return act(request, offered, draft, now)
    except OfferOver as refusal:
        log_refusal(refusal)
        return redirect("offer", ref)
    except Refusal as refusal:
        log_refusal(refusal)
        return _ask(request, offered, use_form(offered, draft), refusal)


def _check(
    request: HttpRequest, offered: ReservationView, draft: dict[str, Any], now: datetime
) -> HttpResponse:
    actor = actor_of(request.resident)  # type: ignore[attr-defined]
    assessed = offer_with(ref=offered.ref, details=draft["details"], actor=actor, now=now)
    price_yen = assessed.quote.total_yen if assessed.quote else None
    due = due_of(offered.room, assessed.day, assessed.starts, assessed.asker)
    context = {
        "offered": offered,
        "draft": draft,
        "said": said_of(questions_of(offered), assessed.asker.details),
        "quote": assessed.quote,
        "price_yen": price_yen,
        "pay": pay_words(due, price_yen, now, ways_at(offered.room.facility_id, assessed.applicant_class)),
    }
    return render(request, "waiting/check.html", context)


def _accept(
    request: HttpRequest, offered: ReservationView, draft: dict[str, Any], now: datetime
) -> HttpResponse:
    actor = actor_of(request.resident)  # type: ignore[attr-defined]
    ref = submit_once(
        request,
        scope="accept",
        now=now,
        act=lambda: accept_offer(
            ref=offered.ref, purpose=draft["purpose"], details=draft["details"], actor=actor, now=now
        ),
    )
    forget_draft(request, offered.ref)
    return redirect("done", ref)


def _look_at(request: HttpRequest, offered: ReservationView, form: UseForm, now: datetime) -> Refusal | None:
    """Why it cannot be had with what was said; None when it can."""
    actor = actor_of(request.resident)  # type: ignore[attr-defined]
    try:
        offer_with(ref=offered.ref, details=form.details(), actor=actor, now=now)
    except Refusal as refusal:
        log_refusal(refusal)
        return refusal
    return None


def _ask(
    request: HttpRequest, offered: ReservationView, form: UseForm, refusal: Refusal | None
) -> HttpResponse:
    if refusal and form.take_refusal(refusal):
        refusal = None
    context = {"offered": offered, "form": form, "refusal": refusal, "problem": refusal}
    return render(request, "waiting/use.html", context, status=422 if refusal or form.is_bound else 200)


def _is_open(offered: ReservationView, now: datetime) -> bool:
    return offered.status == "open" and offered.held_until is not None and now < offered.held_until


def _elsewhere(request: HttpRequest, offered: ReservationView) -> HttpResponse:
    """Where to go when the offer is no longer open: to what was booked, or to what became of it."""
    found = offer_of(resident_id=request.resident.pk, ref=offered.ref)  # type: ignore[attr-defined]
    return redirect("done", found.reservation_ref) if found.reservation_ref else redirect("offer", found.ref)


def _about(found: OfferView, now: datetime) -> dict[str, Any]:
    left = found.expires_at - now
    return {"offer": found, "is_open": found.is_open(now), "left": left if left.total_seconds() > 0 else None}
