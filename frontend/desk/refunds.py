"""Refunds at the desk: what waits for whom, and one refund with what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import StaffMember
from booking.queries import ReservationView, reservation_for_staff
from booking.refunds import bookings_to_credit, credit_booking
from frontend.access import StaffRequest, desk_page
from frontend.bank_forms import AccountForm
from frontend.desk.refund_forms import RouteForm, WhyForm
from frontend.middleware import log_refusal
from frontend.templatetags.machinoma import yen as in_words
from payments.models import Refund
from payments.refunds.approving import approve_refund, decline_refund
from payments.refunds.claims import forgo_refund
from payments.refunds.errors import RefundMovedOn
from payments.refunds.left_open import open_question
from payments.refunds.queries import masked_account, refund_of, refunds_of, waiting_refunds
from payments.refunds.rerouting import change_route, give_account, may_change, routes_of
from payments.services import refund_cash
from payments.years import today_at
from tenants.errors import Refusal

State, Route = Refund.State, Refund.Route

GROUP_NAMES = {
    "approval": gettext_lazy("もう一人の承認を待つ返金"),
    "desk": gettext_lazy("窓口で、現金で返すもの"),
    "payer": gettext_lazy("本人を待っているもの（口座の入力など）"),
    "bank": gettext_lazy("振り込むもの"),
    "way": gettext_lazy("カード・PayPayなどにもどしているもの"),
    "done": gettext_lazy("最近返したもの"),
}
_MOST = 200


def my_facilities(staff: StaffMember) -> frozenset[int] | None:
    """Return the halls whose money this person sees; None: all."""
    return None if staff.is_admin else frozenset(staff.facility_ids)


def money_back(ref: UUID) -> dict[str, Any]:
    """Return what a reservation's page shows of its refunds."""
    found = refunds_of(ref)
    cash = [one.yen for one in found if one.state == State.READY and one.route == Route.DESK_CASH]
    return {"refunds": found, "cash_ready_yen": sum(cash), "question": open_question(ref)}


@desk_page
@require_safe
def refunds(request: StaffRequest) -> HttpResponse:
    """Show every refund that waits for somebody, by whom it waits for, and the last ones that arrived."""
    mine = my_facilities(request.staff)
    groups = [
        (str(name), list(waiting_refunds(mine, key)[: 30 if key == "done" else _MOST]))
        for key, name in GROUP_NAMES.items()
    ]
    return render(request, "desk/money/refunds.html", {"groups": groups})


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def refund(request: StaffRequest, refund: UUID) -> HttpResponse:
    """Show one refund, and do what was asked: agree, decline, change its way, hand it out, take the account."""
    found = refund_of(refund, my_facilities(request.staff))
    forms = _forms(request, found)
    problem: Refusal | None = None
    act = _ACTS.get(request.POST.get("act", "")) if request.method == "POST" else None
    form = forms.get(request.POST.get("act", ""))
    if act and (form is None or form.is_valid()):
        try:
            messages.success(request, act(request, found, form))
            return redirect("desk:refund-one", refund)
        except Refusal as refusal:
            log_refusal(refusal)
            problem, found = refusal, refund_of(refund)
    wrong = bool(problem or (form and form.errors))
    facts = _facts(request.staff, found) | {"forms": forms, "form": form, "problem": problem}
    return render(request, "desk/money/refund.html", facts, status=422 if wrong else 200)


def _facts(staff: StaffMember, found: Refund) -> dict[str, Any]:
    changes = may_change(found)
    own = found.decided_by_kind == "staff" and found.decided_by_id == staff.id
    late = bool(found.claim_until and today_at(clock_now()) > found.claim_until)
    waiting = found.state == State.AWAITING_APPROVAL
    return {
        "refund": found,
        "view": _view(found),
        "account": masked_account(found),
        "may_approve": waiting and not own,
        "waits_for_other": waiting and own,
        "may_change": changes,
        "may_hand_out": found.state == State.READY and found.route == Route.DESK_CASH,
        "may_take_account": changes and found.route == Route.BANK_TRANSFER,
        "may_forgo": changes and late and staff.is_admin and not waiting,
        "credits": bookings_to_credit(found.charge.subject)
        if changes and not waiting and _view(found)
        else [],
    }


def _view(found: Refund) -> ReservationView | None:
    """The booking it is about; a charge may be for something else."""
    try:
        return reservation_for_staff(ref=found.charge.subject)
    except Refusal:
        return None


def _forms(request: StaffRequest, found: Refund) -> dict[str, Form]:
    """The forms of the page; the one that was sent has what was typed."""
    act = request.POST.get("act", "")
    sent = {name: request.POST if act == name else None for name in ("decline", "route", "account", "forgo")}
    routes = tuple(str(one) for one in routes_of(found))
    return {
        "decline": WhyForm(sent["decline"], prefix="decline"),
        "route": RouteForm(sent["route"], routes=routes, initial={"route": found.route}, prefix="route"),
        "account": AccountForm(sent["account"], prefix="account"),
        "forgo": WhyForm(sent["forgo"], prefix="forgo"),
    }


def _approve(request: StaffRequest, found: Refund, form: Form | None) -> str:
    approve_refund(ref=found.ref, staff_id=request.staff.id, now=clock_now())
    return _("承認しました。返金の手続きに進みます。")


def _decline(request: StaffRequest, found: Refund, form: Form | None) -> str:
    reason = form.cleaned_data["reason"] if form else ""
    decline_refund(ref=found.ref, staff_id=request.staff.id, reason=reason, now=clock_now())
    return _("承認しませんでした。返金は取りやめになりました。")


def _route(request: StaffRequest, found: Refund, form: Form | None) -> str:
    route = Route(form.cleaned_data["route"]) if form else Route(found.route)
    change_route(ref=found.ref, route=route, actor=request.staff.actor, now=clock_now())
    return _("返し方を変えました。")


def _account(request: StaffRequest, found: Refund, form: Form | None) -> str:
    if not isinstance(form, AccountForm) or form.account is None:
        raise RefundMovedOn
    give_account(ref=found.ref, account=form.account, actor=request.staff.actor, now=clock_now())
    return _("口座を記録しました。つぎの振込みの一覧に入ります。")


def _cash(request: StaffRequest, found: Refund, form: Form | None) -> str:
    given = refund_cash(subject=found.charge.subject, staff_id=request.staff.id, now=clock_now())
    return _("%(yen)s を返したことを記録しました。") % {"yen": in_words(given)}


def _credit(request: StaffRequest, found: Refund, form: Form | None) -> str:
    try:
        to_ref = UUID(request.POST.get("to", ""))
    except ValueError:
        raise RefundMovedOn from None
    made = credit_booking(
        ref=found.charge.subject, refund=found.ref, to_ref=to_ref, actor=request.staff.actor, now=clock_now()
    )
    return _("%(yen)s を、ほかの予約の料金に充てました。") % {"yen": in_words(made.yen)}


def _forgo(request: StaffRequest, found: Refund, form: Form | None) -> str:
    if not request.staff.is_admin:
        raise RefundMovedOn
    reason = form.cleaned_data["reason"] if form else ""
    forgo_refund(ref=found.ref, reason=reason, staff_id=request.staff.id, now=clock_now())
    return _("返金を取りやめました。")


_ACTS: dict[str, Callable[[StaffRequest, Refund, Form | None], str]] = {
    "approve": _approve,
    "decline": _decline,
    "route": _route,
    "account": _account,
    "cash": _cash,
    "credit": _credit,
    "forgo": _forgo,
}
