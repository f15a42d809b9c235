"""A series after it was applied for: cancel some dates, add one later, ask for the same again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.actors import Actor
from booking.cancelling import cancel_reservation, cancellation_terms
from booking.errors import ReasonMissing
from booking.models import Reservation, Series, SeriesDate
from booking.series.errors import DateNotOpen, SeriesEmpty, SeriesNotFound, SeriesTooLong
from booking.series.intentions import become_booked, book_wishes, call_at, wish_again
from booking.series.planning import plan_of, plan_series, visible_series
from booking.series.recurrence import Recurrence, TooManyDays
from booking.telling import tell
from booking.transactions import one_transaction
from booking.whys import whys_of, write_whys
from booking.wishes import Wish, foresee
from facilities.details import Answer
from facilities.ordinance import Cancellation
from payments.queries import payment_states
from tenants.errors import Refusal

State = SeriesDate.State
LIVE = (Reservation.Status.CONFIRMED, Reservation.Status.APPLIED)
OVER = (Reservation.Status.CANCELLED, Reservation.Status.REFUSED, Reservation.Status.EXPIRED)


@dataclass(frozen=True, slots=True)
class Some:
    """Which dates of a series: days from ``first`` to ``last`` (None: without end), in these rooms (none: all).

    One date: its day and room. This and the following: ``first``. All: nothing said.
    """

    first: date | None = None
    last: date | None = None
    room_ids: Collection[int] = ()

    @property
    def condition(self) -> Q:
        """The same for a query of dates."""
        found = Q()
        if self.first:
            found &= Q(day__gte=self.first)
        if self.last:
            found &= Q(day__lte=self.last)
        return found & Q(room_id__in=self.room_ids) if self.room_ids else found


@dataclass(frozen=True, slots=True)
class ToCancel:
    """A booked date, what was paid for it in yen, and what cancelling it means by the rules."""

    date: SeriesDate
    reservation: Reservation
    paid_yen: int
    terms: Cancellation | None

    @property
    def allowed(self) -> bool:
        """Whether the applicant may cancel it by themselves; what still waits for a review always."""
        return self.terms is None or self.terms.allowed


@dataclass(frozen=True, slots=True)
class CancelTerms:
    """What cancelling some dates would mean: each booked date, and how many are only waited for."""

    dates: Sequence[ToCancel]
    waiting: int

    @property
    def refund_yen(self) -> int | None:
        """What comes back together, in yen; None where staff decide about some of it."""
        refunds = [one.terms.refund_yen for one in self.dates if one.terms and one.allowed and one.paid_yen]
        return None if None in refunds else sum(yen for yen in refunds if yen)

    @property
    def charge_yen(self) -> int:
        """What is still to be paid for cancelling, in yen."""
        return sum(one.terms.charge_yen for one in self.dates if one.terms and one.allowed)


@dataclass(frozen=True, slots=True)
class CancelledDates:
    """What became of it: how many bookings were cancelled, how many waits withdrawn, and which could not be."""

    cancelled: int
    withdrawn: int
    kept: Sequence[tuple[SeriesDate, Refusal]]


def cancel_terms(
    *,
    ref: UUID,
    some: Some,
    actor: Actor,
    now: datetime,
    cause: str = "own",
    answers: Mapping[str, Answer] | None = None,
) -> CancelTerms:
    """Return what cancelling these dates would mean now; nothing is changed. Raises SeriesNotFound, DetailsUnfit."""
    series = visible_series(ref, actor, act=True)
    rows = live_dates(series, some, now)
    waiting = series.dates.filter(some.condition, state=State.INTENTION).count()
    return CancelTerms(_with_terms(rows, actor, now, cause, answers), waiting)


def cancel_dates(
    *,
    ref: UUID,
    some: Some,
    actor: Actor,
    reason: str,
    now: datetime,
    cause: str = "own",
    answers: Mapping[str, Answer] | None = None,
) -> CancelledDates:
    """Cancel the bookings of these dates that are still to come, and no longer wait for those that are waited for.

    What the rules let the applicant not cancel any more stays and is reported; staff cancel always, with a reason.
    One transaction and one notice. Raises ReasonMissing, SeriesEmpty (nothing to cancel), SeriesNotFound, NotForGroup.
    """
    if actor.is_staff and not reason.strip():
        raise ReasonMissing
    with one_transaction():
        series = visible_series(ref, actor, lock=True, act=True)
        rows = live_dates(series, some, now, lock=True)
        found = _with_terms(rows, actor, now, cause, answers)
        several = len(found) > 1
        going, kept = [], []
        for one in found:
            try:
                with transaction.atomic():
                    cancel_reservation(
                        ref=one.reservation.ref,
                        actor=actor,
                        reason=reason,
                        now=now,
                        cause=cause,
                        answers=answers,
                        told=not several,
                    )
                going.append(one)
            except Refusal as refusal:
                kept.append((one.date, refusal))
        waited = series.dates.filter(some.condition, state=State.INTENTION)
        withdrawn = waited.update(state=State.LEFT_OUT, opens_at=None, reasons=[])
        if not found and not withdrawn:
            raise SeriesEmpty
        if several and going:
            facts = {"path": f"/series/{series.ref}/", "count": str(len(going))}
            tell("series_cancelled", now=now, series_ref=series.ref, facts=facts)
    return CancelledDates(len(going), withdrawn, kept)


def add_date(
    *,
    ref: UUID,
    date_id: int,
    actor: Actor,
    now: datetime,
    instead: Wish | None = None,
    override_reason: str = "",
) -> SeriesDate:
    """Book a date that was left out, refused or cancelled before; one whose window is not open yet is kept until then.

    ``instead``: another time or room for it. Raises DateNotOpen, what speaks against it (SlotTaken, OutsideRules …),
    SeriesNotFound, NotForGroup.
    """
    with one_transaction():
        series = visible_series(ref, actor, lock=True, act=True)
        row = series.dates.select_related("reservation").filter(pk=date_id).first()
        if row is None:
            raise SeriesNotFound
        is_gone = row.reservation is not None and row.reservation.status in OVER
        if row.state not in (State.REFUSED, State.LEFT_OUT) and not is_gone:
            raise DateNotOpen
        wish = instead or wish_again(row, plan_of(series))
        _add(series, row, wish, actor, now, override_reason)
    return row


def renew_series(*, ref: UUID, actor: Actor, now: datetime) -> Series:
    """Begin a new draft that goes on where a series ends: same rooms, rhythm and time, as many days again.

    Raises SeriesNotFound, NotForGroup, BadSeries, SeriesTooLong.
    """
    old = visible_series(ref, actor, act=True)
    plan = plan_of(old)
    days = plan.days
    again = plan.recurrence
    said = next(iter(plan.said.values()), None)
    with one_transaction():
        draft = plan_series(
            room_ids=[room.id for room in plan.rooms],
            rule=Recurrence(again.unit, again.every, again.weekdays, again.nth, None, len(days)).rule,
            first=_next_day(again, days[-1]),
            starts=plan.starts,
            ends=plan.ends,
            resident_id=actor.id if actor.kind == "resident" else old.resident_id,
            group_id=old.group_id,
            channel=old.channel,
            actor=actor,
            now=now,
            early_minutes=said.early_minutes if said else 0,
            extension_minutes=said.extension_minutes if said else 0,
        )
        draft.purpose, draft.said = old.purpose, old.said
        draft.save(update_fields=["purpose", "said"])
    return draft


def _next_day(again: Recurrence, last: date) -> date:
    """The day of the rhythm that follows its last one. Raises SeriesTooLong where that is years away."""
    try:
        return Recurrence(again.unit, again.every, again.weekdays, again.nth, None, 2).days(last)[1]
    except TooManyDays as error:
        raise SeriesTooLong from error


def live_dates(series: Series, some: Some, now: datetime, *, lock: bool = False) -> list[SeriesDate]:
    """Return the booked dates that are still to come. ``lock``: their reservations, in one order for everybody."""
    rows = list(
        series.dates.filter(
            some.condition, state=State.BOOKED, reservation__status__in=LIVE, reservation__starts_at__gt=now
        ).select_related("reservation")
    )
    if lock:
        ids = [row.reservation_id for row in rows if row.reservation_id]
        list(Reservation.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    return rows


def _with_terms(
    rows: Sequence[SeriesDate],
    actor: Actor,
    now: datetime,
    cause: str,
    answers: Mapping[str, Answer] | None,
) -> list[ToCancel]:
    found = []
    channel = "desk" if actor.is_staff else "web"
    paid = payment_states([row.reservation.ref for row in rows if row.reservation])
    for row in rows:
        if row.reservation is None:
            continue
        terms = None
        if row.reservation.status == Reservation.Status.CONFIRMED:
            terms = cancellation_terms(
                row.reservation, cause=cause, now=now, channel=channel, answers=answers
            )
        state = paid.get(row.reservation.ref)
        found.append(ToCancel(row, row.reservation, state.paid_yen if state else 0, terms))
    return found


def _add(
    series: Series, row: SeriesDate, wish: Wish, actor: Actor, now: datetime, override_reason: str
) -> None:
    together = book_wishes(
        series,
        [wish],
        all_or_nothing=True,
        actor=actor,
        now=now,
        override_reason=override_reason,
        confirmed_kind="application_confirmed",
    )
    if together.booked:
        become_booked(row, together.booked[0])
        return
    looked = foresee([wish], party=plan_of(series).party, channel=series.channel, now=now)[0]
    # What is waited for is the date's own room and day; another one is had now or not at all.
    if looked.state != "later" or (wish.room.id, wish.day) != (row.room_id, row.day):
        raise together.refused[0]
    row.state, row.reservation, row.opens_at = State.INTENTION, None, looked.opens_at
    row.starts, row.ends, row.reasons = wish.starts, wish.ends, write_whys(whys_of(together.refused[0]))
    row.save(update_fields=["state", "reservation", "opens_at", "starts", "ends", "reasons"])
    call_at({row.opens_at} if row.opens_at else set())
