"""The charge under lock, and the one way an entry gets into the ledger. For the services of this app only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.actors import Actor
from payments.errors import ChargeNotFound
from payments.models import LedgerEntry, Payee
from payments.queries import SUMS, Sums
from payments.years import booked_year

Kind = LedgerEntry.Kind
Budget = LedgerEntry.Budget

_LOCK = """
SELECT id, payer, title, fiscal_year, item_id, facility_id FROM payments_charge
WHERE {what} = %s FOR NO KEY UPDATE
"""
_SUMS = f"SELECT {SUMS} FROM payments_ledgerentry e WHERE e.charge_id = %s"  # noqa: S608


@dataclass(frozen=True, slots=True)
class LockedCharge:
    """A charge nobody else can move until this transaction ends, and what its entries come to."""

    id: int
    payer: str
    title: str
    fiscal_year: int
    item_id: int
    facility_id: int | None
    sums: Sums


def lock_subject(subject: UUID) -> LockedCharge:
    """Lock the charge of a subject, then add up its entries: the second statement sees what the former owner of the
    lock wrote. Raises ChargeNotFound.
    """
    return _lock(_LOCK.format(what="subject"), subject)


def lock_by_id(charge_id: int) -> LockedCharge:
    """Lock a charge by its id, like ``lock_subject``. Several: in ascending order. Raises ChargeNotFound."""
    return _lock(_LOCK.format(what="id"), charge_id)


def _lock(statement: str, value: UUID | int) -> LockedCharge:
    with connection.cursor() as cursor:
        cursor.execute(statement, [value])
        row = cursor.fetchone()
        if row is None:
            raise ChargeNotFound
        cursor.execute(_SUMS, [row[0]])
        sums: tuple[Any, ...] = cursor.fetchone()
    charge_id, payer, title, fiscal_year, item_id, facility_id = row
    return LockedCharge(charge_id, payer, title, fiscal_year, item_id, facility_id, Sums(*sums))


def enter(
    charge: LockedCharge,
    kind: LedgerEntry.Kind,
    yen: int,
    actor: Actor,
    now: datetime,
    *,
    gateway: str = "",
    memo: str = "",
    attempt_id: int | None = None,
    corrects_id: int | None = None,
    of_year: int | None = None,
    received_on: date | None = None,
) -> LedgerEntry:
    """Add an entry of ``yen`` to a charge that is locked. It is booked under the charge's item and hall.

    ``of_year``: the year the money was booked in that is given back or corrected; else the charge's. While its
    books are open, it is booked there (施行令165条の7), afterwards in the current year; public money that goes back
    then comes out of the budget's expenditure (165条の8). ``received_on``: see ``payments.years.booked_year``.
    """
    year = charge.fiscal_year if of_year is None else of_year
    booked = booked_year(year, now=now, received_on=received_on)
    return LedgerEntry.objects.create(
        charge_id=charge.id,
        kind=kind,
        yen=yen,
        at=now,
        actor_kind=actor.kind,
        actor_id=actor.id,
        gateway=gateway,
        memo=memo,
        fiscal_year=booked,
        item_id=charge.item_id,
        facility_id=charge.facility_id,
        budget=_budget(charge, kind) if booked != year else Budget.REVENUE,
        attempt_id=attempt_id,
        corrects_id=corrects_id,
    )


def _budget(charge: LockedCharge, kind: LedgerEntry.Kind) -> LedgerEntry.Budget:
    """Which side of the budget pays for what belongs to a closed year. A manager's income has no such sides."""
    if kind not in {Kind.REFUND_DECIDED, Kind.REFUNDED, Kind.REFUND_WITHDRAWN}:
        return Budget.REVENUE
    public = Payee.objects.filter(items=charge.item_id, kind=Payee.Kind.PUBLIC).exists()
    return Budget.EXPENDITURE if public else Budget.REVENUE
