"""Paying: what is due, in which way, and what became of it. The return from the provider proves nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from booking.paying import Choice, Payment, begin_paying, choose_ways, payables_of, payment_of
from frontend.middleware import log_refusal
from frontend.resident.pay_pages import groups_of, refs_in, way_choices
from frontend.resident.people import actor_of, for_resident
from payments.models import Attempt
from tenants.errors import Refusal

State = Attempt.State


@require_safe
@for_resident
def pay(request: HttpRequest) -> HttpResponse:
    """List what is due, by who receives it, with boxes to tick."""
    return _list(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def pay_way(request: HttpRequest) -> HttpResponse:
    """Choose the way for what was ticked; then the payment is begun, and the page that prepares it is shown."""
    resident, now, problem = request.resident, timezone.now(), None  # type: ignore[attr-defined]
    if request.method == "POST":
        try:
            return _begin(request)
        except Refusal as refusal:
            log_refusal(refusal)
            problem = refusal
    said = request.POST if request.method == "POST" else request.GET
    payables = payables_of(resident_id=resident.pk, refs=refs_in(said))
    try:
        choice = choose_ways(payables, now=now, first_parts="first" in said)
    except Refusal as refusal:
        return _list(request, problem or refusal)
    return _ways(request, choice, problem)


@require_safe
@for_resident
def payment(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Where a payment stands by our own books; on the way to the provider, go there as soon as its page is ready."""
    found = payment_of(resident_id=request.resident.pk, ref=ref)  # type: ignore[attr-defined]
    state = found.attempt.state
    if "go" in request.GET and state == State.OPEN and not found.is_withdrawn:
        return _leave(request, found.attempt.url)
    if request.GET.get("seen", state) != state:
        return _leave(request, reverse("payment", args=[ref]))
    return render(request, "resident/payment.html", _shown(request, found))


def _list(request: HttpRequest, problem: Refusal | None) -> HttpResponse:
    resident = request.resident  # type: ignore[attr-defined]
    groups = groups_of(payables_of(resident_id=resident.pk), timezone.now())
    context = {"groups": groups, "problem": problem, "section": "my"}
    return render(request, "resident/pay.html", context, status=problem.status if problem else 200)


def _ways(request: HttpRequest, choice: Choice, problem: Refusal | None) -> HttpResponse:
    context: dict[str, Any] = {
        "choice": choice,
        "ways": way_choices(choice),
        "problem": problem,
        "section": "my",
    }
    return render(request, "resident/pay_way.html", context, status=problem.status if problem else 200)


def _begin(request: HttpRequest) -> HttpResponse:
    site = f"{request.scheme}://{request.get_host()}"
    attempt = begin_paying(
        refs=refs_in(request.POST),
        way=request.POST.get("way", ""),
        return_url=f"{site}/my/pay/{{ref}}/?back=1",
        actor=actor_of(request.resident),  # type: ignore[attr-defined]
        language=get_language() or "ja",
        now=timezone.now(),
        first_parts="first" in request.POST,
    )
    return redirect(f"{reverse('payment', args=[attempt.ref])}?go=1")


def _shown(request: HttpRequest, found: Payment) -> dict[str, Any]:
    """What the page says, and whether it looks again by itself."""
    state, way = found.attempt.state, "go" if "go" in request.GET else "back"
    checking = "back" in request.GET and state == State.OPEN
    looks_again = not found.is_withdrawn and (state == State.WANTED or checking)
    return {
        "payment": found,
        "attempt": found.attempt,
        "checking": checking,
        "again": f"{request.path}?{way}=1&seen={state}" if looks_again else "",
        "section": "my",
    }


def _leave(request: HttpRequest, address: str) -> HttpResponse:
    """Go elsewhere with the whole page, also where only a part of it was asked for."""
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)  # type: ignore[attr-defined]
