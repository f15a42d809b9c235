"""What becomes of a time that is given up: free at once, or kept for a while because others wait for it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from booking.applications import Assessed
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


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A time somebody gives up, in the room they had; ``occupied``: space, from and until of what kept it for them."""

    reservation_id: int
    room_id: int
    resident_id: int
    group_id: int | None
    starts_at: datetime
    ends_at: datetime
    occupied: tuple[tuple[int, datetime, datetime], ...] = ()


def release_or_free(cursor: Any, reservation: Reservation, now: datetime) -> Release | None:
    """Keep the spaces of a reservation that is being cancelled, where others wait for its time; None: they get free.

    Call it in the cancelling transaction, with the reservation's row locked and before ``records.end``: the claims
    change their owner in place, so that nobody can slip in between. Nobody else's row is locked. Where the rules leave
    no time for a single offer, whoever waits is told as soon as the transaction has committed.
    """
    release = _begin(cursor, _whole(reservation), now)
    if release:
        Claim.objects.filter(reservation_id=reservation.pk, active=True).update(
            reservation=None, release=release, expires_at=release.free_at
        )
    return release


def given_up_by(reservation: Reservation) -> GivenUp:
    """Return what a reservation has now and is about to give up by a change; read it before its claims are freed."""
    claims = Claim.objects.filter(reservation_id=reservation.pk, active=True).order_by("space_id")
    occupied = tuple((one.space_id, one.occupied.lower, one.occupied.upper) for one in claims)
    return replace(_whole(reservation), occupied=occupied)


def release_rest(cursor: Any, given_up: GivenUp, new: Assessed, now: datetime) -> None:
    """Keep what a change gave up and the new use does not take, where others wait for it; the rest is free.

    Call it in the changing transaction, with the old spaces locked since before their claims were given up and the
    claims of the new use inserted. Where the new use takes some of the old spaces at some of the old time, what is
    before and after it is kept, and its own time is not, on any space.
    """
    for since, until in left_of(given_up, new):
        piece = replace(given_up, starts_at=since, ends_at=min(until, given_up.ends_at))
        release = _begin(cursor, piece, now)
        if release:
            Claim.objects.bulk_create(
                Claim(
                    release=release,
                    space_id=space_id,
                    occupied=(max(since, begins), min(until, ends)),
                    expires_at=release.free_at,
                )
                for space_id, begins, ends in given_up.occupied
                if max(since, begins) < min(until, ends)
            )


def left_of(given_up: GivenUp, new: Assessed) -> list[tuple[datetime, datetime]]:
    """Return what was occupied before and after the new use with its pause; all of it where the two never meet."""
    if not given_up.occupied:
        return []
    until = max(ends for _, _, ends in given_up.occupied)
    meets = new.starts_at < until and given_up.starts_at < new.occupied_until
    if not meets or {one[0] for one in given_up.occupied}.isdisjoint(new.room.space_ids):
        return [(given_up.starts_at, until)]
    around = ((given_up.starts_at, new.starts_at), (new.occupied_until, until))
    return [(begins, ends) for begins, ends in around if begins < min(ends, given_up.ends_at)]


def _whole(reservation: Reservation) -> GivenUp:
    return GivenUp(
        reservation_id=reservation.pk,
        room_id=reservation.room_id,
        resident_id=reservation.resident_id,
        group_id=reservation.group_id,
        starts_at=reservation.starts_at,
        ends_at=reservation.ends_at,
    )


def _begin(cursor: Any, given_up: GivenUp, now: datetime) -> Release | None:
    """Begin a release, still without its claims, and draw its line; None: nobody waits, or no time for an offer."""
    room = room_facts(given_up.room_id)
    waiting = _demand(cursor, given_up, room, now)
    if not waiting:
        return None
    try:
        free_at = free_again(room, cancelled_at=now, starts_at=given_up.starts_at)
        terms = waiting_terms(room, local(given_up.starts_at, room.zone)[0])
    except NoRulesYet:
        free_at = None
    if free_at is None:
        enqueue(TELL_JOB)
        return None
    release = Release.objects.create(
        reservation_id=given_up.reservation_id,
        room_id=given_up.room_id,
        resident_id=given_up.resident_id,
        group_id=given_up.group_id,
        starts_at=given_up.starts_at,
        ends_at=given_up.ends_at,
        order=terms.order,
        seed=secrets.token_hex(16),
        accept_minutes=terms.accept_within_minutes,
        started_at=now,
        free_at=free_at,
    )
    _line_up(release, waiting)
    enqueue(ADVANCE_JOB, release_id=release.pk)
    enqueue(ADVANCE_JOB, at=free_at, release_id=release.pk)
    return release


def demand_for(cursor: Any, release: Release, now: datetime) -> list[int]:
    """Return the waits that would like to be offered this released time, who gave it up left out; by number."""
    room = room_facts(release.room_id)
    return [wait_id for wait_id, wish in _demand(cursor, release, room, now) if wish == Wait.Wish.OFFER]


def _demand(
    cursor: Any, ended: GivenUp | Release, room: RoomFacts, now: datetime
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
