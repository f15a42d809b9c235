"""Until when a charge is paid (納期限): written down, asked about, and found once it is over.

What follows from being late is the caller's business (booking.dues). Amounts are whole yen; ``due_at`` is the first
moment too late.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from payments.ledger import LockedCharge, lock_subject
from payments.models import Attempt, AttemptCharge, Instalment, Paper, PaperCharge, PaperEvent
from payments.queries import SUMS, Sums

# Statuses in which somebody may still pay at the provider.
UNDER_WAY = (Attempt.State.WANTED, Attempt.State.OPEN, Attempt.State.VOUCHER_ISSUED)


@dataclass(frozen=True, slots=True)
class DuePart:
    """Until when (a part of) a charge is paid: ``due_at`` is the first moment too late, None where no day is written.

    ``yen`` None: all that is due. ``unpaid`` says what follows then: cancelled, or staff see to it.
    """

    due_at: datetime | None
    unpaid: str
    yen: int | None = None
    name: str = ""
    name_en: str = ""
    deferred: bool = False


@dataclass(frozen=True, slots=True)
class OpenPart:
    """What is still to be paid (``yen``, more than 0) of a part of a charge, and until when."""

    number: int
    yen: int
    due_at: datetime | None
    unpaid: str
    deferred: bool
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Late:
    """A locked charge with the parts that are late and not paid. ``payable_until``: somebody may still pay at the
    provider until then. ``is_divided``: the rules let it be paid in several parts. ``has_slip``: a slip is out, and the
    bank tells of a payment only days later."""

    charge: LockedCharge
    parts: tuple[OpenPart, ...]
    is_divided: bool
    payable_until: datetime | None
    has_slip: bool


_WRITE = """
INSERT INTO payments_instalment (charge_id, number, name, name_en, yen, due_at, deferred, unpaid)
SELECT %s, p.* FROM unnest(%s::int[], %s::text[], %s::text[], %s::int[], %s::timestamptz[], %s::bool[], %s::text[]) p
"""
# What was told of a day stays told; of another day it is told anew.
_REPLACE = f"""{_WRITE}
ON CONFLICT (charge_id, number) DO UPDATE SET
    name = excluded.name, name_en = excluded.name_en, yen = excluded.yen, due_at = excluded.due_at,
    deferred = excluded.deferred, unpaid = excluded.unpaid,
    reminded_at = CASE WHEN payments_instalment.due_at IS NOT DISTINCT FROM excluded.due_at
                       THEN payments_instalment.reminded_at END,
    lapsed_at = CASE WHEN payments_instalment.due_at IS NOT DISTINCT FROM excluded.due_at
                     THEN payments_instalment.lapsed_at END
