"""Money that comes back: how far it is, to which account, or for which other booking of one's own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.parties import acts_for
from booking.queries import ReservationView, reservation_of
from booking.refunds import ask_for_transfer, bookings_to_credit, credit_booking
from frontend.bank_forms import AccountForm
from frontend.middleware import log_refusal
from frontend.refund_words import refund_sentence
from frontend.resident.people import actor_of, for_resident
from payments.models import Refund
from payments.refunds.errors import RefundNotFound
from payments.refunds.queries import masked_account, refund_of
from payments.refunds.rerouting import may_change
from tenants.errors import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def refund(request: HttpRequest, ref: UUID, refund: UUID) -> HttpResponse:
    """Say how far a refund is; take the account it is transferred to, or the booking it pays."""
    resident_id = request.resident.pk  # type: ignore[attr-defined]
    view, found = reservation_of(resident_id=resident_id, ref=ref), refund_of(refund)
    if found.charge.subject != ref:
        raise RefundNotFound
    form, problem = AccountForm(request.POST if "bank" in request.POST else None), None
    if request.method == "POST":
        try:
            if done := _act(request, view, found, form):
                return done
        except Refusal as refusal:
            log_refusal(refusal)
            problem, found = refusal, refund_of(refund)
    context = _facts(resident_id, view, found) | {"form": form, "problem": problem}
    return render(request, "resident/refund.html", context, status=422 if problem or form.errors else 200)


def _act(
    request: HttpRequest, view: ReservationView, found: Refund, form: AccountForm
) -> HttpResponse | None:
    actor, now = actor_of(request.resident), clock_now()  # type: ignore[attr-defined]
    if to_ref := _ref_in(request.POST.get("credit", "")):
        credit_booking(ref=view.ref, refund=found.ref, to_ref=to_ref, actor=actor, now=now)
        messages.success(request, _("返すお金を、ほかの予約の料金に充てました。"))
    elif form.is_valid() and form.account:
        ask_for_transfer(ref=view.ref, refund=found.ref, account=form.account, actor=actor, now=now)
        messages.success(request, _("口座を受け取りました。振り込んだら、お知らせします。"))
    else:
        return None
    return redirect("reservation", view.ref)


def _facts(resident_id: int, view: ReservationView, found: Refund) -> dict[str, Any]:
    """Who only sees what a group has does not see its account, nor chooses."""
    acts = view.group is None or acts_for(resident_id=resident_id, group_id=view.group.id)
    changes = acts and may_change(found) and found.state != Refund.State.AWAITING_APPROVAL
    return {
        "reservation": view,
        "refund": found,
        "words": refund_sentence(found),
        "account": masked_account(found) if acts else "",
        "may_change": changes,
        "wants_account": found.state == Refund.State.AWAITING_ACCOUNT,
        "credits": bookings_to_credit(view.ref) if changes else [],
    }


def _ref_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
