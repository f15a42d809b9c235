"""Reads about acts of official use: what was taken, and what became of every booking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from booking.errors import ClosureNotFound
from booking.models import Displaced, Displacement
from booking.queries import ReservationView, reservations_for_staff
from facilities.queries import RoomFacts, rooms_among


@dataclass(frozen=True, slots=True)
class DisplacedView:
    """One booking that was hit: where it was, what it is now, and what became of it."""

    booking: ReservationView
    old_room: RoomFacts
    old_starts_at: datetime
    old_ends_at: datetime
    outcome: str
    answer_by: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class DisplacementView:
    """One act: the closure that holds the rooms, the notice of appeal, and the bookings that were hit."""

    ref: UUID
    facility_id: int
    facility_key: str
    facility_name: str
    kind: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    closure_id: int
    decided_by: str
    decided_at: datetime
    appeal_notice: str
    displaced: tuple[DisplacedView, ...]

    @property
    def waiting(self) -> int:
        """How many have not answered yet."""
        return sum(one.outcome == Displaced.Outcome.OFFERED for one in self.displaced)


def displacement_for_staff(*, ref: UUID) -> DisplacementView:
    """Return an act; the caller has checked that the staff member works at its hall. Raises ClosureNotFound."""
    rows = Displacement.objects.select_related("closure__facility", "decided_by")
    row = rows.filter(ref=ref).first()
    if row is None:
        raise ClosureNotFound
    closure = row.closure
    return DisplacementView(
        row.ref,
        closure.facility_id,
        closure.facility.key,
        closure.facility.name,
        closure.kind,
        closure.reason,
        closure.starts_at,
        closure.ends_at,
        closure.pk,
        row.decided_by.name,
        row.decided_at,
        row.appeal_notice,
        tuple(_displaced(row)),
    )


def displacement_of_closure(closure_id: int) -> UUID | None:
    """Return the act a closure belongs to; None when it hit nobody and was an ordinary one."""
    return Displacement.objects.filter(closure_id=closure_id).values_list("ref", flat=True).first()


def notice_of_appeal_for(reservation_id: int) -> str:
    """Return the notice of appeal of the last act that hit a booking; empty when there was none."""
    rows = Displaced.objects.filter(reservation_id=reservation_id).order_by("-pk")
    return rows.values_list("displacement__appeal_notice", flat=True).first() or ""


def _displaced(row: Displacement) -> list[DisplacedView]:
    hit = list(row.displaced.exclude(outcome=Displaced.Outcome.RELEASED).order_by("pk"))
    rooms = rooms_among({one.old_room_id for one in hit})
    views = {view.id: view for view in reservations_for_staff(ids=[one.reservation_id for one in hit])}
    return [
        DisplacedView(
            views[one.reservation_id],
            rooms[one.old_room_id],
            one.old_starts_at,
            one.old_ends_at,
            one.outcome,
            one.answer_by,
            one.answered_at,
        )
        for one in hit
    ]
