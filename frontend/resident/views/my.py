"""My page: bookings to come and past, one booking with its door code, cancelling, my details."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.services import change_resident, register_resident
from booking.basket.services import count_basket
from booking.cancelling import cancel_reservation
from booking.changing import may_change
from booking.displaced import asked_among, last_displaced
from booking.errors import AlreadyCancelled, NotCancellable
from booking.paying import payables_of
from booking.penalties.queries import has_record
from booking.queries import ReservationView, reservation_cancellation, reservation_of, reservations_of
from booking.waiting.queries import released_after, waited_for, waits_of
from facilities.details import Answer
from facilities.ordinance import Cancellation
from frontend.classes import ClassesOfResident
from frontend.middleware import log_refusal
from frontend.refund_words import plan_words, shown_refunds
from frontend.resident import pages
from frontend.resident.cancel_form import CancelForm
from frontend.resident.days import today
from frontend.resident.forms import PersonForm
from frontend.resident.people import actor_of, for_resident, resident_of
from frontend.resident.said import questions_of
from frontend.resident.submitting import submit_once
from frontend.several.who import resident_who

# How a booking to come is given up, by its status: cancelled, or withdrawn from review.
_CANCEL_PAGES = {"confirmed": "resident/cancel.html", "applied": "resident/withdraw.html"}
_LIVE = frozenset(_CANCEL_PAGES)


@require_safe
@for_resident
def my(request: HttpRequest) -> HttpResponse:
    """Bookings to come, and past ones."""
    resident_id, now = request.resident.pk, timezone.now()  # type: ignore[attr-defined]
    context = _bookings(resident_id, now) | {
        "section": "my",
        "in_basket": count_basket(resident_who(request).basket),
        "has_record": has_record(resident_id=resident_id),
        "unpaid": payables_of(resident_id=resident_id),
    }
    return render(request, "resident/my.html", context)


def _bookings(resident_id: int, now: datetime) -> dict[str, object]:
    """What is to come and what is past, what waits, and what the resident is asked to answer."""
    coming, past = reservations_of(resident_id=resident_id, now=now)
    coming = [one for one in coming if one.status in _LIVE]
    waits, _over = waits_of(resident_id=resident_id, now=now)
    asked = asked_among([one.id for one in coming])
    return {
        "coming": coming,
        "past": past,
        "asked": [one for one in coming if one.id in asked],
        "offered": [(one, offer) for one in waits if (offer := one.open_offer(now))],
        "waits": waits,
    }


@require_safe
@for_resident
def done(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A booking that was just made: its number and what happens next. Can be opened again any time."""
    booked, now = reservation_of(resident_id=request.resident.pk, ref=ref), timezone.now()  # type: ignore[attr-defined]
    if booked.status not in _LIVE:
        return redirect("reservation", ref)
    page = "resident/done.html" if booked.status == "confirmed" else "resident/applied.html"
    return render(request, page, pages.of_reservation(booked, now))


@require_safe
@for_resident
def reservation(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One booking: details, price, payment, door code, what can still be done with it."""
    found, now = reservation_of(resident_id=request.resident.pk, ref=ref), timezone.now()  # type: ignore[attr-defined]
    if found.status == "hold":
        return redirect("hold", ref)
    change, reasons = may_change(ref=ref, actor=actor_of(request.resident), now=now)  # type: ignore[attr-defined]
    context = pages.of_reservation(found, now) | {"section": "my", "displaced": last_displaced(found.id)}
    context |= shown_refunds(found)
    return render(
        request, "resident/reservation.html", context | {"may_change": change, "no_change": reasons}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def cancel(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Say what cancelling means, also for what the rules ask about it, and do it."""
    found = reservation_of(resident_id=request.resident.pk, ref=ref)  # type: ignore[attr-defined]
    if found.status not in _LIVE:
        return redirect("reservation", ref)
    form = CancelForm(request.POST if request.method == "POST" else None, questions=questions_of(found))
    refusal = None
    if form.is_valid() and "look" not in request.POST:
        refusal = _cancel(request, ref, form.answers())
    if isinstance(refusal, HttpResponse):
        return refusal
    terms = reservation_cancellation(ref=ref, now=timezone.now(), answers=form.answers())
    context = {"reservation": found, "terms": terms, "form": form, "refusal": refusal, "problem": refusal}
    context |= _instead(request, found, terms) | _wished(found)
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, _CANCEL_PAGES[found.status], context, status=status)


def _instead(request: HttpRequest, found: ReservationView, terms: Cancellation) -> dict[str, object]:
    """Where what comes back would go to, and whether it could pay another day instead (振替)."""
    actor = actor_of(request.resident)  # type: ignore[attr-defined]
    paid = found.payment.paid_yen > 0 and found.status == "confirmed"
    moves = paid and may_change(ref=found.ref, actor=actor, now=timezone.now())[0]
    return {"back": plan_words(found, terms.refund_yen), "moves": moves}


def _wished(found: ReservationView) -> dict[str, bool]:
    """Whether others wait for the time: who cancels it cannot have it again."""
    now = timezone.now()
    period = {"starts_at": found.starts_at, "ends_at": found.ends_at}
    return {"is_wished": waited_for(room=found.room, **period, now=now)}


def _cancel(request: HttpRequest, ref: UUID, answers: Mapping[str, Answer]) -> HttpResponse | NotCancellable:
    actor, now = actor_of(request.resident), timezone.now()  # type: ignore[attr-defined]
    try:
        submit_once(
            request,
            scope="cancel",
            now=now,
            act=lambda: cancel_reservation(ref=ref, actor=actor, reason="", now=now, answers=answers),
        )
    except AlreadyCancelled:
        return redirect("reservation", ref)
    except NotCancellable as refusal:
        log_refusal(refusal)
        return refusal
    return redirect("cancelled", ref)


@require_safe
@for_resident
def cancelled(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A booking that was just cancelled: what happens with the money."""
    found = reservation_of(resident_id=request.resident.pk, ref=ref)  # type: ignore[attr-defined]
    if found.status != "cancelled":
        return redirect("reservation", ref)
    free_at = released_after(found.id)
    context = {"reservation": found, "free_at": free_at} | shown_refunds(found)
    return render(request, "resident/cancelled.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def details(request: HttpRequest) -> HttpResponse:
    """Name, reading, phone, language of mails. Someone signed in without them gives them here first."""
    resident = resident_of(request)
    classes = ClassesOfResident.of(resident, today(timezone.now()))
    form = PersonForm(request.POST if request.method == "POST" else None, resident=resident, classes=classes)
    if form.is_valid():
        if resident:
            change_resident(resident_id=resident.pk, granted=classes.granted_keys, **form.cleaned_data)
            messages.success(request, _("変更しました。"))
        else:
            register_resident(user_id=request.user.pk, email=request.user.email, **form.cleaned_data)  # type: ignore[union-attr]
        return redirect(_safe_next(request))
    context = {"form": form, "is_new": resident is None, "section": "my", "next": _safe_next(request)}
    return render(
        request, "resident/details.html", context | {"classes": classes}, status=422 if form.is_bound else 200
    )


def _safe_next(request: HttpRequest) -> str:
    address = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if allowed else "/my/"
