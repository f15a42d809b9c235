"""What becomes of a cancelled time: free at once, or kept for a while because others wait for it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from booking.models import Claim, Offer, Release, Reservation, Wait
from booking.parties import Party
from booking.waiting.barring import barred_after
from booking.waiting.lining import drawn
from facilities.errors import NoRulesYet
from facilities.periods import local
from facilities.queries import RoomFacts, room_facts
from facilities.waiting_rules import free_again, waiting_terms
from tenants.jobs import enqueue

ADVANCE_JOB = "booking.advance_release"
TELL_JOB = "booking.tell_freed"

_DEMAND = """
SELECT DISTINCT w.id, w.wish, w.resident_id, w.group_id FROM booking_wait w
JOIN booking_wait_rooms m ON m.wait_id = w.id JOIN facilities_roomspace s ON s.room_id = m.room_id
WHERE w.status = 'waiting' AND w.starts_at > %s AND w.starts_at < %s AND w.ends_at > %s
  AND s.space_id = ANY(%s::bigint[])
ORDER BY w.id
"""


def release_or_free(cursor: Any, reservation: Reservation, now: datetime) -> Release | None:
    """Keep the spaces of a reservation that is being cancelled, where others wait for its time; None: they get free.

    Call it in the cancelling transaction, with the reservation's row locked and before ``records.end``: the claims
    change their owner in place, so that nobody can slip in between. Nobody else's row is locked. Where the rules leave
    no time for a single offer, whoever waits is told as soon as the transaction has committed.
    """
    room = room_facts(reservation.room_id)
    waiting = _demand(cursor, reservation, room, now)
    if not waiting:
        return None
    try:
        free_at = free_again(room, cancelled_at=now, starts_at=reservation.starts_at)
        terms = waiting_terms(room, local(reservation.starts_at, room.zone)[0])
    except NoRulesYet:
        free_at = None
    if free_at is None:
        enqueue(TELL_JOB)
        return None
    release = Release.objects.create(
        reservation_id=reservation.pk,
        room_id=reservation.room_id,
        resident_id=reservation.resident_id,
        group_id=reservation.group_id,
        starts_at=reservation.starts_at,
        ends_at=reservation.ends_at,
        order=terms.order,
        seed=secrets.token_hex(16),
        accept_minutes=terms.accept_within_minutes,
        started_at=now,
        free_at=free_at,
    )
    Claim.objects.filter(reservation_id=reservation.pk, active=True).update(
        reservation=None, release=release, expires_at=free_at
    )
    _line_up(release, waiting)
    enqueue(ADVANCE_JOB, release_id=release.pk)
    enqueue(ADVANCE_JOB, at=free_at, release_id=release.pk)
    return release


def demand_for(cursor: Any, release: Release, now: datetime) -> list[int]:
    """Return the waits that would like to be offered this released time, who cancelled it left out; by number."""
    room = room_facts(release.room_id)
    return [wait_id for wait_id, wish in _demand(cursor, release, room, now) if wish == Wait.Wish.OFFER]


def _demand(
    cursor: Any, ended: Reservation | Release, room: RoomFacts, now: datetime
) -> Sequence[tuple[int, str]]:
    values = [now, room.occupied_until(ended.ends_at), ended.starts_at, list(room.space_ids)]
    cursor.execute(_DEMAND, values)
    found = cursor.fetchall()
    if not found:
        return []
    barred = barred_after(resident_id=ended.resident_id, group_id=ended.group_id)
    return [
        (wait_id, wish)
        for wait_id, wish, resident_id, group_id in found
        if not barred.concerns(Party(resident_id, group_id))
    ]


def _line_up(release: Release, waiting: Sequence[tuple[int, str]]) -> None:
    wanted = [wait_id for wait_id, wish in waiting if wish == Wait.Wish.OFFER]
    places = enumerate(drawn(wanted, order=release.order, seed=release.seed), start=1)
    Offer.objects.bulk_create(Offer(release=release, wait_id=one, rank=rank) for rank, one in places)
