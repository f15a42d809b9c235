"""What the applicant says to another time that the hall proposes: yes, no, or nothing until the deadline."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.actors import SYSTEM, Actor
from booking import records
from booking.displaced import open_offer
from booking.displacing.errors import OfferNotOpen
from booking.models import Displaced, Reservation
from booking.moving import answer_with
from booking.pricing import forgo_price
from booking.telling import tell
from booking.transactions import one_transaction
from locks import services as locks

Outcome = Displaced.Outcome


def accept_offer(*, ref: UUID, actor: Actor, now: datetime) -> Reservation:
    """Say yes: the booking stays at the time proposed. Saying it twice changes nothing more.

    Raises OfferNotOpen, ReservationNotFound, NotForGroup.
    """
    with one_transaction():
        reservation = records.visible(ref, actor, lock=True, act=True)
        if _was(reservation, Outcome.ACCEPTED):
            return reservation
        _in_time(reservation, now)
        answer_with(Outcome.ACCEPTED, reservation, now=now)
        records.note(reservation, "accept", actor, "", now)
        tell("reservation_confirmed", now=now, reservation_ref=reservation.ref)
    return reservation


def decline_offer(*, ref: UUID, actor: Actor, now: datetime, reason: str = "") -> Reservation:
    """Say no: the booking is cancelled and everything that was paid comes back, without penalty.

    Raises OfferNotOpen, ReservationNotFound, NotForGroup.
    """
    with one_transaction():
        reservation = records.visible(ref, actor, lock=True, act=True)
        if _was(reservation, Outcome.DECLINED):
            return reservation
        _in_time(reservation, now)
        answer_with(Outcome.DECLINED, reservation, now=now)
        cancel_for_the_hall(reservation, reason=reason, actor=actor, now=now)
    return reservation


def lapse_offers(*, now: datetime) -> int:
    """Cancel every booking whose applicant did not answer in time. Returns how many. May run twice."""
    late = Displaced.objects.filter(outcome=Outcome.OFFERED, answer_by__lte=now)
    refs = late.order_by("reservation_id").values_list("reservation__ref", flat=True)
    return sum(_lapse(ref, now) for ref in list(refs))


def cancel_for_the_hall(reservation: Reservation, *, reason: str, actor: Actor, now: datetime) -> None:
    """Cancel a locked booking because the hall needs the room: all that was paid comes back, no offence is counted."""
    if not records.end(reservation, verb="displace", actor=actor, reason=reason.strip(), now=now):
        return
    forgo_price(reservation, reason="館の都合による取消し", actor=actor, now=now)
    locks.withdraw_access(subject=reservation.ref, now=now)
    tell("displaced_cancelled", now=now, reservation_ref=reservation.ref)


def _lapse(ref: UUID, now: datetime) -> bool:
    with one_transaction():
        reservation = records.visible(ref, SYSTEM, lock=True)
        offer = open_offer(reservation.pk)
        if offer is None or offer.answer_by is None or offer.answer_by > now:
            return False
        answer_with(Outcome.LAPSED, reservation, now=now)
        cancel_for_the_hall(reservation, reason="期限までにお返事がなかったため", actor=SYSTEM, now=now)
    return True


def _in_time(reservation: Reservation, now: datetime) -> None:
    offer = open_offer(reservation.pk)
    if offer is None or offer.answer_by is None or offer.answer_by <= now:
        raise OfferNotOpen


def _was(reservation: Reservation, outcome: Displaced.Outcome) -> bool:
    """Whether the last thing that was asked of a booking was answered like this."""
    last = Displaced.objects.filter(reservation_id=reservation.pk).order_by("-pk").first()
    return last is not None and last.outcome == outcome
