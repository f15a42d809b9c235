"""What came in last for a charge, and what else was paid with it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from payments.models import AttemptCharge, LedgerEntry


@dataclass(frozen=True, slots=True)
class Collected:
    """Money that came in last for a charge: by one payment, which may have paid ``together`` charges with ``yen``."""

    entry_id: int
    gateway: str
    yen: int
    together: int = 1
    attempt_ref: UUID | None = None


def last_collected(subject: UUID) -> Collected | None:
    """Return what came in last for a subject; None where nothing ever did."""
    rows = LedgerEntry.objects.select_related("attempt").filter(charge__subject=subject, kind="collected")
    entry = rows.order_by("-pk").first()
    if entry is None:
        return None
    if entry.attempt is None:
        return Collected(entry.pk, entry.gateway, entry.yen)
    together = AttemptCharge.objects.filter(attempt=entry.attempt).count()
    return Collected(entry.pk, entry.gateway, entry.attempt.yen, together, entry.attempt.ref)
