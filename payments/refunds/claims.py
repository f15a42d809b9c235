"""Refunds that have to be claimed in time, and what becomes of those nobody claimed: a person decides."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.actors import Actor
from payments.models import Refund, Task
from payments.refunds.deciding import keep_after_all, lock_refund
from payments.refunds.errors import ReasonNeeded, RefundMovedOn
from payments.refunds.news import news_of
from payments.refunds.rerouting import may_change
from payments.tasks import open_task
from payments.years import today_at

State = Refund.State
Route = Refund.Route

# Who is waited for is the payer: for an account, or at the desk.
UNCLAIMED = Q(state=State.AWAITING_ACCOUNT) | Q(state=State.READY, route=Route.DESK_CASH)


def note_unclaimed(*, now: datetime) -> int:
    """Let a clerk look at each refund whose payer did not claim it in time. Returns how many. May run twice."""
    late = Refund.objects.filter(UNCLAIMED, claim_until__lt=today_at(now))
    for refund in late:
        open_task(
            kind=Task.Kind.REFUND_UNCLAIMED,
            cause=f"refund {refund.pk}",
            charge_id=refund.charge_id,
            refund_id=refund.pk,
            facts={"yen": refund.yen, "claim_until": str(refund.claim_until)},
            now=now,
        )
    return len(late)


@transaction.atomic
def forgo_refund(*, ref: UUID, reason: str, staff_id: int, now: datetime) -> None:
    """Decide that a refund nobody claimed in time is not given back: the decision is taken back in the ledger.

    Raises ReasonNeeded, RefundNotFound, RefundMovedOn (it was claimed, or there is still time).
    """
    if not reason.strip():
        raise ReasonNeeded
    refund, charge = lock_refund(ref)
    in_time = refund.claim_until is None or refund.claim_until >= today_at(now)
    waiting = refund.state == State.AWAITING_ACCOUNT or refund.route == Route.DESK_CASH
    if in_time or not waiting or not may_change(refund):
        raise RefundMovedOn
    keep_after_all(refund, charge, reason=reason.strip(), actor=Actor("staff", staff_id), now=now)
    news_of(refund)
