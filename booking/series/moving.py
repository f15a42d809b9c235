"""Moving dates of a series to another time or room: some of them or all, together or each for itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from booking.change_errors import NotChangeable
from booking.change_terms import ChangeTerms
from booking.changing import change_reservation, change_terms
from booking.models import Reservation, Series, SeriesDate
from booking.series.afterwards import Some, live_dates
from booking.series.errors import BadSeries, SeriesEmpty, SeriesNotWhole
from booking.series.intentions import call_at, wish_again
from booking.series.planning import key_of, plan_of, visible_series
from booking.transactions import one_transaction
from booking.wishes import foresee
from facilities.ordinance.document.values import LATEST
from facilities.periods import local, moment
from tenants.context import current_zone
from tenants.errors import Refusal

State = SeriesDate.State


@dataclass(frozen=True, slots=True)
class Target:
    """Where dates are moved to: minutes of the day, and another room (None: each stays in its own)."""

    starts: int
    ends: int
    room_id: int | None = None


@dataclass(frozen=True, slots=True)
class ToMove:
    """A booked date and what moving it means by the rules; or why it cannot be moved."""

    date: SeriesDate
    reservation: Reservation
    terms: ChangeTerms | None
    refusal: Refusal | None

    @property
    def allowed(self) -> bool:
        """Whether it can be moved as things stand."""
        return self.terms is not None and self.terms.allowed


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of it: how many were moved, how many are waited for at the new time, and which stay as they were."""

    moved: int
    waiting: int
    kept: Sequence[tuple[SeriesDate, Refusal]]


def move_terms(*, ref: UUID, some: Some, target: Target, actor: Actor, now: datetime) -> list[ToMove]:
    """Return what moving these dates would mean now, each for itself; nothing is changed.

    Raises BadSeries (no time), SeriesNotFound, NotForGroup.
    """
    _check(target)
    series = visible_series(ref, actor, act=True)
    return [_to_move(row, target, actor, now) for row in live_dates(series, some, now)]


def move_dates(
    *,
    ref: UUID,
    some: Some,
    target: Target,
    all_or_nothing: bool,
    actor: Actor,
    now: datetime,
    override_reason: str = "",
) -> Moved:
    """Move the bookings of these dates that are still to come, and what is waited for. No booking is lost on the way.

    ``all_or_nothing``: when one cannot be moved, none is. Else the others are, and those that cannot stay where they
    are and come back with the reason. Every booking moved is told of by itself: its calendar entry changes.
    Raises SeriesNotWhole (by the keys of dates), SeriesEmpty (nothing to move), BadSeries, SeriesNotFound, NotForGroup.
    """
    _check(target)
    with one_transaction():
        series = visible_series(ref, actor, lock=True, act=True)
        rows = live_dates(series, some, now)
        kept: list[tuple[SeriesDate, Refusal]] = []
        # Room by room, so that spaces are locked in the order of everybody else (docs/locking.md).
        for row in sorted(rows, key=lambda row: (row.room_id, row.day)):
            try:
                with transaction.atomic():
                    _move(row, target, actor, now, override_reason)
            except Refusal as refusal:
                kept.append((row, refusal))
        if kept and all_or_nothing:
            raise SeriesNotWhole({key_of(row.room_id, row.day): refusal for row, refusal in kept})
        waiting = _wait_elsewhere(series, some, target, now)
        if not rows and not waiting:
            raise SeriesEmpty
    return Moved(len(rows) - len(kept), waiting, kept)


def _check(target: Target) -> None:
    if not 0 <= target.starts < target.ends <= LATEST:
        raise BadSeries


def _period(reservation: Reservation, target: Target) -> tuple[datetime, datetime]:
    """The new time, on the day the booking lies."""
    zone = current_zone()
    day = local(reservation.starts_at, zone)[0]
    return moment(day, target.starts, zone), moment(day, target.ends, zone)


def _to_move(row: SeriesDate, target: Target, actor: Actor, now: datetime) -> ToMove:
    reservation = _booked(row)
    starts_at, ends_at = _period(reservation, target)
    try:
        terms = change_terms(
            ref=reservation.ref,
            room_id=target.room_id or reservation.room_id,
            starts_at=starts_at,
            ends_at=ends_at,
            details=None,
            actor=actor,
            now=now,
        )
    except Refusal as refusal:
        return ToMove(row, reservation, None, refusal)
    return ToMove(row, reservation, terms, None if terms.allowed else NotChangeable(terms.reasons))


def _move(row: SeriesDate, target: Target, actor: Actor, now: datetime, override_reason: str) -> None:
    reservation = _booked(row)
    starts_at, ends_at = _period(reservation, target)
    change_reservation(
        ref=reservation.ref,
        room_id=target.room_id or reservation.room_id,
        starts_at=starts_at,
        ends_at=ends_at,
        details=None,
        actor=actor,
        now=now,
        override_reason=override_reason,
    )


def _booked(row: SeriesDate) -> Reservation:
    if row.reservation is None:
        raise SeriesEmpty
    return row.reservation


def _wait_elsewhere(series: Series, some: Some, target: Target, now: datetime) -> int:
    """What is only waited for is from now on waited for at the new time; another room stays a matter of bookings."""
    rows = list(series.dates.filter(some.condition, state=State.INTENTION))
    for row in rows:
        row.starts, row.ends = target.starts, target.ends
    if not rows:
        return 0
    plan = plan_of(series)
    wishes = [wish_again(row, plan) for row in rows]
    for row, looked in zip(
        rows, foresee(wishes, party=plan.party, channel=plan.channel, now=now), strict=True
    ):
        row.opens_at = looked.opens_at or row.opens_at
        row.save(update_fields=["starts", "ends", "opens_at"])
    call_at({row.opens_at for row in rows if row.opens_at})
    return len(rows)
