"""What staff decide: whether a proposed measure is taken, that one ends early, and that bookings go with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from accounts.actors import Actor
from booking.cancelling import cancel_reservation
from booking.errors import ReasonMissing
from booking.models import Measure, Reservation
from booking.penalties.errors import AlreadyDecided, MeasureNotFound
from booking.penalties.following import Offender, announce, settle
from booking.transactions import one_transaction
from facilities.groups.reviewing import end_registration
from facilities.models import GroupRegistration
from facilities.penalty_rules import penalty_rules
from facilities.periods import local, moment
from tenants.context import current_zone

State = Measure.State


def decide_measure(*, ref: UUID, take: bool, reason: str, actor: Actor, now: datetime) -> Measure:
    """Take a measure the rules leave to staff, or decide not to. A suspension holds from then on, as the rules say;
    struck off, a group is no longer registered.

    Raises MeasureNotFound, AlreadyDecided, ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing
    with one_transaction():
        measure = _locked(ref)
        _move(measure, State.PROPOSED, State.IN_FORCE if take else State.DISMISSED, reason, actor, now)
        if take:
            _strike_off(measure, reason, actor, now)
            announce(measure, now=now)
    return measure


def _strike_off(measure: Measure, reason: str, actor: Actor, now: datetime) -> None:
    """End what a group is registered for in the halls of these rules, where that is the measure (登録の抹消)."""
    if measure.kind != Measure.Kind.DEREGISTRATION or measure.group is None:
        return
    rows = measure.group.registrations.filter(
        rule_book_id=measure.facility.rule_book_id, state=GroupRegistration.State.REGISTERED
    )
    for registration in rows.order_by("pk"):
        end_registration(ref=registration.ref, staff_id=actor.id, reason=reason, now=now, struck_off=True)


def lift_measure(*, ref: UUID, reason: str, actor: Actor, now: datetime) -> Measure:
    """End a measure before its time. Raises MeasureNotFound, AlreadyDecided (it is not in force), ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing
    with one_transaction():
        measure = _locked(ref)
        _move(measure, State.IN_FORCE, State.LIFTED, reason, actor, now)
        settle(Offender.of(measure.offence), measure.facility, now=now)
    return measure


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The reservations that were cancelled with a measure."""

    count: int


def bookings_hit(measure: Measure, *, now: datetime) -> list[Reservation]:
    """Return the reservations to come that the rules let staff cancel with a measure, in their order.

    Of a suspension those in its time, of a deregistration all from the day it was decided; in the halls whose
    offences count together. None where the rules cancel none.
    """
    if not measure.cancels_bookings or measure.state != State.IN_FORCE:
        return []
    zone = current_zone()
    rows = Reservation.objects.filter(
        _subject(measure),
        status__in=[Reservation.Status.CONFIRMED, Reservation.Status.APPLIED],
        starts_at__gt=now,
        room__facility__rule_book_id=measure.facility.rule_book_id,
    ).select_related("room__facility", "group", "resident")
    if measure.starts_on and measure.ends_on:
        rows = rows.filter(
            starts_at__gte=moment(measure.starts_on, 0, zone), starts_at__lt=moment(measure.ends_on, 0, zone)
        )
    rules = penalty_rules(measure.facility)
    return [
        row
        for row in rows.order_by("starts_at", "pk")
        if rules.together_with(row.room.facility.key, local(row.starts_at, zone)[0])
    ]


def cancel_bookings(*, ref: UUID, actor: Actor, now: datetime) -> Cancelled:
    """Cancel every reservation a measure hits, in one transaction; what comes back of the price, the rules say.

    Raises MeasureNotFound.
    """
    with one_transaction():
        measure = _found(ref)
        hit = bookings_hit(measure, now=now)
        for row in sorted(hit, key=lambda one: one.pk):
            cancel_reservation(ref=row.ref, actor=actor, reason=measure.name, now=now, offence=False)
    return Cancelled(len(hit))


def _subject(measure: Measure) -> Q:
    if measure.group_id is not None:
        return Q(group_id=measure.group_id)
    return Q(group=None, resident_id=measure.resident_id)


def _found(ref: UUID) -> Measure:
    rows = Measure.objects.select_related("facility", "offence", "group", "resident")
    measure = rows.filter(ref=ref).first()
    if measure is None:
        raise MeasureNotFound
    return measure


def _locked(ref: UUID) -> Measure:
    """The measure, with its offender's row locked, as it stands then."""
    Offender.of(_found(ref).offence).lock()
    return _found(ref)


def _move(measure: Measure, before: State, after: State, reason: str, actor: Actor, now: datetime) -> None:
    moved = Measure.objects.filter(pk=measure.pk, state=before).update(
        state=after, decided_by_id=actor.id, decided_at=now, decision=reason.strip()[:500]
    )
    if not moved:
        raise AlreadyDecided
    measure.refresh_from_db()
