"""Transfers of refunds: lists for the payees' banks, their files, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frontend.access import StaffRequest, console_page
from frontend.answers import carry_out
from frontend.console.money.transfer_forms import ListForm, TermsForm
from frontend.templatetags.machinoma import yen
from payments.models import Payee, Refund, TransferList, TransferTerms
from payments.refunds.queries import masked_account
from payments.refunds.transfer_files import BANK_ENCODING, bank_file, csv_file
from payments.refunds.transfers import (
    drop_list,
    finish_list,
    make_list,
    ready_for_transfer,
    refunds_on,
    return_transfer,
    set_transfer_terms,
    transfer_list_of,
)
from payments.years import today_at

_LATEST = 30


@dataclass(frozen=True, slots=True)
class OfPayee:
    """A payee with what waits for a transfer."""

    payee: Payee
    ready: int
    has_terms: bool


@console_page
@require_safe
def transfers(request: StaffRequest) -> HttpResponse:
    """Show what waits for a transfer, by payee, and the last lists."""
    payees = [
        OfPayee(one, ready_for_transfer(one.pk).count(), TransferTerms.objects.filter(payee=one).exists())
        for one in Payee.objects.order_by("pk")
    ]
    lists = TransferList.objects.select_related("payee", "made_by")[:_LATEST]
    return render(request, "console/money/transfers.html", {"payees": payees, "lists": lists})


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_list(request: StaffRequest, payee_id: int) -> HttpResponse:
    """Choose which refunds of a payee are transferred, and when."""
    payee, now = get_object_or_404(Payee, pk=payee_id), clock_now()
    ready = list(ready_for_transfer(payee.pk))
    choices = [(str(one.ref), f"{one.charge.payer} {yen(one.yen)}（{masked_account(one)}）") for one in ready]
    form = ListForm(request.POST or None, choices=choices, today=today_at(now))

    def act() -> HttpResponse:
        refs = [UUID(one) for one in form.cleaned_data["refs"]]
        pay_on = form.cleaned_data["pay_on"]
        made = make_list(payee_id=payee.pk, refs=refs, pay_on=pay_on, staff_id=request.staff.id, now=now)
        messages.success(request, _("振込みの一覧を作りました。"))
        return redirect("console:transfer_list", made.pk)

    return carry_out(
        request, form, act, "console/money/transfer_new.html", {"payee": payee, "form": form, "ready": ready}
    )


@console_page
@require_safe
def transfer_list(request: StaffRequest, transfer_list_id: int) -> HttpResponse:
    """Show a list with its files and what became of each refund on it."""
    found = transfer_list_of(transfer_list_id)
    rows = [(one, masked_account(one)) for one in refunds_on(found.pk)]
    total = sum(one.yen for one, _account in rows)
    has_terms = TransferTerms.objects.filter(payee_id=found.payee_id).exists()
    facts = {"list": found, "rows": rows, "total": total, "has_terms": has_terms}
    return render(request, "console/money/transfer_list.html", facts)


@console_page
@require_safe
def download(request: StaffRequest, transfer_list_id: int) -> HttpResponse:
    """Give the list for people and spreadsheets."""
    found = transfer_list_of(transfer_list_id)
    return _file(csv_file(found), "text/csv; charset=utf-8", f"transfers-{found.pk}.csv")


@console_page
@require_safe
def bank(request: StaffRequest, transfer_list_id: int) -> HttpResponse:
    """Give the list as the bank takes it."""
    found = transfer_list_of(transfer_list_id)
    return _file(bank_file(found), f"text/plain; charset={BANK_ENCODING}", f"transfers-{found.pk}.txt")


@console_page
@require_POST
def finish(request: StaffRequest, transfer_list_id: int) -> HttpResponse:
    """Note that the bank has done it, or that the list was given up."""
    now = clock_now()
    if request.POST.get("act") == "drop":
        drop_list(list_id=transfer_list_id, now=now)
        messages.success(request, _("この一覧を取りやめました。返金は、つぎの一覧に入ります。"))
    else:
        done = finish_list(list_id=transfer_list_id, staff_id=request.staff.id, now=now)
        messages.success(request, _("%(yen)s の振込みを記録しました。") % {"yen": yen(done)})
    return redirect("console:transfer_list", transfer_list_id)


@console_page
@require_POST
def returned(request: StaffRequest, transfer_list_id: int, refund: UUID) -> HttpResponse:
    """Note that the bank returned one transfer, and why."""
    why = request.POST.get("why", "")[:200]
    get_object_or_404(Refund, ref=refund, transfer_list_id=transfer_list_id)
    return_transfer(ref=refund, why=why, staff_id=request.staff.id, now=clock_now())
    messages.success(request, _("戻った振込みを記録しました。利用者に、口座をもう一度聞きます。"))
    return redirect("console:transfer_list", transfer_list_id)


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: StaffRequest, payee_id: int) -> HttpResponse:
    """Keep as whom a payee orders transfers at its bank."""
    payee = get_object_or_404(Payee, pk=payee_id)
    kept = TransferTerms.objects.filter(payee=payee).values().first()
    form = TermsForm(request.POST or None, initial=kept)

    def act() -> HttpResponse:
        set_transfer_terms(payee_id=payee.pk, terms=form.terms())
        messages.success(request, _("保存しました。"))
        return redirect("console:transfers")

    return carry_out(request, form, act, "console/money/transfer_terms.html", {"payee": payee, "form": form})


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
