"""What the messages about exemptions need to know, read when they are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from booking.models import Exemption, StandingExemption


@dataclass(frozen=True, slots=True)
class Told:
    """An exemption as a message tells of it; ``reason`` is the decision's, or why it no longer holds."""

    ref: UUID
    name: str
    name_en: str
    reason: str
    before_yen: int | None = None
    valid_until: date | None = None


def told_exemption(exemption_id: int) -> Told:
    """Return what a message says of an exemption. Raises Exemption.DoesNotExist."""
    row = Exemption.objects.get(pk=exemption_id)
    return Told(row.ref, row.name, row.name_en, row.revocation or row.reason, row.before_yen)


def told_standing(standing_id: int) -> Told:
    """Return what a message says of a standing exemption. Raises StandingExemption.DoesNotExist."""
    row = StandingExemption.objects.get(pk=standing_id)
    ended = row.revocation or row.reason
    return Told(row.ref, row.name, row.name_en, ended, valid_until=row.valid_until)
