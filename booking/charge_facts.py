"""What papers about money say of what a charge is for: the reservation behind its subject (settings.CHARGE_FACTS)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from booking.models import Reservation
from booking.reviewing.deciding import appeal_against as appeal_against_decision
from payments.papers.issuing import Value, period_value


def facts_of(subjects: Sequence[UUID]) -> dict[UUID, list[tuple[str, Value]]]:
    """Return number and time of the reservations behind these subjects."""
    rows = Reservation.objects.filter(ref__in=subjects).only("id", "ref", "starts_at", "ends_at")
    return {
        one.ref: [("予約番号", one.number), ("使う日時", period_value(one.starts_at, one.ends_at))]
        for one in rows
    }


def appeal_against(subject: UUID) -> Sequence[str]:
    """Return the notice of appeal for a decision about the reservation behind a subject; none without one."""
    found = Reservation.objects.filter(ref=subject).first()
    return appeal_against_decision(found) if found else ()
