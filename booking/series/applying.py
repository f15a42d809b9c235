"""Applying for a series: every date looked at, taken or left, booked together in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from booking.alternatives import Alternative, alternatives_to
from booking.errors import ReasonMissing
from booking.models import Reservation, Series, SeriesDate
from booking.series.errors import SeriesApplied, SeriesEmpty, SeriesNotWhole
from booking.series.intentions import book_wishes, call_at
from booking.series.planning import Plan, key_of, plan_of, visible_series
from booking.telling import tell
from booking.transactions import one_transaction
from booking.whys import whys_of, write_whys
from booking.wishes import Foreseen, Wish, foresee
from tenants.errors import Refusal

State = SeriesDate.State


@dataclass(frozen=True, slots=True)
class Previewed:
    """A date of a series before anything is booked. ``key`` is how forms name it."""

    key: str
    foreseen: Foreseen
    alternatives: tuple[Alternative, ...] = ()

    @property
    def wish(self) -> Wish:
        """The room, day and time."""
        return self.foreseen.wish

    @property
    def state(self) -> str:
        """``free``, ``later`` (its window is not open yet) or ``refused``."""
        return self.foreseen.state


@dataclass(frozen=True, slots=True)
class Choices:
    """What the applicant decides, by the keys of dates. What is not named is taken, where it can be had as planned.

    ``left``: not wanted. ``instead``: another wish in its place. ``forced``: staff book it against the rules.
    """

    left: Collection[str] = frozenset()
    instead: Mapping[str, Wish] = field(default_factory=dict)
    forced: Collection[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a series' dates: how many of each."""

    series: Series
    booked: int
    waiting: int
    refused: int


def preview_series(
    *, ref: UUID, actor: Actor, now: datetime, alternatives: bool = True
) -> tuple[Plan, list[Previewed]]:
    """Return what a planned series would get now: every date with its state, reason and alternatives.

    Nothing is locked or written. Raises SeriesNotFound, NotForGroup, and what its rules cannot answer (NoRulesYet).
    """
    plan = plan_of(visible_series(ref, actor))
    foreseen = foresee(plan.wishes, party=plan.party, channel=plan.channel, now=now)
    instead: Sequence[tuple[Alternative, ...]] = [()] * len(foreseen)
    if alternatives:
        instead = alternatives_to(foreseen, party=plan.party, channel=plan.channel, now=now)
    rows = zip(foreseen, instead, strict=True)
    return plan, [Previewed(key_of(one.wish.room.id, one.wish.day), one, others) for one, others in rows]


def apply_for_series(
    *,
    ref: UUID,
    choices: Choices,
    all_or_nothing: bool,
    actor: Actor,
    now: datetime,
    override_reason: str = "",
) -> Applied:
    """Book a planned series: what is chosen and free, now; what opens later is kept and tried when it opens.

    ``all_or_nothing``: when one chosen date cannot be booked, none is, and the draft stays as it was. Else what is
    free is booked, and the rest is kept with its reason. ``choices.forced`` needs ``override_reason`` and staff.
    Raises SeriesNotWhole (with the reason of each date), SeriesEmpty, SeriesApplied, SeriesNotFound, NotForGroup,
    ReasonMissing.
    """
    with one_transaction():
        series = visible_series(ref, actor, lock=True, act=True)
        if series.state != Series.State.DRAFT:
            raise SeriesApplied
        if choices.forced and not (actor.is_staff and override_reason.strip()):
            raise ReasonMissing
        plan = plan_of(series)
        foreseen = foresee(plan.wishes, party=plan.party, channel=plan.channel, now=now)
        rows = [_Row(key_of(one.wish.room.id, one.wish.day), one, choices) for one in foreseen]
        result = _book(series, rows, all_or_nothing, actor, now, override_reason)
        dates = [row.date(series, result) for row in rows]
        SeriesDate.objects.bulk_create(dates)
        series.state, series.applied_at = Series.State.OPEN, now
        series.save(update_fields=["state", "applied_at"])
        call_at({one.opens_at for one in dates if one.opens_at})
        return _told(series, dates, result, now)


@dataclass(frozen=True, slots=True)
class _Row:
    """A date and what was decided about it."""

    key: str
    foreseen: Foreseen
    choices: Choices

    @property
    def is_forced(self) -> bool:
        return self.key in self.choices.forced

    @property
    def wanted(self) -> Wish | None:
        """What to book now; None for what is left, refused or kept for later."""
        if self.key in self.choices.left:
            return None
        if self.is_forced:
            return self.foreseen.wish
        instead = self.choices.instead.get(self.key)
        return instead or (self.foreseen.wish if self.foreseen.state == "free" else None)

    def date(self, series: Series, result: _Result) -> SeriesDate:
        """What is written of it."""
        wish, looked = self.foreseen.wish, self.foreseen
        row = SeriesDate(
            series=series,
            room_id=wish.room.id,
            day=wish.day,
            starts=wish.starts,
            ends=wish.ends,
            state=State.REFUSED,
            reasons=write_whys(looked.whys),
        )
        if self.key in result.booked:
            row.state, row.reservation = State.BOOKED, result.booked[self.key]
        elif self.key in result.refused:
            row.reasons = write_whys(whys_of(result.refused[self.key]))
        elif looked.state == "later" and self.key not in self.choices.left:
            row.state, row.opens_at = State.INTENTION, looked.opens_at
        elif looked.state != "refused":
            row.state = State.LEFT_OUT
        return row


@dataclass(frozen=True, slots=True)
class _Result:
    booked: Mapping[str, Reservation]
    refused: Mapping[str, Refusal]
    application_ref: UUID | None


def _book(
    series: Series,
    rows: Sequence[_Row],
    all_or_nothing: bool,
    actor: Actor,
    now: datetime,
    override_reason: str,
) -> _Result:
    """Book what is wanted now; what staff force is booked first, as an application of its own."""
    booked: dict[str, Reservation] = {}
    refused: dict[str, Refusal] = {}
    application_ref = None
    for forced in (True, False):
        some = [row for row in rows if row.wanted and row.is_forced == forced]
        if not some:
            continue
        together = book_wishes(
            series,
            [row.wanted for row in some if row.wanted],
            all_or_nothing=all_or_nothing,
            actor=actor,
            now=now,
            override_reason=override_reason if forced else "",
        )
        booked |= {some[place].key: one for place, one in together.booked.items()}
        refused |= {some[place].key: one for place, one in together.refused.items()}
        application_ref = together.application.ref if together.application else application_ref
    waits = any(row.foreseen.state == "later" and row.key not in row.choices.left for row in rows)
    if refused and (all_or_nothing or not (booked or waits)):
        raise SeriesNotWhole(refused)
    if not booked and not waits:
        raise SeriesEmpty
    return _Result(booked, refused, application_ref)


def _told(series: Series, dates: Sequence[SeriesDate], result: _Result, now: datetime) -> Applied:
    waiting = sum(one.state == State.INTENTION for one in dates)
    refused = sum(one.state == State.REFUSED for one in dates)
    if result.booked:
        facts = {"path": f"/series/{series.ref}/", "count": str(len(result.booked)), "skipped": str(refused)}
        tell(
            "series_booked",
            now=now,
            series_ref=series.ref,
            application_ref=result.application_ref,
            facts=facts,
        )
    return Applied(series, len(result.booked), waiting, refused)
