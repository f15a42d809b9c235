"""What can be done with a reservation: hold, confirm, book, release, cancel, note who came.

Every service is one transaction. The database decides who gets a time (booking.claiming); a change of status is an
UPDATE that names the old status and must hit one row. Mails and door codes happen later, in the worker.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection

from accounts.actors import Actor
from booking import records
from booking.applications import Assessed, assess, check_period, details_of
from booking.claiming import lock_spaces, take_over_expired
from booking.errors import (
    AlreadyCancelled,
    DetailsUnfit,
    HoldExpired,
    NotCancellable,
    ReasonMissing,
    RefundTooHigh,
    ReservationNotFound,
    SlotTaken,
    TooManyHolds,
)
from booking.limits import refuse_over_limit
from booking.models import Reservation
from booking.pricing import assess_price
from booking.transactions import one_transaction
from facilities.details import NO_DETAILS, Answer, Details, unfit_answers
from facilities.ordinance import Cancellation, Quote
from facilities.periods import local
from facilities.queries import RoomFacts, room_facts
from facilities.room_rules import Asker, asked_for, cancellation_of, under_version
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
    details: Details = NO_DETAILS,
) -> Reservation:
    """Keep a room for ten minutes while the resident fills in the rest. The rules that hold now hold for it from here.

    Raises SlotTaken, OutsideRules, RoomNotBookable, TooManyHolds, InvalidPeriod, RoomNotFound, DetailsUnfit.
    """
    applicant, assessed = _apply(
        room_id, starts_at, ends_at, resident_id, Asker("", channel, now, details), complete=False
    )
    if applicant.open_holds >= MOST_HOLDS and not actor.is_staff:
        raise TooManyHolds
    with one_transaction():
        return _write(
            assessed,
            applicant,
            records.NewReservation(
                resident_id=resident_id,
                status=Status.HOLD,
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
    actor: Actor,
    now: datetime,
    details: Details = NO_DETAILS,
    override_reason: str = "",
) -> Reservation:
    """Hold and confirm in one step (desk, telephone, API). ``purpose`` is the applicant's own words.

    With ``override_reason`` staff book although the rules speak against it; the reason is recorded. Nobody else may.
    Raises what ``hold_room`` raises, and TooManyPeople, DetailsMissing.
    """
    reason = override_reason.strip() if actor.is_staff else ""
    applicant, assessed = _apply(
        room_id, starts_at, ends_at, resident_id, Asker("", channel, now, details), override=bool(reason)
    )
    with one_transaction():
        reservation = _write(
            assessed,
            applicant,
            records.NewReservation(
                resident_id=resident_id,
                status=Status.CONFIRMED,
                purpose=purpose,
                reason=reason,
            ),
            actor,
            now,
        )
        _promise(reservation, assessed.room, applicant.name, actor, now)
    return reservation


def confirm_reservation(
    *, ref: UUID, purpose: str, actor: Actor, now: datetime, details: Details = NO_DETAILS
) -> Reservation:
    """Turn a hold into a reservation: charge assessed, door code wanted, mail on its way.

    What is said now (``details``) decides the price, by the rules under which the time was held; a limit or rule it
    breaks refuses it, and the time stays held. Confirming twice is answered with the reservation as it is.
    Raises HoldExpired, ReservationNotFound, TooManyPeople, OutsideRules, DetailsMissing, DetailsUnfit.
    """
    with one_transaction():
        reservation = records.visible(ref, actor)
        if reservation.status == Status.CONFIRMED:
            return reservation
        if reservation.held_until is None or reservation.held_until <= now:
            raise HoldExpired
        assessed = assess_hold(reservation, details)
        with connection.cursor() as cursor:
            refuse_over_limit(
                cursor,
                assessed,
                resident_id=reservation.resident_id,
                now=now,
                besides=reservation.pk,
            )
        if not records.confirm(reservation, assessed, purpose=purpose, actor=actor, now=now):
            current = records.visible(ref, actor)
            if current.status == Status.CONFIRMED:
                return current
            raise HoldExpired
        _promise(reservation, assessed.room, reservation.resident.name, actor, now)
    return reservation


def assess_hold(reservation: Reservation, details: Details) -> Assessed:
    """Return a held time with what is said now: its price, by the rules and at the moment it was held.

    Raises OutsideRules, RoomNotBookable, TooManyPeople, DetailsMissing, DetailsUnfit.
    """
    said = replace(
        details,
        early_minutes=reservation.early_minutes,
        extension_minutes=reservation.extension_minutes,
    )
    return assess(
        room=under_version(room_facts(reservation.room_id), reservation.rule_version_id),
        starts_at=reservation.starts_at,
        ends_at=reservation.ends_at,
        asker=Asker(reservation.resident.applicant_class, reservation.channel, reservation.created_at, said),
    )


def release_hold(*, ref: UUID, actor: Actor, now: datetime) -> None:
    """Give a held time back. Releasing what is no longer held changes nothing. Raises ReservationNotFound."""
    with one_transaction():
        reservation = records.visible(ref, actor)
        records.end(reservation, verb="release", actor=actor, reason="", now=now)


def cancel_reservation(
    *,
    ref: UUID,
    actor: Actor,
    reason: str,
    now: datetime,
    cause: str = "own",
    answers: Mapping[str, Answer] | None = None,
    refund_yen: int | None = None,
) -> Reservation:
    """Cancel a confirmed reservation and free its spaces at once.

    A resident may do so until the rules' deadline; staff always, with a reason. What was paid beyond what the rules
    keep is decided as a refund; what they charge for cancelling stays to be paid. ``cause`` is a key of the rules'
    causes, ``answers`` those to what the rules ask when something is cancelled. ``refund_yen`` is what staff decide to
    give back, where the rules leave it to them or against the rules.
    Raises NotCancellable, AlreadyCancelled, ReasonMissing, ReservationNotFound, DetailsUnfit, RefundTooHigh.
    """
    if actor.is_staff and not reason.strip():
        raise ReasonMissing
    with one_transaction():
        reservation = records.visible(ref, actor, lock=True)
        if reservation.status == Status.CANCELLED:
            raise AlreadyCancelled
        if reservation.status != Status.CONFIRMED:
            raise NotCancellable
        priced = reservation.price_yen is not None
        paid = payments.lock_charge(subject=reservation.ref) if priced else 0
        terms = _terms(
            reservation, paid, cause, now, answers or {}, channel="desk" if actor.is_staff else "web"
        )
        if not (terms.allowed or actor.is_staff):
            raise NotCancellable(terms.reasons)
        records.end(reservation, verb="cancel", actor=actor, reason=reason, now=now)
        if priced:
            payments.reduce_charge(
                subject=reservation.ref,
                to_yen=_kept(paid, terms, refund_yen if actor.is_staff else None),
                reason=reason or "取消し",
                actor=actor,
                now=now,
            )
        locks.withdraw_access(subject=reservation.ref, now=now)
        enqueue(settings.RESERVATION_MAIL_JOB, ref=str(reservation.ref), event="cancelled")
    return reservation


def _kept(paid_yen: int, terms: Cancellation, refund_yen: int | None) -> int:
    """What a cancelled reservation still costs, in yen: what staff decided, else what the rules say."""
    if refund_yen is None:
        return paid_yen - (terms.refund_yen or 0) + terms.charge_yen
    if not 0 <= refund_yen <= paid_yen:
        raise RefundTooHigh(paid_yen=paid_yen)
    return paid_yen - refund_yen


def cancellation_terms(
    reservation: Reservation,
    *,
    cause: str,
    now: datetime,
    channel: str = "web",
    answers: Mapping[str, Answer] | None = None,
) -> Cancellation:
    """Return what the rules say about cancelling this reservation now: allowed, deadline, refund in yen, reasons.

    ``channel``: web for the resident's own doing, desk for staff's.
    Raises DetailsUnfit for answers the rules do not ask for when something is cancelled.
    """
    state = payment_states([reservation.ref]).get(reservation.ref)
    return _terms(reservation, state.paid_yen if state else 0, cause, now, answers or {}, channel=channel)


def _terms(
    reservation: Reservation,
    paid_yen: int,
    cause: str,
    now: datetime,
    answers: Mapping[str, Answer],
    *,
    channel: str,
) -> Cancellation:
    room = under_version(room_facts(reservation.room_id), reservation.rule_version_id)
    day, starts = local(reservation.starts_at, room.zone)
    unfit = (
        unfit_answers(asked_for(room, day).when_cancelling, answers, by_staff=channel == "desk")
        if answers
        else ()
    )
    if unfit:
        raise DetailsUnfit(unfit)
    said = details_of(reservation)
    return cancellation_of(
        room,
        day,
        starts,
        paid_yen=paid_yen,
        cause=cause,
        asker=Asker(
            reservation.applicant_class,
            channel,
            now,
            replace(said, answers={**said.answers, **answers}),
        ),
        booked_on=local(reservation.created_at, room.zone)[0],
        quote=Quote.from_dict(reservation.quote) if reservation.quote else None,
    )


def record_attendance(*, ref: UUID, attendance: str, actor: Actor, now: datetime) -> None:
    """Note whether the hirer came: arrived, absent, or unknown again. Raises ReservationNotFound."""
    with one_transaction():
        reservation = records.visible(ref, actor)
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
    asker: Asker,
    *,
    override: bool = False,
    complete: bool = True,
) -> tuple[records.Applicant, Assessed]:
    check_period(starts_at, ends_at)
    room = room_facts(room_id)
    applicant = records.applicant(
        resident_id=resident_id,
        space_ids=room.space_ids,
        starts_at=starts_at,
        ends_at=room.occupied_until(ends_at),
        now=asker.now,
    )
    assessed = assess(
        room=room,
        starts_at=starts_at,
        ends_at=ends_at,
        asker=replace(asker, applicant_class=applicant.applicant_class),
        override=override,
        complete=complete,
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
        if not new.reason:
            refuse_over_limit(cursor, assessed, resident_id=new.resident_id, now=now)
        lock_spaces(cursor, space_ids)
        if applicant.finds_left_behind:
            take_over_expired(cursor, space_ids, *period, now)
        return records.insert(cursor, assessed, new, actor, now)


def _promise(reservation: Reservation, room: RoomFacts, payer: str, actor: Actor, now: datetime) -> None:
    """What a confirmed reservation sets in motion: a charge, a way in, a mail."""
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
    enqueue(settings.RESERVATION_MAIL_JOB, ref=str(reservation.ref), event="confirmed")
