"""The door code over the API: for the hirer alone, and only near the time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.callers import Caller
from booking.queries import reservation_of
from frontend.api import outputs
from frontend.api.answers import local_moment
from frontend.api.errors import DoorCodeNotYet, DoorCodeNotYours, NoDoorCode, NotARegisteredResident
from locks.queries import REVEALED_BEFORE, reveal_codes


def door_codes_of(caller: Caller, ref: UUID, *, now: datetime) -> outputs.DoorCodes:
    """Return the codes of one's own reservation, door by door; the showing is recorded.

    Raises ReservationNotFound, DoorCodeNotYours (staff), DoorCodeNotYet (before the day before), NoDoorCode.
    """
    if caller.staff is not None:
        raise DoorCodeNotYours
    if caller.resident_id is None:
        raise NotARegisteredResident
    view = reservation_of(resident_id=caller.resident_id, ref=ref)
    if view.status != "confirmed":
        raise NoDoorCode
    shown_from = view.starts_at - REVEALED_BEFORE
    if now < shown_from:
        raise DoorCodeNotYet(available_from=local_moment(shown_from))
    codes = reveal_codes(subject=view.ref, now=now)
    if not codes:
        raise NoDoorCode
    return outputs.DoorCodes(
        codes=[
            outputs.DoorCode(
                code=one.code,
                door=one.door,
                note=one.note,
                valid_from=local_moment(one.valid_from),
                valid_until=local_moment(one.valid_until),
            )
            for one in codes
        ]
    )
