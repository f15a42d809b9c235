"""Reads about money. What is due, paid or to be refunded is summed from the ledger each time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db import connection

from payments.models import Paper, paper_number

State = Literal["undecided", "free", "unpaid", "paid", "refund_due", "refunded", "cancelled"]


@dataclass(frozen=True, slots=True)
class PaymentState:
    """Where a charge stands, in yen.

    ``assessed_yen`` is what was assessed less what was reduced; ``collected_yen`` all that ever came in;
    ``refund_decided_yen`` what was ever decided to be refunded, ``refund_due_yen`` what of it has not been paid out.
    """

    assessed_yen: int
    collected_yen: int
    refund_due_yen: int
    state: State
    receipt_number: str | None = None
    refund_decided_yen: int = 0
    written_off_yen: int = 0

    @property
    def paid_yen(self) -> int:
        """What came in and is not to be given back (nor was it), in yen."""
        return self.collected_yen - self.refund_decided_yen

    @property
    def due_yen(self) -> int:
        """What has still to be collected, in yen."""
        return max(self.assessed_yen - self.paid_yen - self.written_off_yen, 0)

    @classmethod
    def nothing(cls) -> PaymentState:
        """The state of a subject that was never charged."""
        return cls(0, 0, 0, "free")

    @classmethod
    def undecided(cls) -> PaymentState:
        """The state of a subject that will be charged, as soon as somebody has decided how much."""
        return cls(0, 0, 0, "undecided")


@dataclass(frozen=True, slots=True)
class Sums:
    """The entries of one charge, added up by kind, in yen. ``collected`` is without what was taken back (reversed),
    ``refund_decided`` without what was withdrawn."""

    assessed: int = 0
    reduced: int = 0
    collected: int = 0
    refund_decided: int = 0
    refunded: int = 0
    written_off: int = 0

    @property
    def net(self) -> int:
        """What the charge asks for now."""
        return self.assessed - self.reduced

    @property
    def due(self) -> int:
        """What has still to be collected."""
        return max(self.net - self.collected + self.refund_decided - self.written_off, 0)

    @property
    def refund_due(self) -> int:
        """What was decided to be given back and has not been."""
        return self.refund_decided - self.refunded

    @property
    def state(self) -> State:
        """The one word for all this."""
        if self.refund_due > 0:
            return "refund_due"
        if self.due > 0:
            return "unpaid"
        if self.refunded > 0:
            return "refunded"
        if self.collected > 0:
            return "paid"
        return "cancelled" if self.assessed > 0 else "free"


# The columns of Sums, in order.
SUMS = """
    coalesce(sum(e.yen) FILTER (WHERE e.kind = 'assessed'), 0)::bigint,
    coalesce(sum(e.yen) FILTER (WHERE e.kind = 'reduced'), 0)::bigint,
    (coalesce(sum(e.yen) FILTER (WHERE e.kind = 'collected'), 0)
     - coalesce(sum(e.yen) FILTER (WHERE e.kind = 'reversed'), 0))::bigint,
    (coalesce(sum(e.yen) FILTER (WHERE e.kind = 'refund_decided'), 0)
     - coalesce(sum(e.yen) FILTER (WHERE e.kind = 'refund_withdrawn'), 0))::bigint,
    coalesce(sum(e.yen) FILTER (WHERE e.kind = 'refunded'), 0)::bigint,
    coalesce(sum(e.yen) FILTER (WHERE e.kind = 'written_off'), 0)::bigint
"""

_STATES = f"""
SELECT c.subject, max(r.fiscal_year), max(r.serial), {SUMS}
FROM payments_charge c
LEFT JOIN payments_ledgerentry e ON e.charge_id = c.id
LEFT JOIN payments_paper r ON r.entry_id = e.id AND r.kind = 'receipt'
WHERE c.subject = ANY(%s::uuid[])
GROUP BY c.subject
"""  # noqa: S608 (no value is written into the text)


def payment_states(subjects: Sequence[UUID]) -> dict[UUID, PaymentState]:
    """Return where the charge of each subject stands, in one query; a subject never charged is left out."""
    if not subjects:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_STATES, [list(subjects)])
        rows = cursor.fetchall()
    states = {}
    for subject, fiscal_year, serial, *yen in rows:
        sums = Sums(*yen)
        states[subject] = PaymentState(
            assessed_yen=sums.net,
            collected_yen=sums.collected,
            refund_due_yen=sums.refund_due,
            state=sums.state,
            receipt_number=paper_number(fiscal_year, serial) if serial else None,
            refund_decided_yen=sums.refund_decided,
            written_off_yen=sums.written_off,
        )
    return states


def sums_of(charge_ids: Iterable[int]) -> dict[int, Sums]:
    """Return the sums of each of these charges, in one query."""
    wanted = list(charge_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT e.charge_id, {SUMS} FROM payments_ledgerentry e WHERE e.charge_id = ANY(%s) "  # noqa: S608
            "GROUP BY e.charge_id",
            [wanted],
        )
        found = {charge_id: Sums(*yen) for charge_id, *yen in cursor.fetchall()}
    return {one: found.get(one, Sums()) for one in wanted}


def receipt_of(subject: UUID) -> Paper | None:
    """Return the last receipt given for a subject, or None while no cash was collected."""
    return (
        Paper.objects.select_related("payee")
        .prefetch_related("events")
        .filter(kind=Paper.Kind.RECEIPT, entry__charge__subject=subject)
        .order_by("-pk")
        .first()
    )
