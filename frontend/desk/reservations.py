"""One reservation at the desk: see it, note who came, hand over the key, cancel it for somebody."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from booking.cancelling import cancel_reservation
from booking.penalties.queries import counts_absence, offence_of_reservation
from booking.queries import ReservationView, reservation_cancellation, reservation_history
from booking.services import record_attendance
from frontend.access import StaffRequest, desk_page
from frontend.answers import carry_out
from frontend.desk.forms import CancelForm
from frontend.desk.halls import my_reservation
from frontend.desk.refunds import money_back
from frontend.documents.papers import papers_of
from frontend.refund_words import plan_words
from locks.queries import access_states
from locks.services import hand_over_key, take_back_key
from payments.refunds.left_open import hall_may_decide

_NOTED = {
    "arrived": _("「来館」と記録しました。"),
    "absent": _("「来なかった」と記録しました。"),
    "unknown": _("来館の記録を、元に戻しました。"),
}


@desk_page
@require_safe
def reservation(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Show everything about a reservation and what can be done with it."""
    return render(request, "desk/reservation.html", _facts(my_reservation(request.staff, ref)))


@desk_page
@require_POST
def attendance(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Note arrived, not come, or unknown again."""
    view = my_reservation(request.staff, ref)
    word = request.POST.get("attendance", "")
    if word in _NOTED:
        record_attendance(ref=ref, attendance=word, actor=request.staff.actor, now=clock_now())
        messages.success(request, _NOTED[word])
    return redirect("desk:reservation", ref=view.ref)


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Say what the rules mean for a refund, ask for the reason, cancel."""
    view, now = my_reservation(request.staff, ref), clock_now()
    form = CancelForm(request.POST or None, view=view)
    valid = form.is_valid()
    terms = reservation_cancellation(ref=ref, now=now, channel="desk", **form.terms())
    looking = request.POST.get("step") == "look"
    decides = request.staff.is_admin or hall_may_decide(ref)
    back = plan_words(view, terms.refund_yen)
    facts = {"view": view, "form": form, "terms": terms, "back": back, "decides": decides}
    if terms.refund_yen is None:
        form.leave_open(decides=decides, looking=looking)
    if looking:
        return render(request, "desk/cancel.html", facts, status=200 if valid else 422)
    return carry_out(request, form, lambda: _cancel(request, ref, form, now), "desk/cancel.html", facts)


def _cancel(request: StaffRequest, ref: UUID, form: CancelForm, now: datetime) -> HttpResponse:
    given = {"reason": form.cleaned_data["reason"], form.amount: form.cleaned_data.get("refund_yen")}
    cancel_reservation(ref=ref, actor=request.staff.actor, now=now, **given, **form.terms())
    messages.success(request, _("予約を取り消しました。"))
    return redirect("desk:reservation", ref=ref)


@desk_page
@require_POST
def key(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Note that the physical key was given out, or came back."""
    view, now = my_reservation(request.staff, ref), clock_now()
    if request.POST.get("key") == "out":
        given_to = request.POST.get("given_to", "").strip() or view.resident.name
        hand_over_key(subject=ref, given_to=given_to, staff_id=request.staff.id, now=now)
        messages.success(request, _("鍵を渡したことを記録しました。"))
    else:
        take_back_key(subject=ref, staff_id=request.staff.id, now=now)
        messages.success(request, _("鍵が返ったことを記録しました。"))
    return redirect("desk:reservation", ref=ref)


def _facts(view: ReservationView) -> dict[str, Any]:
    return {
        "view": view,
        "access": access_states([view.ref]).get(view.ref),
        "history": reservation_history(ref=view.ref),
        "offences": offence_of_reservation(view.ref),
        "counts_absence": counts_absence(view.ref),
        "day": view.starts_at,
        **money_back(view.ref),
        **papers_of(view),
    }
