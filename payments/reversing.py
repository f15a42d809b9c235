"""Taking back a collection that was wrong (収納取消し): cash entered for another charge, a line of the bank misread."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from payments.cash.drawers import note_cash
from payments.ledger import Kind, enter, lock_by_id
from payments.models import LedgerEntry, Refund
from payments.refunds.errors import CannotReverse, ReasonNeeded

# What came through a provider is there: it is refunded. What was credited is on two charges.
REVERSIBLE = ("desk_cash", "bank_slip")


@transaction.atomic
def reverse_collection(*, entry_id: int, reason: str, staff_id: int, now: datetime) -> LedgerEntry:
    """Take a wrong collection back; the charge is to be paid again. Cash leaves the drawer of who takes it back.

    Not what was given back already, in part or in whole. Of two at once, one does it. Raises ReasonNeeded,
    CannotReverse, payments.errors.NoDrawerOpen, CashNotThere.
    """
    if not reason.strip():
        raise ReasonNeeded
    found = LedgerEntry.objects.filter(pk=entry_id, kind=Kind.COLLECTED, gateway__in=REVERSIBLE).first()
    if found is None:
        raise CannotReverse
    charge = lock_by_id(found.charge_id)
    if not may_reverse(found):
        raise CannotReverse
    entry = enter(
        charge,
        Kind.REVERSED,
        found.yen,
        Actor("staff", staff_id),
        now,
        gateway=found.gateway,
        memo=reason.strip(),
        corrects_id=found.pk,
        of_year=found.fiscal_year,
    )
    if found.gateway == "desk_cash":
        note_cash(entry, staff_id=staff_id, now=now)
    return entry


def collections_of(subject: UUID) -> list[tuple[LedgerEntry, bool]]:
    """Return what was collected for a charge, the oldest first, and whether it can be taken back."""
    entries = LedgerEntry.objects.filter(charge__subject=subject, kind=Kind.COLLECTED).order_by("pk")
    return [(entry, may_reverse(entry)) for entry in entries]


def may_reverse(entry: LedgerEntry) -> bool:
    """Whether a collection can be taken back: nothing of it was given back, nor was it taken back before."""
    given = Refund.objects.filter(source_id=entry.pk).exclude(state=Refund.State.WITHDRAWN).exists()
    taken = LedgerEntry.objects.filter(corrects_id=entry.pk).exists()
    return entry.gateway in REVERSIBLE and not given and not taken
