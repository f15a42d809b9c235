"""Four eyes: a large refund that one person decided is sent once another one agreed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from payments.ledger import LockedCharge
from payments.models import Refund
from payments.refunds.deciding import first_state, keep_after_all, lock_refund, start
from payments.refunds.errors import ReasonNeeded, RefundMovedOn, SecondPersonNeeded
from payments.refunds.news import news_of

State = Refund.State


@transaction.atomic
def approve_refund(*, ref: UUID, staff_id: int, now: datetime) -> Refund:
    """Agree to a refund that a colleague decided: it goes its way now.

    Of approving and declining at once one wins. Raises RefundNotFound, RefundMovedOn, SecondPersonNeeded.
    """
    refund = _waiting(ref, staff_id)[0]
    known = refund.route == Refund.Route.BANK_TRANSFER and refund.bank_account is not None
    refund.state = State.READY if known else first_state(Refund.Route(refund.route))
    refund.approved_by_id, refund.approved_at, refund.updated_at = staff_id, now, now
    refund.save(update_fields=["state", "approved_by", "approved_at", "updated_at"])
    start(refund)
    news_of(refund)
    return refund


@transaction.atomic
def decline_refund(*, ref: UUID, staff_id: int, reason: str, now: datetime) -> None:
    """Disagree: nothing goes back, and the decision is taken back in the ledger. It may be decided anew.

    Raises ReasonNeeded, RefundNotFound, RefundMovedOn, SecondPersonNeeded.
    """
    if not reason.strip():
        raise ReasonNeeded
    refund, charge = _waiting(ref, staff_id)
    keep_after_all(refund, charge, reason=reason.strip(), actor=Actor("staff", staff_id), now=now)
    news_of(refund)


def _waiting(ref: UUID, staff_id: int) -> tuple[Refund, LockedCharge]:
    refund, charge = lock_refund(ref)
    if refund.state != State.AWAITING_APPROVAL:
        raise RefundMovedOn
    if refund.decided_by_kind == "staff" and refund.decided_by_id == staff_id:
        raise SecondPersonNeeded
    return refund, charge
