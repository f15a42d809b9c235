"""Changing a reservation: another time, room or day in one step, which never loses the old one.

The new time is taken before the old one is given up for good: both happen in one transaction, and a refusal leaves
everything as it was (docs/locking.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.actors import Actor
from booking import records
from booking.admission import lend, turned_away
from booking.applications import Assessed
from booking.availability import busy_between
from booking.change_errors import ChangedMeanwhile, NotChangeable
from booking.change_terms import ChangeTerms, NewUse, assess_change, possible_now, terms_of
from booking.displaced import open_offer, owed_by_hall, owes_change
from booking.errors import NotForGroup, SlotTaken
from booking.models import Displaced, Reservation
from booking.moving import Moving, answer_with, free_claims, lock_payment, move, take_spaces
from booking.parties import Party
from booking.transactions import one_transaction
from booking.waiting.queries import waited_for
from booking.waiting.releasing import given_up_by, left_of, release_rest
from facilities.details import Details
from facilities.ordinance import Reason
from facilities.queries import room_facts
from payments.queries import PaymentState, payment_states

Outcome = Displaced.Outcome
Status = Reservation.Status
CHANGEABLE = frozenset({Status.CONFIRMED, Status.APPLIED})


@dataclass(frozen=True, slots=True)
class Changed:
    """A reservation after its change; what is paid more (the fee included) and what comes back, in yen.

    ``refund_yen`` None: staff decide it.
    """

    reservation: Reservation
    pay_yen: int
    refund_yen: int | None


def change_terms(
    *,
    ref: UUID,
    room_id: int,
    starts_at: datetime,
    ends_at: datetime,
    details: Details | None,
    actor: Actor,
    now: datetime,
    override_reason: str = "",
) -> ChangeTerms:
    """Return what a change would mean now; nothing is locked and nothing is decided.

    Raises what ``change_reservation`` raises, but for ChangedMeanwhile; a change the rules do not allow is no refusal
    here (``allowed``).
    """
    reservation = _changeable(ref, actor)
    override = bool(_reason(actor, override_reason))
    use = NewUse(room_facts(room_id), starts_at, ends_at, details)
    assessed = assess_change(reservation, use, channel=_channel(actor), now=now, override=override)
    payment = payment_states([ref]).get(ref)
    terms = _terms(reservation, assessed, payment, actor, now)
    if not _looks_free(assessed, reservation, now):
        raise SlotTaken
    if not override:
        with connection.cursor() as cursor:
            _admit(cursor, reservation, assessed, now, lock=False)
    return terms


def change_reservation(
    *,
    ref: UUID,
    room_id: int,
    starts_at: datetime,
    ends_at: datetime,
    details: Details | None,
    actor: Actor,
    now: datetime,
    override_reason: str = "",
    expected_sequence: int | None = None,
) -> Changed:
    """Move a reservation to another time, day or room, or make it longer or shorter; its number and UID stay.

    ``details`` None: what was said stays, as far as the new room asks it. ``expected_sequence``: what the applicant
    saw; a change made meanwhile is not overwritten. With ``override_reason`` staff change it although rules or limits
    speak against it. The rules in effect on the new day decide about the new time, those it was agreed under whether
    and at what cost it may be changed. A new time that needs a review is applied for again.
    Raises NotChangeable, ChangedMeanwhile, NothingChanged, ChangeIsOver, PriceLeftToStaff, SlotTaken, OutsideRules,
    ReservationNotFound, NotForGroup, RoomNotFound, RoomNotBookable, InvalidPeriod, TooManyPeople, DetailsMissing,
    DetailsUnfit.
    """
    seen = _changeable(ref, actor)
    if expected_sequence is not None and expected_sequence != seen.sequence:
        raise ChangedMeanwhile
    override = bool(_reason(actor, override_reason))
    use = NewUse(room_facts(room_id), starts_at, ends_at, details)
    assessed = assess_change(seen, use, channel=_channel(actor), now=now, override=override)
    with one_transaction(), connection.cursor() as cursor:
        if not override:
            _admit(cursor, seen, assessed, now)
        take_spaces(cursor, room_facts(seen.room_id).space_ids, [assessed], now=now)
        reservation = records.lock_as_seen(seen, now)
        terms = _terms(reservation, assessed, lock_payment(ref), actor, now)
        if not (terms.allowed or override):
            raise NotChangeable(terms.reasons)
        own = not owes_change(reservation, terms.assessed)
        _move(cursor, reservation, terms, Moving(actor, _reason(actor, override_reason), now, own=own))
        if open_offer(reservation.pk):
            answer_with(Outcome.CHOSEN, reservation, now=now)
    return Changed(reservation, terms.pay_yen, terms.refund_yen)


def may_change(*, ref: UUID, actor: Actor, now: datetime) -> tuple[bool, tuple[Reason, ...]]:
    """Return whether a reservation may be changed now at all, by its rules, and why not. Who may not act, may not.

    Raises ReservationNotFound.
    """
    try:
        reservation = _changeable(ref, actor)
    except (NotChangeable, NotForGroup):
        return False, ()
    if owed_by_hall(reservation.pk):
        return True, ()
    return possible_now(reservation, channel=_channel(actor), now=now)


def gives_up_wished(*, ref: UUID, new: Assessed, actor: Actor, now: datetime) -> bool:
    """Return whether others wait for what a change would give up: then its applicant cannot have that time again.

    Raises NotChangeable, ReservationNotFound, NotForGroup.
    """
    reservation = _changeable(ref, actor)
    if owes_change(reservation, new):
        return False
    room, given_up = room_facts(reservation.room_id), given_up_by(reservation)
    return any(
        waited_for(room=room, starts_at=since, ends_at=min(until, given_up.ends_at), now=now)
        for since, until in left_of(given_up, new)
    )


def _move(cursor: Any, reservation: Reservation, terms: ChangeTerms, moving: Moving) -> None:
    """What the applicant gives up is kept for a while where others wait for it; what the hall owes is not held so."""
    given_up = given_up_by(reservation)
    free_claims([reservation.pk])
    move(cursor, reservation, terms, moving)
    if moving.own:
        release_rest(cursor, given_up, terms.assessed, moving.now)


def _changeable(ref: UUID, actor: Actor) -> Reservation:
    reservation = records.visible(ref, actor, act=True)
    if reservation.status not in CHANGEABLE:
        raise NotChangeable
    return reservation


def _admit(
    cursor: Any, reservation: Reservation, assessed: Assessed, now: datetime, *, lock: bool = True
) -> None:
    """Refuse what a limit, a suspension or the like speaks against; of what the hall owes, only what it cannot lend."""
    besides = [reservation.pk]
    if owes_change(reservation, assessed):
        lend(cursor, assessed, now=now, besides=besides, lock=lock)
        return
    party = Party(reservation.resident_id, reservation.group_id)
    for refusal in turned_away(cursor, [assessed], party, now=now, besides=besides, lock=lock).values():
        raise refusal


def _terms(
    reservation: Reservation, assessed: Assessed, payment: PaymentState | None, actor: Actor, now: datetime
) -> ChangeTerms:
    waived = owes_change(reservation, assessed)
    return terms_of(
        reservation, assessed, payment=payment, actor_is_staff=actor.is_staff, waived=waived, now=now
    )


def _looks_free(assessed: Assessed, reservation: Reservation, now: datetime) -> bool:
    room, period = assessed.room, (assessed.starts_at, assessed.occupied_until)
    busy = busy_between(
        space_ids=room.space_ids, starts_at=period[0], ends_at=period[1], now=now, besides=reservation.pk
    )
    return not busy.of(room)


def _channel(actor: Actor) -> str:
    return "desk" if actor.is_staff else "web"


def _reason(actor: Actor, override_reason: str) -> str:
    return override_reason.strip() if actor.is_staff else ""
