"""Applying for exemption: by the applicant, or by staff for them; taking an application back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.actors import SYSTEM, Actor
from booking import records
from booking.applications import details_of
from booking.exempting.closing import OPEN
from booking.exempting.errors import (
    AlreadyAppliedFor,
    AlreadyExempted,
    ExemptionTooLate,
    GroundUnfit,
    GroundUnknown,
    NothingToExempt,
    PriceNotByRules,
    ReservationNotStanding,
)
from booking.exempting.following import require_left
from booking.exempting.grounds import STANDING, Ground, agreed_room, grounds_in, is_settled
from booking.exempting.quoting import price_with
from booking.exempting.records import grants_of, locked, write_price
from booking.models import Exemption, Reservation
from booking.telling import tell
from booking.transactions import one_transaction
from facilities.ordinance import Grant
from facilities.periods import local
from facilities.queries import RoomFacts

State, Basis = Exemption.State, Exemption.Basis
MOST_LETTERS = 2000


def apply_for_exemption(*, ref: UUID, ground: str, remark: str, actor: Actor, now: datetime) -> Exemption:
    """Apply for exemption of a reservation (its ``ref``) under a ground of the rules, until its use begins.

    Where the rules grant the ground by themselves and its conditions hold, it is granted at once; else it waits for
    those who may decide, who are told. Staff apply for the applicant. Raises ReservationNotFound, NotForGroup,
    ReservationNotStanding, ExemptionTooLate, NothingToExempt, PriceNotByRules, GroundUnknown, GroundUnfit,
    AlreadyAppliedFor, AlreadyExempted, ExemptionUsedUp.
    """
    with one_transaction():
        reservation = records.visible(ref, actor, lock=True, act=True)
        room = agreed_room(reservation)
        found = _ground(reservation, room, ground, now)
        require_left(reservation, found, room)
        trial = _trial(reservation, found)
        exemption = Exemption.objects.create(
            reservation=reservation,
            ground=found.key,
            name=found.name[:200],
            name_en=found.name_en[:200],
            basis=Basis.APPLICATION,
            remark=remark.strip()[:MOST_LETTERS],
            applied_at=now,
            entered_by_id=actor.id if actor.is_staff else None,
        )
        records.note(reservation, "exempt_apply", actor, found.name, now)
        if _granted_by_rules(reservation, room, found):
            _grant_by_rules(exemption, reservation, trial, now)
        else:
            facts = {"exemption": str(exemption.pk)}
            tell("exemption_applied", now=now, reservation_ref=reservation.ref, facts=facts)
    return exemption


def withdraw_exemption(*, ref: UUID, actor: Actor, now: datetime) -> None:
    """Take an application back that nobody decided yet. Raises ExemptionNotFound, NotForGroup, ExemptionOver."""
    with locked(ref, actor) as (exemption, reservation):
        Exemption.objects.filter(pk=exemption.pk).update(state=State.WITHDRAWN, closed_at=now)
        records.note(reservation, "exempt_withdraw", actor, exemption.name, now)


def _ground(reservation: Reservation, room: RoomFacts, key: str, now: datetime) -> Ground:
    """The ground that is applied for, if it can be applied for now."""
    if reservation.status not in STANDING:
        raise ReservationNotStanding
    if reservation.starts_at <= now:
        raise ExemptionTooLate
    if reservation.price_yen is None:
        raise PriceNotByRules
    if not reservation.price_yen:
        raise NothingToExempt
    day = local(reservation.starts_at, room.zone)[0]
    found = next((one for one in grounds_in(room, day) if one.key == key), None)
    if found is None:
        raise GroundUnknown
    rows = Exemption.objects.filter(reservation_id=reservation.pk)
    if rows.filter(state__in=OPEN).exists():
        raise AlreadyAppliedFor
    if rows.filter(state=State.GRANTED, ground=key).exists():
        raise AlreadyExempted
    return found


def _trial(reservation: Reservation, ground: Ground) -> Grant:
    """What would be granted at most: it has to take something off, or there is nothing to decide."""
    most = Grant(ground.key, ground.most_percent if ground.left_to_staff else None)
    with_it = price_with(reservation, [*grants_of(reservation), most])
    if with_it.after_yen >= (reservation.price_yen or 0):
        raise GroundUnfit
    return most


def _granted_by_rules(reservation: Reservation, room: RoomFacts, ground: Ground) -> bool:
    if not ground.automatic:
        return False
    rules = room.rules_on(local(reservation.starts_at, room.zone)[0])
    clause = rules.facility(room.facility_key).grounds[ground.key]
    return is_settled(clause, rules, details_of(reservation))


def _grant_by_rules(exemption: Exemption, reservation: Reservation, grant: Grant, now: datetime) -> None:
    price = price_with(reservation, [*grants_of(reservation), grant])
    Exemption.objects.filter(pk=exemption.pk).update(
        state=State.GRANTED,
        basis=Basis.AUTOMATIC,
        decided_at=now,
        before_yen=price.before_yen,
        after_yen=price.after_yen,
    )
    write_price(
        reservation, price, verb="exempt_grant", reason=f"減免 {exemption.name}", actor=SYSTEM, now=now
    )
    facts = {"exemption": str(exemption.pk)}
    tell("exemption_granted", now=now, reservation_ref=reservation.ref, facts=facts)
    exemption.refresh_from_db()
