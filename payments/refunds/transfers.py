"""Refunds by bank transfer: collected into a list for the treasurer's bank, done, or returned by it.

A refund is on one open list at most. Locks: charges in ascending order, then refunds, then the list.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts.actors import SYSTEM, Actor
from payments.ledger import Kind, enter, lock_by_id
from payments.models import Refund, Task, TransferList, TransferTerms
from payments.refunds.deciding import finish, give_back_surplus, lock_refund
from payments.refunds.errors import (
    NothingToTransfer,
    ReasonNeeded,
    RefundMovedOn,
    TransferListClosed,
    TransferListNotFound,
)
from payments.refunds.news import news_of
from payments.tasks import open_task

State = Refund.State
Route = Refund.Route
BANK_TRANSFER = "bank_transfer"


def ready_for_transfer(payee_id: int) -> QuerySet[Refund]:
    """Return the refunds of a payee whose account is known and that are on no list yet, the oldest first."""
    ready = Refund.objects.filter(
        route=Route.BANK_TRANSFER, state=State.READY, transfer_list=None, charge__item__payee_id=payee_id
    )
    return ready.select_related("charge__facility").order_by("pk")


def set_transfer_terms(*, payee_id: int, terms: TransferTerms) -> None:
    """Keep as whom a payee orders transfers at its bank, in place of what was kept before."""
    TransferTerms.objects.filter(payee_id=payee_id).delete()
    terms.payee_id = payee_id
    terms.save()


@transaction.atomic
def make_list(
    *, payee_id: int, refs: Collection[UUID], pay_on: date, staff_id: int, now: datetime
) -> TransferList:
    """Put refunds on a list that the bank transfers on ``pay_on``. What is not ready any more is left out.

    Raises NothingToTransfer.
    """
    wanted = list(ready_for_transfer(payee_id).filter(ref__in=refs).values_list("pk", "charge_id"))
    for charge_id in sorted({charge for _pk, charge in wanted}):
        lock_by_id(charge_id)
    rows = ready_for_transfer(payee_id).filter(pk__in=[pk for pk, _charge in wanted])
    ready = [one.pk for one in rows.select_for_update(no_key=True, of=("self",))]
    if not ready:
        raise NothingToTransfer
    made = TransferList.objects.create(payee_id=payee_id, pay_on=pay_on, made_at=now, made_by_id=staff_id)
    Refund.objects.filter(pk__in=ready).update(state=State.PENDING, transfer_list=made, updated_at=now)
    return made


@transaction.atomic
def drop_list(*, list_id: int, now: datetime) -> None:
    """Give up a list the bank did not get: its refunds wait for another one. Raises as ``finish_list``."""
    refunds, found = _open_list(list_id)
    mine = Refund.objects.filter(pk__in=refunds)
    mine.update(state=State.READY, transfer_list=None, updated_at=now)
    _close(found, TransferList.State.DROPPED, now)


@transaction.atomic
def finish_list(*, list_id: int, staff_id: int, now: datetime) -> int:
    """Note that the bank has transferred all that is still on a list (還付済). Returns the yen.

    Done twice at once, one does it. Raises TransferListNotFound, TransferListClosed.
    """
    refunds, found = _open_list(list_id)
    yen = 0
    for refund in Refund.objects.filter(pk__in=refunds).select_related("source").order_by("charge_id", "pk"):
        charge = lock_by_id(refund.charge_id)
        finish(refund, charge, gateway_key=BANK_TRANSFER, actor=Actor("staff", staff_id), now=now)
        yen += refund.yen
    _close(found, TransferList.State.DONE, now)
    return yen


@transaction.atomic
def return_transfer(*, ref: UUID, why: str, staff_id: int, now: datetime) -> None:
    """Note that the bank could not transfer a refund: the payer is asked for the account again.

    Where it had been noted as done, the money is here again: collected, and decided once more.
    Raises ReasonNeeded, RefundNotFound, RefundMovedOn.
    """
    if not why.strip():
        raise ReasonNeeded
    refund, charge = lock_refund(ref)
    if refund.route != Route.BANK_TRANSFER or refund.transfer_list_id is None or refund.bounced_at:
        raise RefundMovedOn
    again = refund
    if refund.state == State.DONE:
        Refund.objects.filter(pk=refund.pk).update(bounced_at=now, failure=why.strip()[:200], updated_at=now)
        actor, memo = Actor("staff", staff_id), f"振込みが戻った（{why.strip()}）"
        enter(charge, Kind.COLLECTED, refund.yen, actor, now, gateway=BANK_TRANSFER, memo=memo)
        back = give_back_surplus(
            lock_by_id(charge.id), reason=refund.reason, actor=SYSTEM, now=now, article=refund.article
        )
        again = back.refunds[0] if back else refund
    elif refund.state != State.PENDING:
        raise RefundMovedOn
    else:
        refund.state, refund.bank_account, refund.transfer_list = State.AWAITING_ACCOUNT, None, None
        refund.failure, refund.updated_at = why.strip()[:200], now
        refund.save(update_fields=["state", "bank_account", "transfer_list", "failure", "updated_at"])
    _ask_again(again, why.strip(), now)


def transfer_list_of(list_id: int) -> TransferList:
    """Return a list. Raises TransferListNotFound."""
    found = TransferList.objects.select_related("payee", "made_by").filter(pk=list_id).first()
    if found is None:
        raise TransferListNotFound
    return found


def refunds_on(list_id: int) -> QuerySet[Refund]:
    """Return the refunds on a list, in the order of the bank's file."""
    rows = Refund.objects.filter(transfer_list_id=list_id)
    return rows.select_related("charge__facility", "charge__item").order_by("pk")


def _open_list(list_id: int) -> tuple[list[int], TransferList]:
    """Lock the charges of what is on a list, then the refunds, then the list. Raises if it is not open."""
    on_list = Refund.objects.filter(transfer_list_id=list_id, state=State.PENDING)
    for charge_id in sorted(set(on_list.values_list("charge_id", flat=True))):
        lock_by_id(charge_id)
    locked = [one.pk for one in on_list.order_by("pk").select_for_update(no_key=True, of=("self",))]
    found = TransferList.objects.select_for_update(no_key=True).filter(pk=list_id).first()
    if found is None:
        raise TransferListNotFound
    if found.state != TransferList.State.OPEN:
        raise TransferListClosed
    return locked, found


def _close(found: TransferList, state: TransferList.State, now: datetime) -> None:
    TransferList.objects.filter(pk=found.pk).update(state=state, closed_at=now)


def _ask_again(refund: Refund, why: str, now: datetime) -> None:
    open_task(
        kind=Task.Kind.TRANSFER_RETURNED,
        cause=f"refund {refund.pk} {refund.updated_at.isoformat()}",
        charge_id=refund.charge_id,
        refund_id=refund.pk,
        facts={"yen": refund.yen, "code": why},
        now=now,
    )
    news_of(refund)
