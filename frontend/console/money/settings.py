"""Payees, revenue items, and what holds at a hall."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from facilities.asking import applicant_classes
from facilities.queries import staff_facilities, staff_facility
from frontend.access import StaffRequest, console_page
from frontend.answers import carry_out
from frontend.console.money.forms import HallMoneyForm, ItemForm, PayeeForm
from frontend.resident.days import today
from frontend.templatetags.machinoma import name_of
from payments.models import RevenueItem
from payments.payees import hall_terms, item_of, payee_of, payees, save_item, save_payee, set_hall_terms

_NEW_PAYEE = {"kind": "manager", "decided_by": "hall", "online_paper": "receipt"}


@console_page
@require_safe
def payee_list(request: StaffRequest) -> HttpResponse:
    """List who receives money, with their items."""
    return render(request, "console/money/payees.html", {"payees": payees()})


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def payee(request: StaffRequest, payee_id: int | None = None) -> HttpResponse:
    """Add or change a payee."""
    found = payee_of(payee_id) if payee_id else None
    form = PayeeForm(request.POST or None, initial=PayeeForm.initial_of(found) if found else _NEW_PAYEE)

    def act() -> HttpResponse:
        saved = save_payee(payee_id=payee_id, **form.cleaned_data)
        messages.success(request, _("収納する者の内容を保存しました。"))
        return redirect("console:payee", payee_id=saved.pk)

    return carry_out(request, form, act, "console/money/payee.html", {"form": form, "payee": found})


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: StaffRequest, revenue_item_id: int | None = None) -> HttpResponse:
    """Add or change a revenue item."""
    found = item_of(revenue_item_id) if revenue_item_id else None
    offered = [(one.pk, _name(request, one)) for one in payees()]
    form = ItemForm(
        request.POST or None, initial=ItemForm.initial_of(found) if found else None, payees=offered
    )

    def act() -> HttpResponse:
        save_item(item_id=revenue_item_id, **form.said())
        messages.success(request, _("歳入科目を保存しました。"))
        return redirect("console:payees")

    return carry_out(request, form, act, "console/money/item.html", {"form": form, "item": found})


@console_page
@require_safe
def halls(request: StaffRequest) -> HttpResponse:
    """List the halls with their item and ways."""
    terms = hall_terms()
    rows = [(hall, terms.get(hall.pk)) for hall in staff_facilities(None)]
    default = RevenueItem.objects.select_related("payee").filter(is_default=True).first()
    return render(request, "console/money/halls.html", {"rows": rows, "default": default})


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def hall(request: StaffRequest, facility_key: str) -> HttpResponse:
    """Say what holds at a hall."""
    facility = staff_facility(facility_key)
    form = HallMoneyForm(
        request.POST or None,
        initial=HallMoneyForm.initial_of(hall_terms().get(facility.pk)),
        items=[(one.pk, _item_name(request, one)) for one in RevenueItem.objects.select_related("payee")],
        classes=applicant_classes(today(clock_now())),
    )

    def act() -> HttpResponse:
        set_hall_terms(facility_id=facility.pk, **form.said())
        messages.success(request, _("館の決まりを保存しました。これからの予約に使います。"))
        return redirect("console:hall_money")

    return carry_out(request, form, act, "console/money/hall.html", {"form": form, "hall": facility})


def _name(request: StaffRequest, payee: object) -> str:
    return str(getattr(payee, "name", "")) or name_of(request.tenant)  # type: ignore[attr-defined]


def _item_name(request: StaffRequest, item: RevenueItem) -> str:
    return _("{item}（{payee}）").format(item=item, payee=_name(request, item.payee))
