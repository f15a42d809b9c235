"""Staff take rooms out of use: a closure claims spaces like a reservation does, and meets the same wall."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from booking.claiming import lock_spaces, take_over_expired
from booking.errors import ClosureNotFound, InvalidPeriod, ReasonMissing, RoomsInUse
from booking.models import Claim, Closure
from facilities.errors import RoomNotFound
from facilities.models import RoomSpace

_INSERT = """
INSERT INTO booking_claim (closure_id, space_id, occupied, active)
SELECT %s, s.id, tstzrange(%s, %s), true FROM unnest(%s::bigint[]) s(id) ORDER BY s.id
ON CONFLICT DO NOTHING
"""


def close_rooms(
    *,
    facility_id: int,
    room_ids: Sequence[int],
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    staff_id: int,
    now: datetime,
) -> Closure:
    """Take these rooms of one hall out of use for a time, all or none.

    Raises RoomsInUse (facts["reservations"]: numbers in the way), InvalidPeriod, ReasonMissing, RoomNotFound.
    """
    if not starts_at < ends_at:
        raise InvalidPeriod
    if not reason.strip():
        raise ReasonMissing
    rooms = set(room_ids)
    uses = RoomSpace.objects.filter(room_id__in=rooms, room__facility_id=facility_id)
    pairs = list(uses.values_list("room_id", "space_id"))
    if not rooms or {room_id for room_id, _ in pairs} != rooms:
        raise RoomNotFound
    space_ids = sorted({space_id for _, space_id in pairs})
    with transaction.atomic():
        closure = Closure.objects.create(
            facility_id=facility_id,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=reason.strip(),
            created_by_id=staff_id,
            created_at=now,
        )
        with connection.cursor() as cursor:
            lock_spaces(cursor, space_ids)
            take_over_expired(cursor, space_ids, starts_at, ends_at, now)
            cursor.execute(_INSERT, [closure.pk, starts_at, ends_at, space_ids])
            if cursor.rowcount != len(space_ids):
                raise RoomsInUse(reservations=_in_the_way(space_ids, starts_at, ends_at))
    return closure


def lift_closure(*, closure_id: int, staff_id: int, now: datetime) -> None:
    """Put the rooms of a closure back into use. Raises ClosureNotFound (also when it is lifted already)."""
    with transaction.atomic():
        if not Closure.objects.filter(pk=closure_id, lifted_at__isnull=True).update(
            lifted_at=now, lifted_by=staff_id
        ):
            raise ClosureNotFound
        Claim.objects.filter(closure_id=closure_id, active=True).update(active=False)


def _in_the_way(space_ids: Sequence[int], starts_at: datetime, ends_at: datetime) -> list[str]:
    claims = Claim.objects.filter(
        active=True, space_id__in=space_ids, occupied__overlap=(starts_at, ends_at), reservation__isnull=False
    )
    return sorted(
        {claim.reservation.number for claim in claims.select_related("reservation") if claim.reservation}
    )
