"""What can be done with a reservation: hold, confirm, book, release, cancel, note who came.

Every service is one transaction. The database decides who gets a time (booking.claiming); a change of status is an
UPDATE that names the old status and must hit one row. Mails and door codes happen later, in the worker.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection

from accounts.actors import Actor
from booking import records
from booking.applications import Assessed, assess, check_period
from booking.claiming import lock_spaces, take_over_expired
from booking.errors import (
    AlreadyCancelled,
    HoldExpired,
    NotCancellable,
    ReasonMissing,
    ReservationNotFound,
    SlotTaken,
    TooManyHolds,
    TooManyPeople,
)
from booking.models import Reservation
from booking.transactions import one_transaction
from facilities.ordinance import Cancellation
from facilities.periods import local
from facilities.queries import RoomFacts, room_facts
from facilities.room_rules import cancellation_of
from locks import services as locks
from payments import services as payments
from payments.queries import payment_states
from tenants.jobs import enqueue

HOLD_MINUTES = 10
MOST_HOLDS = 3

Status = Reservation.Status


def hold_room(
    *,
    room_id: int,
    starts_at: datetime,
    ends_at: datetime,
    resident_id: int,
    channel: str,
    actor: Actor,
    now: datetime,
) -> Reservation:
    """Keep a room for ten minutes while the resident fills in the rest. The price is frozen here.

    Raises SlotTaken, OutsideRules, RoomNotBookable, TooManyHolds, InvalidPeriod, RoomNotFound.
    """
    applicant, assessed = _apply(room_id, starts_at, ends_at, resident_id, channel, now)
    if applicant.open_holds >= MOST_HOLDS and not actor.is_staff:
        raise TooManyHolds
    with one_transaction():
        return _write(
            assessed,
            applicant,
            records.NewReservation(
                resident_id=resident_id,
                status=Status.HOLD,
                channel=channel,
                held_until=now + timedelta(minutes=HOLD_MINUTES),
            ),
            actor,
            now,
        )


def book_room(
    *,
    room_id: int,
    starts_at: datetime,
    ends_at: datetime,
    resident_id: int,
    channel: str,
    purpose: str,
    headcount: int | None,
    actor: Actor,
    now: datetime,
    override_reason: str = "",
) -> Reservation:
    """Hold and confirm in one step (desk, telephone, API).

    With ``override_reason`` staff book although the rules speak against it; the reason is recorded. Nobody else may.
    Raises what ``hold_room`` raises, and TooManyPeople.
    """
    reason = override_reason.strip() if actor.is_staff else ""
    applicant, assessed = _apply(
        room_id,
        starts_at,
        ends_at,
        resident_id,
        channel,
        now,
        purpose=purpose,
        headcount=headcount,
        override=bool(reason),
    )
    with one_transaction():
        reservation = _write(
            assessed,
            applicant,
            records.NewReservation(
                resident_id=resident_id,
                status=Status.CONFIRMED,
                channel=channel,
                purpose=purpose,
                headcount=headcount,
                reason=reason,
            ),
            actor,
            now,
        )
        _promise(reservation, assessed.room, applicant.name, actor, now)
    return reservation


def confirm_reservation(
    *, ref: UUID, purpose: str, headcount: int | None, actor: Actor, now: datetime
) -> Reservation:
    """Turn a hold into a reservation: charge assessed, door code wanted, mail on its way.

    Confirming twice is answered with the reservation as it is. Raises HoldExpired, ReservationNotFound, TooManyPeople.
    """
    with one_transaction():
        reservation = _visible(ref, actor)
        room = room_facts(reservation.room_id)
        if headcount is not None and room.capacity is not None and headcount > room.capacity:
            raise TooManyPeople(capacity=room.capacity)
        if not records.confirm(reservation, purpose=purpose, headcount=headcount, actor=actor, now=now):
            current = _visible(ref, actor)
            if current.status == Status.CONFIRMED:
                return current
            raise HoldExpired
        _promise(reservation, room, reservation.resident.name, actor, now)
    return reservation


def release_hold(*, ref: UUID, actor: Actor, now: datetime) -> None:
    """Give a held time back. Releasing what is no longer held changes nothing. Raises ReservationNotFound."""
    with one_transaction():
        reservation = _visible(ref, actor)
        records.end(reservation, verb="release", actor=actor, reason="", now=now)


def cancel_reservation(
    *, ref: UUID, actor: Actor, reason: str, now: datetime, cause: str = "own"
) -> Reservation:
    """Cancel a confirmed reservation and free its spaces at once.

    A resident may do so until the rules' deadline; staff always, with a reason. What was paid beyond what the rules
    keep is decided as a refund. ``cause`` is a key of the rules' causes.
    Raises NotCancellable, AlreadyCancelled, ReasonMissing, ReservationNotFound.
    """
    if actor.is_staff and not reason.strip():
        raise ReasonMissing
    with one_transaction():
        reservation = _visible(ref, actor, lock=True)
        if reservation.status == Status.CANCELLED:
            raise AlreadyCancelled
        if reservation.status != Status.CONFIRMED:
            raise NotCancellable
        paid = payments.lock_charge(subject=reservation.ref)
        terms = _terms(reservation, paid, cause, now)
        if not (terms.allowed or actor.is_staff):
            raise NotCancellable(terms.reasons)
        records.end(reservation, verb="cancel", actor=actor, reason=reason, now=now)
        payments.reduce_charge(
            subject=reservation.ref,
            to_yen=paid - (terms.refund_yen or 0),
            reason=reason or "取消し",
            actor=actor,
            now=now,
        )
        locks.withdraw_access(subject=reservation.ref, now=now)
        enqueue(settings.RESERVATION_MAIL_JOB, ref=str(reservation.ref), event="cancelled")
    return reservation


def cancellation_terms(reservation: Reservation, *, cause: str, now: datetime) -> Cancellation:
    """Return what the rules say about cancelling this reservation now: allowed, deadline, refund in yen, reasons."""
    state = payment_states([reservation.ref]).get(reservation.ref)
    return _terms(reservation, state.collected_yen if state else 0, cause, now)


def _terms(reservation: Reservation, paid_yen: int, cause: str, now: datetime) -> Cancellation:
    room = room_facts(reservation.room_id)
    day, starts = local(reservation.starts_at, room.zone)
    return cancellation_of(room, day, starts, paid_yen=paid_yen, cause=cause, now=now)


def record_attendance(*, ref: UUID, attendance: str, actor: Actor, now: datetime) -> None:
    """Note whether the hirer came: arrived, absent, or unknown again. Raises ReservationNotFound."""
    with one_transaction():
        reservation = _visible(ref, actor)
        if not records.attend(reservation, attendance=attendance, actor=actor, now=now):
            raise ReservationNotFound


def expire_holds(*, now: datetime) -> int:
    """Sweep every hold whose ten minutes are over. Returns how many."""
    with one_transaction():
        return records.sweep_expired(now=now)


def _apply(
    room_id: int,
    starts_at: datetime,
    ends_at: datetime,
    resident_id: int,
    channel: str,
    now: datetime,
    *,
    purpose: str | None = None,
    headcount: int | None = None,
    override: bool = False,
) -> tuple[records.Applicant, Assessed]:
    check_period(starts_at, ends_at)
    room = room_facts(room_id)
    applicant = records.applicant(
        resident_id=resident_id,
        space_ids=room.space_ids,
        starts_at=starts_at,
        ends_at=room.occupied_until(ends_at),
        now=now,
    )
    assessed = assess(
        room=room,
        starts_at=starts_at,
        ends_at=ends_at,
        applicant_class=applicant.applicant_class,
        channel=channel,
        purpose=purpose,
        headcount=headcount,
        override=override,
        now=now,
    )
    # The cheap look lets the many who come too late leave without queueing for the locks.
    if applicant.finds_taken:
        raise SlotTaken
    return applicant, assessed


def _write(
    assessed: Assessed, applicant: records.Applicant, new: records.NewReservation, actor: Actor, now: datetime
) -> Reservation:
    space_ids = assessed.room.space_ids
    period = (assessed.starts_at, assessed.occupied_until)
    with connection.cursor() as cursor:
        lock_spaces(cursor, space_ids)
        if applicant.finds_left_behind:
            take_over_expired(cursor, space_ids, *period, now)
        return records.insert(cursor, assessed, new, actor, now)


def _promise(reservation: Reservation, room: RoomFacts, payer: str, actor: Actor, now: datetime) -> None:
    """What a confirmed reservation sets in motion: a charge, a way in, a mail."""
    day, _ = local(reservation.starts_at, room.zone)
    payments.assess_charge(
        subject=reservation.ref,
        yen=reservation.price_yen,
        title=f"{room.facility_name} {room.name}",
        payer=payer,
        day=day,
        facility_id=room.facility_id,
        actor=actor,
        now=now,
    )
    locks.want_access(
        subject=reservation.ref,
        room_id=room.id,
        valid_from=reservation.starts_at,
        valid_until=reservation.ends_at,
        label=reservation.number,
        now=now,
    )
    enqueue(settings.RESERVATION_MAIL_JOB, ref=str(reservation.ref), event="confirmed")


def _visible(ref: UUID, actor: Actor, *, lock: bool = False) -> Reservation:
    """Return the reservation if the actor may see it: a resident only their own."""
    rows = Reservation.objects.select_related("resident").filter(ref=ref)
    if actor.kind == "resident":
        rows = rows.filter(resident_id=actor.id)
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    reservation = rows.first()
    if reservation is None:
        raise ReservationNotFound
    return reservation
