"""Until when a reservation is paid: what the rules answer, written down with its charge when the price is settled.

Asked again whenever the reservation or its price changes. Nobody is given a day that is over already: where the rules'
day cannot be kept any more (a late application, a permit or a change that came after it), it is counted from now on;
where that is too late too, it is paid before the use begins, and staff see to it (docs/money.md).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from booking.applications import details_of
from booking.models import Reservation
from facilities.ordinance import Due
from facilities.periods import local
from facilities.queries import RoomFacts, room_facts
from facilities.room_rules import Asker, due_of, under_version
from payments import dues as payments
from payments.dues import DuePart

# Who has less than this to pay has no fair chance: it takes a while to go through with it.
LEAST_TIME = timedelta(hours=1)


def write_dues(reservation: Reservation, room: RoomFacts, charge_id: int, yen: int, *, now: datetime) -> None:
    """Write down until when a charge of ``yen`` is paid that was assessed in this transaction. One statement."""
    payments.write_dues(charge_id=charge_id, parts=_parts(reservation, room, yen, now))


def renew_dues(reservation: Reservation, *, now: datetime) -> None:
    """Write down anew until when a reservation is paid: its price, its time or what was said of it changed.

    Called in the transaction that changed it, with a charge that exists. Raises payments.errors.ChargeNotFound.
    """
    yen, room = reservation.price_yen or 0, room_facts(reservation.room_id)
    payments.set_dues(subject=reservation.ref, parts=_parts(reservation, room, yen, now))


def due_by_rules(
    reservation: Reservation, room: RoomFacts, *, booked_at: datetime, now: datetime, yen: int
) -> Due:
    """Return what the rules it was made by say of paying a reservation of ``yen``, booked and permitted at instants."""
    day, starts = local(reservation.starts_at, room.zone)
    asker = Asker(reservation.applicant_class, reservation.channel, booked_at, details_of(reservation))
    agreed = under_version(room, reservation.rule_version_id)
    return due_of(agreed, day, starts, asker, approved_at=now, total_yen=yen)


def _parts(reservation: Reservation, room: RoomFacts, yen: int, now: datetime) -> tuple[DuePart, ...]:
    if not yen:
        return ()
    said = due_by_rules(reservation, room, booked_at=reservation.created_at, now=now, yen=yen)
    parts = _written(said)
    if all(_can_be_kept(part, now) for part in parts):
        return parts
    again = _written(due_by_rules(reservation, room, booked_at=now, now=now, yen=yen))
    if len(again) != len(parts):
        again = parts
    return tuple(
        _fair(part, from_now, reservation.starts_at, now) for part, from_now in zip(parts, again, strict=True)
    )


def _written(due: Due) -> tuple[DuePart, ...]:
    """What the rules say as it is kept; nothing where they say nothing."""
    if due.parts:
        return tuple(DuePart(one.due_at, one.unpaid, one.yen, one.name_ja, one.name_en) for one in due.parts)
    if due.due_at is None and not due.deferred:
        return ()
    return (DuePart(due.due_at, due.unpaid, deferred=due.deferred),)


def _can_be_kept(part: DuePart, now: datetime) -> bool:
    return part.due_at is None or part.due_at >= now + LEAST_TIME


def _fair(part: DuePart, from_now: DuePart, starts_at: datetime, now: datetime) -> DuePart:
    if _can_be_kept(part, now):
        return part
    if _can_be_kept(from_now, now):
        return from_now
    return replace(part, due_at=starts_at if starts_at > now else None, unpaid="staff")
