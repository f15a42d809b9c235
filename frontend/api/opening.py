"""The door code over the API: for the hirer alone, and only near the time."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from accounts.callers import Caller
from booking.queries import reservation_of
from frontend.api import outputs
from frontend.api.answers import local_moment
from frontend.api.errors import DoorCodeNotYet, DoorCodeNotYours, NoDoorCode, NotARegisteredResident
from locks.queries import reveal_code

SHOWN_BEFORE = timedelta(hours=24)


def door_code_of(caller: Caller, ref: UUID, *, now: datetime) -> outputs.DoorCode:
    """Return the code of one's own reservation; the showing is recorded.

    Raises ReservationNotFound, DoorCodeNotYours (staff), DoorCodeNotYet (before the day before), NoDoorCode.
    """
    if caller.staff is not None:
        raise DoorCodeNotYours
    if caller.resident_id is None:
        raise NotARegisteredResident
    view = reservation_of(resident_id=caller.resident_id, ref=ref)
    if view.status != "confirmed":
        raise NoDoorCode
    shown_from = view.starts_at - SHOWN_BEFORE
    if now < shown_from:
        raise DoorCodeNotYet(available_from=local_moment(shown_from))
    code = reveal_code(subject=view.ref, now=now)
    if code is None:
        raise NoDoorCode
    return outputs.DoorCode(
        code=code.code,
        door=code.door,
        valid_from=local_moment(code.valid_from),
        valid_until=local_moment(code.valid_until),
    )
