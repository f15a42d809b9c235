"""Who would be hit when rooms are taken for official use. Looking locks nothing; the act looks again under locks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from booking.displacing.proposing import Alternative, propose
from booking.errors import InvalidPeriod, ReasonMissing
from booking.models import Closure, Reservation
from booking.queries import ReservationView, reservations_for_staff
from facilities.errors import RoomNotFound
from facilities.queries import RoomFacts, staff_rooms

Status = Reservation.Status

# The use itself must overlap: a pause for tidying up after it does not make a booking one that is hit.
_HIT = """
SELECT DISTINCT r.id FROM unnest(%s::bigint[]) s(id) CROSS JOIN LATERAL (
    SELECT c.reservation_id FROM booking_claim c
    WHERE int8range(c.space_id, c.space_id, '[]') && int8range(s.id, s.id, '[]')
      AND c.occupied && tstzrange(%s, %s) AND c.active AND c.reservation_id IS NOT NULL OFFSET 0
) c JOIN booking_reservation r ON r.id = c.reservation_id
WHERE r.starts_at < %s AND r.ends_at > %s
  AND (r.status IN ('confirmed', 'applied') OR (r.status = 'hold' AND r.held_until > %s))
ORDER BY r.id
"""


@dataclass(frozen=True, slots=True)
class Taking:
    """Rooms of one hall that are to be taken for a time, for what (a kind of closure), and why in plain words."""

    facility_id: int
    room_ids: tuple[int, ...]
    starts_at: datetime
    ends_at: datetime
    kind: str
    reason: str

    def rooms(self) -> list[RoomFacts]:
        """Return the rooms. Raises RoomNotFound, InvalidPeriod, ReasonMissing."""
        if not self.starts_at < self.ends_at:
            raise InvalidPeriod
        if not self.reason.strip():
            raise ReasonMissing
        rooms = [room for room in staff_rooms(self.facility_id) if room.id in set(self.room_ids)]
        if not rooms or len(rooms) != len(set(self.room_ids)):
            raise RoomNotFound
        return rooms


@dataclass(frozen=True, slots=True)
class Hit:
    """A booking that stands where rooms are to be taken, and where it could go instead (best first)."""

    booking: ReservationView
    alternatives: tuple[Alternative, ...]
    suggested: Alternative | None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Who is hit: bookings (also those waiting for a review), how many people are just filling in forms, and what
    closes these rooms already."""

    hits: tuple[Hit, ...]
    holds: int
    closures: tuple[Closure, ...]

    @property
    def seen(self) -> Mapping[UUID, int]:
        """What was shown, to be compared when it is acted on: each booking with its sequence."""
        return {hit.booking.ref: hit.booking.sequence for hit in self.hits}


def foresee(taking: Taking, *, now: datetime) -> Foreseen:
    """Return who would be hit, with proposals that do not get into each other's way.

    Raises RoomNotFound, InvalidPeriod, ReasonMissing.
    """
    rooms = taking.rooms()
    with connection.cursor() as cursor:
        rows = hit_rows(cursor, rooms, taking, now)
    standing = [row for row in rows if row.status != Status.HOLD]
    proposals = propose(standing, taken=rooms, starts_at=taking.starts_at, ends_at=taking.ends_at, now=now)
    given: set[tuple[int, datetime]] = set()
    hits = []
    for view in reservations_for_staff(ids=[row.pk for row in standing]):
        alternatives = proposals[view.id]
        suggested = next((one for one in alternatives if not given & one.pieces), None)
        given |= suggested.pieces if suggested else set()
        hits.append(Hit(view, alternatives, suggested))
    return Foreseen(tuple(hits), len(rows) - len(standing), tuple(_closures(rooms, taking)))


def hit_rows(cursor: Any, rooms: Sequence[RoomFacts], taking: Taking, now: datetime) -> list[Reservation]:
    """Return the bookings and holds that use these rooms in that time, by their number."""
    space_ids = sorted({space_id for room in rooms for space_id in room.space_ids})
    period = (taking.starts_at, taking.ends_at)
    cursor.execute(_HIT, [space_ids, *period, period[1], period[0], now])
    ids = [row[0] for row in cursor.fetchall()]
    rows = Reservation.objects.select_related("resident", "group").filter(pk__in=ids)
    return list(rows.order_by("pk"))


def _closures(rooms: Sequence[RoomFacts], taking: Taking) -> list[Closure]:
    spaces = {space_id for room in rooms for space_id in room.space_ids}
    rows = Closure.objects.filter(
        claims__space_id__in=spaces,
        claims__active=True,
        starts_at__lt=taking.ends_at,
        ends_at__gt=taking.starts_at,
    )
    return list(rows.distinct().order_by("starts_at", "pk"))
