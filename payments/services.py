"""What can be done with a charge: assess, reduce, collect, refund. Every step is an entry in the ledger."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from accounts.actors import SYSTEM, Actor
from payments.cash.drawers import note_cash
from payments.dues import payable_amounts
from payments.errors import (
    AlreadyAssessed,
    AlreadyPaid,
    AmountNotAccepted,
    CannotRaise,
    ChargeNotFound,
    InvalidAmount,
    NothingToPay,
    NothingToRefund,
    WrongAmount,
)
from payments.gateways import gateway
from payments.ledger import Kind, LockedCharge, enter, lock_by_id, lock_subject
from payments.models import Charge, Paper, Refund, Task
from payments.online.attempts import withdraw_live
from payments.papers.receipts import issue_receipt
from payments.queries import receipt_of
from payments.refunds.deciding import RefundDecision, decide_refund, finish, give_back_surplus
from payments.years import booked_year, fiscal_year_of
from tenants.jobs import enqueue

__all__ = [
    "RefundDecision",
    "assess_charge",
    "change_charge",
    "collect_cash",
    "collect_through",
    "fiscal_year_of",
    "lock_charge",
    "receipt_of",
    "reduce_charge",
    "refund_cash",
    "rename_charge",
]

# A single hall booking beyond this is a slip of the keyboard, and an int4 column must hold it.
MOST_YEN = 100_000_000

# One statement, because this is written inside every booking. Without terms of the hall: the default item.
_ASSESS = """
WITH i AS (
    SELECT coalesce((SELECT t.item_id FROM payments_hallterms t WHERE t.facility_id = %s),
                    (SELECT d.id FROM payments_revenueitem d WHERE d.is_default)) AS id
), c AS (
    INSERT INTO payments_charge (subject, payer, title, fiscal_year, item_id, facility_id, created_at)
    SELECT %s, %s, %s, %s, i.id, %s, %s FROM i ON CONFLICT (subject) DO NOTHING RETURNING id, fiscal_year, item_id,
              facility_id
), e AS (
    INSERT INTO payments_ledgerentry
        (charge_id, kind, yen, at, actor_kind, actor_id, gateway, memo, fiscal_year, item_id, facility_id, budget)
    SELECT c.id, 'assessed', a.yen, %s, %s, %s, '', '', c.fiscal_year, c.item_id, c.facility_id, 'revenue'
    FROM c, (SELECT %s::int AS yen) a WHERE a.yen > 0
)
SELECT id FROM c
"""


def assess_charge(
    *,
    subject: UUID,
    yen: int,
    title: str,
    payer: str,
    day: date,
    facility_id: int | None,
    actor: Actor,
    now: datetime,
) -> int:
    """Charge ``yen`` for a subject (調定) and return the charge's id; 0 yen: a charge with nothing due.

    ``day`` is the local day that decides the fiscal year; where that one's books are closed, it is the current one.
    Raises AlreadyAssessed, InvalidAmount.
    """
    if not 0 <= yen <= MOST_YEN:
        raise InvalidAmount
    year = booked_year(fiscal_year_of(day), now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            _ASSESS,
            [
                facility_id,
                *(subject, payer[:200], title[:250], year, facility_id, now),
                *(now, actor.kind, actor.id, yen),
            ],
        )
        row = cursor.fetchone()
    if row is None:
        raise AlreadyAssessed
    return int(row[0])


def lock_charge(*, subject: UUID) -> int:
    """Keep everybody else from moving a charge until the caller's transaction ends; return the yen collected so far,
    less what was decided to be given back.

    Whoever decides by what was paid (a cancellation) locks first, so that no cash comes in between.
    Raises ChargeNotFound.
    """
    sums = lock_subject(subject).sums
    return sums.collected - sums.refund_decided


@transaction.atomic
def reduce_charge(
    *,
    subject: UUID,
    to_yen: int,
    reason: str,
    actor: Actor,
    now: datetime,
    article: str = "",
    claim_until: date | None = None,
    by_rules: bool = False,
) -> RefundDecision | None:
    """Lower what a charge asks for to ``to_yen`` (減額調定). What was collected above it is decided as a refund, to be
    claimed until ``claim_until`` where that is given; ``by_rules``: see ``payments.refunds.deciding.decide_refund``.

    Returns the decision, or None when nothing has to be given back. Reducing twice to the same amount adds nothing.
    Raises ChargeNotFound, CannotRaise, InvalidAmount.
    """
    if to_yen < 0:
        raise InvalidAmount
    charge = lock_subject(subject)
    if to_yen > charge.sums.net:
        raise CannotRaise
    if to_yen < charge.sums.net:
        enter(charge, Kind.REDUCED, charge.sums.net - to_yen, actor, now, memo=reason)
        withdraw_live(charge.id, now=now)
        charge = lock_subject(subject)
    return give_back_surplus(
        charge,
        reason=reason,
        actor=actor,
        now=now,
        article=article,
        claim_until=claim_until,
        by_rules=by_rules,
    )


@transaction.atomic
def change_charge(
    *, subject: UUID, to_yen: int, reason: str, actor: Actor, now: datetime
) -> RefundDecision | None:
    """Make a charge ask for ``to_yen``: less as ``reduce_charge`` does, more by another assessment (増額調定).

    Raises ChargeNotFound, InvalidAmount.
    """
    if not 0 <= to_yen <= MOST_YEN:
        raise InvalidAmount
    charge = lock_subject(subject)
    if to_yen <= charge.sums.net:
        return reduce_charge(subject=subject, to_yen=to_yen, reason=reason, actor=actor, now=now)
    enter(charge, Kind.ASSESSED, to_yen - charge.sums.net, actor, now, memo=reason)
    withdraw_live(charge.id, now=now)
    return None


def rename_charge(*, subject: UUID, title: str, facility_id: int | None) -> None:
    """Let a charge be for another hall or room; its entries and receipts stay as they are. Raises ChargeNotFound."""
    if not Charge.objects.filter(subject=subject).update(title=title[:250], facility_id=facility_id):
        raise ChargeNotFound


@transaction.atomic
def collect_cash(*, subject: UUID, yen: int, staff_id: int, now: datetime) -> Paper:
    """Take the amount due in cash at the desk (収納) and issue the receipt: all of it or, where the rules divide it,
    the parts that are due first.

    Of two clerks who do it at once, one gets the receipt and the other AlreadyPaid.
    It goes into the clerk's open drawer, where the hall uses drawers.
    Raises ChargeNotFound, NothingToPay, AlreadyPaid, WrongAmount, AmountNotAccepted, NoDrawerOpen.
    """
    cash = gateway("desk_cash")
    charge = lock_subject(subject)
    if charge.sums.due == 0:
        raise AlreadyPaid if charge.sums.collected else NothingToPay
    if yen not in payable_amounts(charge):
        raise WrongAmount(due_yen=charge.sums.due)
    if not cash.limits.accept(yen):
        raise AmountNotAccepted
    entry = enter(charge, Kind.COLLECTED, yen, Actor("staff", staff_id), now, gateway=cash.key)
    note_cash(entry, staff_id=staff_id, now=now)
    _follow_collection(charge, now=now)
    return issue_receipt(entry=entry, actor=Actor("staff", staff_id), now=now, handed_over=True)


@transaction.atomic
def collect_through(
    *,
    charge_id: int,
    yen: int,
    gateway_key: str,
    actor: Actor,
    now: datetime,
    attempt_id: int | None = None,
    memo: str = "",
    received_on: date | None = None,
) -> RefundDecision | None:
    """Book what has come in elsewhere than at the desk (収納): it cannot be refused, it is there.

    ``received_on``: the local day it reached the bank, where that was earlier; it decides the year it is booked in.

    What exceeds what is asked for (the reservation is gone, or was paid otherwise meanwhile) is decided as a refund at
    once, and a clerk is told. Returns that decision. Raises ChargeNotFound.
    """
    charge = lock_by_id(charge_id)
    enter(
        charge,
        Kind.COLLECTED,
        yen,
        actor,
        now,
        gateway=gateway_key,
        memo=memo,
        attempt_id=attempt_id,
        received_on=received_on,
    )
    _follow_collection(charge, now=now, attempt_id=attempt_id)
    after = lock_by_id(charge_id)
    back = give_back_surplus(after, reason="支払う料金がないため", actor=SYSTEM, now=now)
    if back is None:
        back = _give_back_lapsed(after, yen, now=now)
    if back:
        Task.objects.get_or_create(
            kind=Task.Kind.PAID_TOO_LATE,
            cause=f"refund {back.refunds[0].pk}",
            defaults={
                "charge_id": charge_id,
                "attempt_id": attempt_id,
                "refund": back.refunds[0],
                "facts": {"yen": back.yen},
                "opened_at": now,
            },
        )
    return back


@transaction.atomic
def refund_cash(*, subject: UUID, staff_id: int, now: datetime) -> int:
    """Note that what is ready to be given back in cash was given back at the desk (還付済). Returns the yen.

    Raises ChargeNotFound, NothingToRefund, NoDrawerOpen, CashNotThere.
    """
    charge, cash = lock_subject(subject), gateway("desk_cash").key
    ready = Refund.objects.select_related("source").filter(
        charge_id=charge.id, route=Refund.Route.DESK_CASH, state=Refund.State.READY
    )
    yen = 0
    for refund in ready:
        entry = finish(refund, charge, gateway_key=cash, actor=Actor("staff", staff_id), now=now)
        note_cash(entry, staff_id=staff_id, now=now)
        yen += entry.yen
    if yen == 0:
        raise NothingToRefund
    return yen


def _give_back_lapsed(charge: LockedCharge, yen: int, *, now: datetime) -> RefundDecision | None:
    """Decide as a refund what just came in for a claim that was given up: it has lapsed, and there is nothing to pay
    (地方自治法236条)."""
    sums = charge.sums
    over = sums.collected - sums.refund_decided + sums.written_off - sums.net
    if not sums.written_off or over <= 0:
        return None
    reason = "時効で、請求しないことになった料金のため"
    return decide_refund(charge, min(over, yen), reason=reason, actor=SYSTEM, now=now)


def _follow_collection(before: LockedCharge, *, now: datetime, attempt_id: int | None = None) -> None:
    """After money came in: nobody pays the same at a provider; when it is paid, who promised the charge hears of it,
    and nobody has to ask for it any more."""
    withdraw_live(before.id, now=now, but=attempt_id)
    if before.sums.due and not lock_by_id(before.id).sums.due:
        subject = Charge.objects.values_list("subject", flat=True).get(pk=before.id)
        enqueue(settings.CHARGE_SETTLED_JOB, subject=str(subject))
        overdue = Task.objects.filter(charge_id=before.id, kind=Task.Kind.OVERDUE, closed_at=None)
        overdue.update(closed_at=now)
