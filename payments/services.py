"""What can be done with a charge: assess, reduce, collect, refund. Every step is an entry in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from accounts.actors import Actor
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
from payments.models import Charge, LedgerEntry, Receipt
from payments.queries import SUMS, Sums, receipt_of
from tenants.context import current_zone

__all__ = [
    "RefundDecision",
    "assess_charge",
    "change_charge",
    "collect_cash",
    "fiscal_year_of",
    "lock_charge",
    "receipt_of",
    "reduce_charge",
    "refund_cash",
    "rename_charge",
]

Kind = LedgerEntry.Kind

# A single hall booking beyond this is a slip of the keyboard, and an int4 column must hold it.
MOST_YEN = 100_000_000

# One statement, because this is written inside every booking.
_ASSESS = """
WITH c AS (
    INSERT INTO payments_charge (subject, payer, title, fiscal_year, facility_id, created_at)
    VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (subject) DO NOTHING RETURNING id
), e AS (
    INSERT INTO payments_ledgerentry (charge_id, kind, yen, at, actor_kind, actor_id, gateway, memo)
    SELECT c.id, 'assessed', a.yen, %s, %s, %s, '', '' FROM c, (SELECT %s::int AS yen) a WHERE a.yen > 0
)
SELECT id FROM c
"""

_LOCK = "SELECT id, payer, title FROM payments_charge WHERE subject = %s FOR NO KEY UPDATE"
_SUMS = f"SELECT {SUMS} FROM payments_ledgerentry e WHERE e.charge_id = %s"  # noqa: S608

# The row stays locked until the receipt is committed, and a rollback takes the number back: no gaps.
_NEXT_NUMBER = """
INSERT INTO payments_receiptcounter (fiscal_year, last) VALUES (%s, 1)
ON CONFLICT (fiscal_year) DO UPDATE SET last = payments_receiptcounter.last + 1 RETURNING last
"""


@dataclass(frozen=True, slots=True)
class RefundDecision:
    """It was decided to give back ``yen``; ``entry_id`` is the ledger entry that says so."""

    entry_id: int
    yen: int


@dataclass(frozen=True, slots=True)
class _Locked:
    """A charge nobody else can move until this transaction ends."""

    id: int
    payer: str
    title: str
    sums: Sums


def fiscal_year_of(day: date) -> int:
    """Return the fiscal year (会計年度, April to March) of a local day."""
    return day.year if day.month >= 4 else day.year - 1


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

    ``day`` is the local day that decides the fiscal year. Raises AlreadyAssessed, InvalidAmount.
    """
    if not 0 <= yen <= MOST_YEN:
        raise InvalidAmount
    with connection.cursor() as cursor:
        cursor.execute(
            _ASSESS,
            [
                *(subject, payer[:200], title[:250], fiscal_year_of(day), facility_id, now),
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
    sums = _lock(subject).sums
    return sums.collected - sums.refund_decided


@transaction.atomic
def reduce_charge(
    *, subject: UUID, to_yen: int, reason: str, actor: Actor, now: datetime
) -> RefundDecision | None:
    """Lower what a charge asks for to ``to_yen`` (減額調定). What was collected above it is decided as a refund.

    Returns the decision, or None when nothing has to be given back. Reducing twice to the same amount adds nothing.
    Raises ChargeNotFound, CannotRaise, InvalidAmount.
    """
    if to_yen < 0:
        raise InvalidAmount
    charge = _lock(subject)
    sums = charge.sums
    if to_yen > sums.net:
        raise CannotRaise
    if to_yen < sums.net:
        _enter(charge, Kind.REDUCED, sums.net - to_yen, actor, now, memo=reason)
    surplus = sums.collected - sums.refund_decided - to_yen
    if surplus <= 0:
        return None
    entry = _enter(charge, Kind.REFUND_DECIDED, surplus, actor, now, memo=reason)
    return RefundDecision(entry.pk, surplus)


@transaction.atomic
def change_charge(
    *, subject: UUID, to_yen: int, reason: str, actor: Actor, now: datetime
) -> RefundDecision | None:
    """Make a charge ask for ``to_yen``: less as ``reduce_charge`` does, more by another assessment (増額調定).

    Raises ChargeNotFound, InvalidAmount.
    """
    if not 0 <= to_yen <= MOST_YEN:
        raise InvalidAmount
    charge = _lock(subject)
    if to_yen <= charge.sums.net:
        return reduce_charge(subject=subject, to_yen=to_yen, reason=reason, actor=actor, now=now)
    _enter(charge, Kind.ASSESSED, to_yen - charge.sums.net, actor, now, memo=reason)
    return None


def rename_charge(*, subject: UUID, title: str, facility_id: int | None) -> None:
    """Let a charge be for another hall or room; its entries and receipts stay as they are. Raises ChargeNotFound."""
    if not Charge.objects.filter(subject=subject).update(title=title[:250], facility_id=facility_id):
        raise ChargeNotFound


@transaction.atomic
def collect_cash(*, subject: UUID, yen: int, staff_id: int, now: datetime) -> Receipt:
    """Take the whole amount due in cash at the desk (収納) and issue the receipt.

    Of two clerks who do it at once, one gets the receipt and the other AlreadyPaid.
    Raises ChargeNotFound, NothingToPay, AlreadyPaid, WrongAmount, AmountNotAccepted.
    """
    cash = gateway("desk_cash")
    charge = _lock(subject)
    if charge.sums.due == 0:
        raise AlreadyPaid if charge.sums.collected else NothingToPay
    if yen != charge.sums.due:
        raise WrongAmount(due_yen=charge.sums.due)
    if not cash.limits.accept(yen):
        raise AmountNotAccepted
    entry = _enter(charge, Kind.COLLECTED, yen, Actor("staff", staff_id), now, gateway_key=cash.key)
    fiscal_year = fiscal_year_of(now.astimezone(current_zone()).date())
    return Receipt.objects.create(
        fiscal_year=fiscal_year,
        serial=_next_number(fiscal_year),
        entry=entry,
        yen=yen,
        payer=charge.payer,
        title=charge.title,
        issued_at=now,
        issued_by_id=staff_id,
    )


@transaction.atomic
def refund_cash(*, subject: UUID, staff_id: int, now: datetime) -> int:
    """Note that what was decided as a refund was given back in cash at the desk (還付済). Returns the yen.

    Raises ChargeNotFound, NothingToRefund.
    """
    charge = _lock(subject)
    yen = charge.sums.refund_due
    if yen <= 0:
        raise NothingToRefund
    _enter(charge, Kind.REFUNDED, yen, Actor("staff", staff_id), now, gateway_key=gateway("desk_cash").key)
    return yen


def _lock(subject: UUID) -> _Locked:
    """Lock the charge, then add up its entries: the second statement sees what the former owner of the lock wrote."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [subject])
        row = cursor.fetchone()
        if row is None:
            raise ChargeNotFound
        cursor.execute(_SUMS, [row[0]])
        sums: tuple[Any, ...] = cursor.fetchone()
    charge_id, payer, title = row
    return _Locked(charge_id, payer, title, Sums(*sums))


def _enter(
    charge: _Locked,
    kind: LedgerEntry.Kind,
    yen: int,
    actor: Actor,
    now: datetime,
    *,
    gateway_key: str = "",
    memo: str = "",
) -> LedgerEntry:
    return LedgerEntry.objects.create(
        charge_id=charge.id,
        kind=kind,
        yen=yen,
        at=now,
        actor_kind=actor.kind,
        actor_id=actor.id,
        gateway=gateway_key,
        memo=memo,
    )


def _next_number(fiscal_year: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_NUMBER, [fiscal_year])
        return int(cursor.fetchone()[0])
