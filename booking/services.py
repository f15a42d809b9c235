"""How a reservation comes about: hold, confirm, book, release; and noting who came. Cancelling: booking.cancelling.

Every service is one transaction. The database decides who gets a time (booking.claiming); a change of status is an
UPDATE that names the old status and must hit one row. Mails and door codes happen later, in the worker.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from accounts.actors import Actor
from booking import records
from booking.admission import admit
from booking.applications import Assessed, assess, check_period
from booking.claiming import lock_spaces, take_over_expired
from booking.errors import HoldExpired, NotForGroup, ReservationNotFound, SlotTaken, TooManyHolds
from booking.exempting.granting import Exempter
from booking.models import Reservation
from booking.parties import Party
from booking.penalties.recording import forget_absence, note_absence, offender_of
from booking.promising import payer_of, settle, settled_status
from booking.standing import classes_among
from booking.transactions import one_transaction
from facilities.details import NO_DETAILS, Details
from facilities.periods import local
from facilities.queries import room_facts
from facilities.room_rules import Asker, under_version

HOLD_MINUTES = 10
MOST_HOLDS = 3

Status = Reservation.Status
# What a hold becomes when it is confirmed.
SETTLED = frozenset({Status.CONFIRMED, Status.APPLIED})


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
    group_id: int | None = None,
) -> Reservation:
    """Keep a room for ten minutes while the resident fills in the rest. The rules that hold now hold for it from here.

    ``group_id``: the resident acts for this group. Raises NotForGroup, SlotTaken, OutsideRules, RoomNotBookable,
    TooManyHolds, InvalidPeriod, RoomNotFound, DetailsUnfit.
    """
    party = Party(resident_id, group_id)
    applicant, assessed = _apply(
        room_id, starts_at, ends_at, party, Asker("", channel, now, details), actor, complete=False
    )
    if applicant.open_holds >= MOST_HOLDS and not actor.is_staff:
        raise TooManyHolds
    with one_transaction():
        return _write(
            assessed,
            applicant,
            records.NewReservation(
                party=party,
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
    group_id: int | None = None,
) -> Reservation:
    """Hold and confirm in one step (desk, telephone, API). ``purpose`` is the applicant's own words.

    With ``override_reason`` staff book although the rules speak against it; the reason is recorded. Nobody else may.
    Raises what ``hold_room`` raises, and PurposeUnfit, HeadcountUnfit, TooManyPeople, DetailsMissing.
    """
    reason = override_reason.strip() if actor.is_staff else ""
    party = Party(resident_id, group_id)
    applicant, assessed = _apply(
        room_id, starts_at, ends_at, party, Asker("", channel, now, details), actor, override=bool(reason)
    )
    with one_transaction():
        reservation = _write(
            assessed,
            applicant,
            records.NewReservation(
                party=party,
                status=settled_status(assessed),
                purpose=purpose,
                reason=reason,
            ),
            actor,
            now,
        )
        settle(reservation, assessed, payer=applicant.payer, actor=actor, now=now)
    return reservation


def confirm_reservation(
    *, ref: UUID, purpose: str, actor: Actor, now: datetime, details: Details = NO_DETAILS
) -> Reservation:
    """Turn a hold into a reservation: charge assessed, door code wanted, mail on its way.

    What is said now (``details``) decides the price, by the rules under which the time was held; a limit or rule it
    breaks refuses it, and the time stays held. Confirming twice is answered with the reservation as it is.
    Raises HoldExpired, ReservationNotFound, PurposeUnfit, HeadcountUnfit, TooManyPeople, OutsideRules,
    DetailsMissing, DetailsUnfit.
    """
    with one_transaction():
        reservation = records.visible(ref, actor, act=True)
        if reservation.status in SETTLED:
            return reservation
        if reservation.held_until is None or reservation.held_until <= now:
            raise HoldExpired
        assessed = assess_hold(reservation, details)
        party = Party(reservation.resident_id, reservation.group_id)
        with connection.cursor() as cursor:
            admit(cursor, assessed, party, now=now, besides=[reservation.pk])
        status = settled_status(assessed)
        if not records.confirm(reservation, assessed, status=status, purpose=purpose, actor=actor, now=now):
            current = records.visible(ref, actor)
            if current.status in SETTLED:
                return current
            raise HoldExpired
        settle(reservation, assessed, payer=payer_of(reservation), actor=actor, now=now)
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
    room = room_facts(reservation.room_id)
    party = Party(reservation.resident_id, reservation.group_id)
    class_of = classes_among(party, reservation.resident.applicant_class)
    own = class_of(room, local(reservation.starts_at, room.zone)[0])
    return assess(
        room=under_version(room, reservation.rule_version_id),
        starts_at=reservation.starts_at,
        ends_at=reservation.ends_at,
        asker=Asker(own, reservation.channel, reservation.created_at, said),
        exempter=Exempter(party),
    )


def release_hold(*, ref: UUID, actor: Actor, now: datetime) -> None:
    """Give a held time back. Releasing what is no longer held changes nothing. Raises ReservationNotFound."""
    with one_transaction():
        reservation = records.visible(ref, actor, act=True)
        records.end(reservation, verb="release", actor=actor, reason="", now=now)


def record_attendance(
    *, ref: UUID, attendance: str, actor: Actor, now: datetime, exempt: str = "", note: str = ""
) -> None:
    """Note whether the hirer came: arrived, absent, or unknown again. Raises ReservationNotFound.

    That nobody came is an offence where the rules say so, unless it is ``exempt`` (a word of Offence.Exempt); noted
    otherwise afterwards, it is withdrawn.
    """
    with one_transaction():
        reservation = records.visible(ref, actor)
        offender_of(reservation).lock()
        if not records.attend(reservation, attendance=attendance, actor=actor, now=now):
            raise ReservationNotFound
        if attendance == Reservation.Attendance.ABSENT:
            note_absence(reservation, exempt=exempt, note=note, actor=actor, now=now)
        else:
            forget_absence(reservation, actor=actor, now=now)


def expire_holds(*, now: datetime) -> int:
    """Sweep every hold whose ten minutes are over. Returns how many."""
    with one_transaction():
        return records.sweep_expired(now=now)


def _apply(
    room_id: int,
    starts_at: datetime,
    ends_at: datetime,
    party: Party,
    asker: Asker,
    actor: Actor,
    *,
    override: bool = False,
    complete: bool = True,
) -> tuple[records.Applicant, Assessed]:
    check_period(starts_at, ends_at)
    room = room_facts(room_id)
    applicant = records.applicant(
        party=party,
        space_ids=room.space_ids,
        starts_at=starts_at,
        ends_at=room.occupied_until(ends_at),
        now=asker.now,
    )
    if not (applicant.may_act or actor.is_staff):
        raise NotForGroup
    class_of = classes_among(party, applicant.applicant_class)
    own = class_of(room, local(starts_at, room.zone)[0])
    assessed = assess(
        room=room,
        starts_at=starts_at,
        ends_at=ends_at,
        asker=replace(asker, applicant_class=own),
        override=override,
        complete=complete,
        exempter=Exempter(party),
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
            admit(cursor, assessed, new.party, now=now)
        lock_spaces(cursor, space_ids)
        if applicant.finds_left_behind:
            take_over_expired(cursor, space_ids, *period, now)
        return records.insert(cursor, assessed, new, actor, now)
