"""What follows when a time is taken for good: the promise is carried out, or a review begins."""

from __future__ import annotations

from datetime import datetime

from accounts.actors import Actor
from booking import telling
from booking.applications import Assessed
from booking.exempting.following import follow_price
from booking.models import Reservation
from booking.pricing import assess_price
from booking.reviewing.opening import open_review, want_permit
from facilities.ordinance import ReviewAnswer
from facilities.periods import local
from facilities.queries import RoomFacts
from facilities.room_rules import permit_on, review_of
from locks import services as locks

Status = Reservation.Status
_TOLD = {Status.CONFIRMED: "reservation_confirmed", Status.APPLIED: "application_received"}


def settled_status(assessed: Assessed) -> Status:
    """Return what an application that got its time becomes: a reservation, or one that waits for a review."""
    return Status.APPLIED if review_of_application(assessed).needed else Status.CONFIRMED


def review_of_application(assessed: Assessed) -> ReviewAnswer:
    """Return whether an application is reviewed before it is permitted, and why."""
    return review_of(assessed.room, assessed.day, assessed.starts, assessed.ends, assessed.asker)


def settle(
    reservation: Reservation,
    assessed: Assessed,
    *,
    payer: str,
    actor: Actor,
    now: datetime,
    tell: bool = True,
) -> None:
    """Set in motion what follows from ``reservation.status``. Called in the transaction that wrote it.

    ``tell`` False: whoever wrote several at once tells of them together.
    """
    if assessed.grantings:
        follow_price(reservation, assessed.grantings, actor=actor, now=now)
    if reservation.status == Status.CONFIRMED:
        promise(reservation, assessed.room, payer=payer, actor=actor, now=now)
    elif reservation.status == Status.APPLIED:
        open_review(reservation, review_of_application(assessed), now=now)
    kind = _TOLD.get(Status(reservation.status))
    if tell and kind:
        telling.tell(kind, now=now, reservation_ref=reservation.ref)


def promise(reservation: Reservation, room: RoomFacts, *, payer: str, actor: Actor, now: datetime) -> None:
    """What a confirmed reservation sets in motion: a charge (where its price is settled), a way in, a permit."""
    if reservation.price_yen is not None:
        assess_price(reservation, room, payer, reservation.price_yen, actor, now)
    locks.want_access(
        subject=reservation.ref,
        room_id=room.id,
        valid_from=reservation.starts_at,
        valid_until=reservation.ends_at,
        label=reservation.number,
        now=now,
    )
    if permit_on(room, local(reservation.starts_at, room.zone)[0]).given == "every":
        want_permit(reservation)


def payer_of(reservation: Reservation) -> str:
    """Return the name a charge is made out to: the group's, else the resident's."""
    return reservation.group.name if reservation.group else reservation.resident.name
