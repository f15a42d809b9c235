"""Money at the desk: decide a price, take cash, show the numbered receipt, give money back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from booking.pricing import set_price
from booking.queries import ReservationView
from frontend.access import StaffRequest, desk_page
from frontend.answers import carry_out
from frontend.desk.forms import PriceForm
from frontend.desk.halls import my_reservation
from frontend.documents.money_papers import number_line
from frontend.middleware import log_refusal
from frontend.templatetags.machinoma import yen as in_words
from payments.errors import AlreadyPaid
from payments.models import Paper
from payments.papers.issuing import reissue_paper, truth_of
from payments.services import collect_cash, receipt_of, refund_cash
from tenants.errors import Refusal

# The receipt a clerk has just had issued, or issued again, and not seen yet: it can be printed once.
_FRESH = "fresh_receipt"


@desk_page
@require_safe
def menu(request: StaffRequest) -> HttpResponse:
    """Show what can be done with money at the desk."""
    return render(request, "desk/money/index.html")


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def cash(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Show the amount due; take it, and go to the receipt."""
    view = my_reservation(request.staff, ref)
    problem: Refusal | None = None
    if request.method == "POST":
        try:
            return _collect(request, view)
        except AlreadyPaid as refusal:
            messages.warning(request, _(refusal.message))
            return redirect("desk:receipt", ref=ref)
        except Refusal as refusal:
            log_refusal(refusal)
            problem = refusal
    facts: dict[str, Any] = {"view": view, "due": due_yen(view), "problem": problem}
    return render(request, "desk/cash.html", facts, status=422 if problem else 200)


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def price(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Decide the price where the rules leave it open, or another one than theirs, with the reason."""
    view = my_reservation(request.staff, ref)
    form = PriceForm(request.POST or None, initial={"yen": view.price_yen})

    def act() -> HttpResponse:
        said = form.cleaned_data
        set_price(ref=ref, actor=request.staff.actor, now=clock_now(), **said)
        messages.success(request, _("料金を %(yen)s にしました。") % {"yen": in_words(said["yen"])})
        return redirect("desk:reservation", ref=ref)

    return carry_out(request, form, act, "desk/price.html", {"view": view, "form": form})


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Show the receipt for printing, once; who wants it again has it issued again (再発行), which is recorded."""
    view = my_reservation(request.staff, ref)
    given = receipt_of(ref)
    if given is None:
        return redirect("desk:cash", ref=ref)
    if request.method == "POST":
        return _print_again(request, view, given)
    printable = request.session.pop(_FRESH, None) == given.number
    facts = {"receipt": given, "number": number_line(given), "truth": truth_of(given)}
    return render(request, "desk/receipt.html", {"view": view, "printable": printable, **facts})


@desk_page
@require_POST
def refund(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Note that the money decided to be given back was given back in cash."""
    view = my_reservation(request.staff, ref)
    given = refund_cash(subject=ref, staff_id=request.staff.id, now=clock_now())
    messages.success(request, _("%(yen)s を返したことを記録しました。") % {"yen": in_words(given)})
    return redirect("desk:reservation", ref=view.ref)


def due_yen(view: ReservationView) -> int:
    """Return what is still to be paid, in yen."""
    return view.payment.due_yen


def _collect(request: StaffRequest, view: ReservationView) -> HttpResponse:
    typed = request.POST.get("yen", "")
    yen = int(typed) if typed.isdecimal() and len(typed) <= 9 else -1
    made = collect_cash(subject=view.ref, yen=yen, staff_id=request.staff.id, now=clock_now())
    request.session[_FRESH] = made.number
    messages.success(request, _("現金を受け取りました。領収書を渡してください。"))
    return redirect("desk:receipt", ref=view.ref)


def _print_again(request: StaffRequest, view: ReservationView, given: Paper) -> HttpResponse:
    reason, now = _("窓口で印刷"), clock_now()
    reissue_paper(token=given.token, reason=reason, actor=request.staff.actor, now=now)
    request.session[_FRESH] = given.number
    return redirect("desk:receipt", ref=view.ref)