"""
_STATES = f"""
SELECT c.id, c.subject, {SUMS} FROM payments_charge c LEFT JOIN payments_ledgerentry e ON e.charge_id = c.id
WHERE c.subject = ANY(%s::uuid[]) GROUP BY c.id, c.subject
"""  # noqa: S608 (no value is written into the text)


def write_dues(*, charge_id: int, parts: Sequence[DuePart]) -> None:
    """Write down until when a charge is paid that was assessed in this transaction: one statement, none for nothing."""
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, _values(charge_id, parts))


@transaction.atomic
def set_dues(*, subject: UUID, parts: Sequence[DuePart]) -> None:
    """Write down until when a charge is paid, in place of what was written before. Raises ChargeNotFound."""
    charge = lock_subject(subject)
    Instalment.objects.filter(charge_id=charge.id, number__gt=len(parts)).delete()
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(_REPLACE, _values(charge.id, parts))


def open_parts(subjects: Iterable[UUID]) -> dict[UUID, tuple[OpenPart, ...]]:
    """Return what is still to be paid of each subject's charge, part by part in their order. What is paid, or was
    never charged, is left out; a charge without a day written is one part without one."""
    with connection.cursor() as cursor:
        cursor.execute(_STATES, [list(subjects)])
        rows = cursor.fetchall()
    unpaid = {row[0]: (row[1], sums) for row in rows if (sums := Sums(*row[2:])).due > 0}
    written: dict[int, list[Instalment]] = {charge_id: [] for charge_id in unpaid}
    for one in Instalment.objects.filter(charge__in=unpaid):
        written[one.charge_id].append(one)
    return {subject: _open(written[charge_id], sums) for charge_id, (subject, sums) in unpaid.items()}


def late_subjects(*, now: datetime, limit: int = 500) -> list[UUID]:
    """Return the subjects of charges with a day that is over and not dealt with, in the order of their charges."""
    rows = Instalment.objects.filter(due_at__lte=now, lapsed_at=None).order_by("charge_id")
    return list(rows.values_list("charge__subject", flat=True).distinct()[:limit])


def lock_late(*, subject: UUID, now: datetime) -> Late:
    """Lock a charge and return which of its parts are late. Raises ChargeNotFound."""
    charge = lock_subject(subject)
    written = list(Instalment.objects.filter(charge_id=charge.id))
    late = {one.number for one in written if one.due_at and one.due_at <= now and not one.lapsed_at}
    parts = tuple(part for part in _open(written, charge.sums) if part.number in late)
    slips = PaperCharge.objects.filter(charge_id=charge.id, paper__kind=Paper.Kind.SLIP)
    has_slip = slips.exclude(paper__events__kind=PaperEvent.Kind.CANCELLED).exists()
    return Late(charge, parts, len(written) > 1, _payable_until(charge.id), has_slip)


def settle_late(*, charge_id: int, now: datetime) -> None:
    """Note that what follows from the days that are over was set in motion, or that nothing does. The charge is locked
    by the caller."""
    late = Instalment.objects.filter(charge_id=charge_id, due_at__lte=now, lapsed_at=None)
    late.update(lapsed_at=now)


def to_remind(
    *, due_before: datetime, written_before: datetime, now: datetime
) -> list[tuple[UUID, OpenPart]]:
    """Return what has to be paid from now until ``due_before`` and nobody was reminded of, with its subject.

    What was charged after ``written_before`` was told of just then.
    """
    rows = Instalment.objects.filter(
        Q(charge__created_at__lt=written_before),
        due_at__gt=now,
        due_at__lte=due_before,
        reminded_at=None,
        lapsed_at=None,
    )
    found = list(rows.order_by("charge_id", "number").values_list("charge__subject", "number"))
    parts = open_parts({subject for subject, _ in found})
    return [
        (subject, part)
        for subject, number in found
        for part in parts.get(subject, ())
        if part.number == number
    ]


def note_reminded(*, subject: UUID, number: int, now: datetime) -> bool:
    """Note that the payer is reminded of a part now. Says whether it was this call that did it."""
    rows = Instalment.objects.filter(charge__subject=subject, number=number, reminded_at=None)
    return bool(rows.update(reminded_at=now))


def payable_amounts(charge: LockedCharge) -> tuple[int, ...]:
    """Return what can be paid of a locked charge at once, in yen: what is due first, that and the next, … all of it."""
    written = list(Instalment.objects.filter(charge_id=charge.id))
    return tuple(accumulate(part.yen for part in _open(written, charge.sums)))


def _values(charge_id: int, parts: Sequence[DuePart]) -> list[Any]:
    return [
        charge_id,
        list(range(1, len(parts) + 1)),
        [part.name[:60] for part in parts],
        [part.name_en[:60] for part in parts],
        [part.yen for part in parts],
        [part.due_at for part in parts],
        [part.deferred for part in parts],
        [part.unpaid for part in parts],
    ]


def _open(written: Sequence[Instalment], sums: Sums) -> tuple[OpenPart, ...]:
    """What is paid fills the parts from the first one on; the last one is whatever is left."""
    if sums.due == 0:
        return ()
    if not written:
        return (OpenPart(1, sums.due, None, "staff", False, "", ""),)
    asked = sums.net - sums.written_off
    paid, until, found = sums.collected - sums.refund_decided, 0, []
    for one in sorted(written, key=lambda part: part.number):
        since = until
        is_last = one.number == len(written) or one.yen is None
        until = asked if is_last else min(since + (one.yen or 0), asked)
        yen = until - max(since, paid)
        if yen > 0:
            found.append(
                OpenPart(one.number, yen, one.due_at, one.unpaid, one.deferred, one.name, one.name_en)
            )
    return tuple(found)


def _payable_until(charge_id: int) -> datetime | None:
    """Until when what is under way at the provider may be paid, also what was withdrawn and is not closed there; what
    the provider has not heard of yet: never."""
    begun = AttemptCharge.objects.filter(charge_id=charge_id, attempt__state__in=UNDER_WAY)
    moments = begun.values_list("attempt__expires_at", flat=True)
    return max((one for one in moments if one), default=None)
