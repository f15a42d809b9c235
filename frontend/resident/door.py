"""How the hirer gets in: the door code, when it will be shown, or the key at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.queries import ReservationView
from locks.queries import AccessState, DoorCode, access_states, reveal_codes

SHOWN_BEFORE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Door:
    """What the page says about the way in: its state, the codes if they may be seen now, and from when they may."""

    access: AccessState | None
    codes: tuple[DoorCode, ...]
    shown_from: datetime
    is_shown: bool


def door_of(reservation: ReservationView, now: datetime) -> Door | None:
    """Return how the hirer of a confirmed booking gets in; None when it is not confirmed or over.

    The caller shows it to nobody but the hirer and lets no cache keep it.
    """
    if reservation.status != "confirmed" or reservation.ends_at <= now:
        return None
    access = access_states([reservation.ref]).get(reservation.ref)
    shown_from = reservation.starts_at - SHOWN_BEFORE
    is_shown = now >= shown_from
    codes = reveal_codes(subject=reservation.ref, now=now) if is_shown else []
    return Door(access, tuple(codes), shown_from, is_shown)
