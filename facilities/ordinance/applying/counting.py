"""What an applicant already has, counted as a limit counts it; and several uses applied for at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from facilities.ordinance.applying.deciding import known_facts
from facilities.ordinance.applying.limits import holds, limit_reasons, limits_of, slots_counted, within
from facilities.ordinance.applying.lotteries import rounds_of
from facilities.ordinance.days.timetables import count_slots, slot_keys
from facilities.ordinance.document.application_clauses import Application, Limit
from facilities.ordinance.document.values import DAY_MINUTES
from facilities.ordinance.facts import Facts, Given
from facilities.ordinance.holidays import calendar_period
from facilities.ordinance.reasons import Reason
from facilities.ordinance.rules import RoomRules, Rules

Amount = int | Fraction


@dataclass(frozen=True, slots=True)
class Held:
    """A use somebody has (or, with `entry`, asks for in a lottery not drawn yet).

    Minutes are those of `day`; `booked` is the day it was applied for; `application` tells what was applied for at
    once from the rest. `answers`, `purpose` and the like are those of the application; `paid`: nothing is left to pay.
    """

    facility: str
    room: str
    day: date
    starts: int
    ends: int
    booked: date
    application: str = ""
    entry: bool = False
    applicant_class: str = ""
    channel: str = ""
    purpose: str | None = None
    headcount: int | None = None
    run_days: int | None = None
    answers: Mapping[str, Given] = field(default_factory=dict)
    paid: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """One of several uses applied for at once: by which rules, as it would be held, and what conditions see of it."""

    rules: Rules
    use: Held
    facts: Facts


def period_of(limit: Limit, day: date) -> tuple[date, date] | None:
    """First and last day that can count together with `day` (of use, with `by: booked` of application).

    None: no bounds (a run, one application, always, one lottery).
    """
    if limit.per_days is not None:
        reach = timedelta(days=limit.per_days - 1)
        return day - reach, day + reach
    return calendar_period(limit.per or "", day, limit.week_starts)


def count_held(
    rules: Rules,
    limit: Limit,
    *,
    facility: str,
    room: str,
    day: date,
    now: datetime,
    held: Iterable[Held],
    application: str = "",
) -> Amount:
    """How much of `held` counts under `limit` beside a use of `room` on `day` applied for at `now` (aware).

    `held` are the uses of those whose uses the limit counts (`limit.whose`), without the one applied for; more than
    the period needs does no harm. `application` is the key of the application it belongs to. Hours may have a
    fraction. Of `days`, the day of use itself is left out (it is counted with the application); of `bookings`
    and `entries`, each use counts. Raises UnknownFacility or UnknownRoom.
    """
    tally = _Tally(rules, limit)
    for one in held:
        tally.add(one, _facts(rules, one))
    return tally.count(facility, room, day, now.astimezone(rules.zone), application)


def over_limits(
    wanted: Sequence[Wanted], held: Mapping[str, Sequence[Held]], *, now: datetime
) -> dict[int, tuple[Reason, ...]]:
    """Which of several uses applied for at once, at `now` (aware), exceed a limit, by their place, and which limits.

    They are looked at in their order: each counts what is `held` and those before it that are within the limits. `held`
    are the uses there are already, by whose they are (the words of `Limit.whose`; left out: none).
    Raises UnknownFacility or UnknownRoom.
    """
    over: dict[int, tuple[Reason, ...]] = {}
    tallies = _Tallies(held)
    for place, one in enumerate(wanted):
        reasons = tuple(_exceeded(tallies, one, now.astimezone(one.rules.zone)))
        if reasons:
            over[place] = reasons
        else:
            tallies.admitted.append(one.use)
    return over


def _exceeded(tallies: _Tallies, one: Wanted, now: datetime) -> Iterator[Reason]:
    application, use = one.rules.room(one.use.facility, one.use.room).application, one.use
    if not application.limits:
        return

    def counted(limits: Iterable[Limit]) -> dict[str, Amount]:
        place = use.facility, use.room, use.day, now, use.application
        return {limit.key: tallies.of(one.rules, limit).count(*place) for limit in limits}

    facts, counts = one.facts, counted(filter(_is_run, application.limits))
    if counts:
        facts = replace(facts, numbers={**facts.numbers, "run_days": int(max(counts.values())) + 1})
    counts |= counted(limit for limit in limits_of(application, facts) if limit.per != "run")
    yield from limit_reasons(application, facts, counts)


class _Tallies:
    """What counts under each limit that is asked about, with what was admitted meanwhile; facts are worked out once."""

    def __init__(self, held: Mapping[str, Sequence[Held]]) -> None:
        self.admitted: list[Held] = []
        self._held = held
        self._tallies: dict[tuple[int, int], _Tally] = {}
        self._known: dict[tuple[int, int], Facts] = {}

    def of(self, rules: Rules, limit: Limit) -> _Tally:
        tally = self._tallies.get((id(rules), id(limit)))
        if tally is None:
            tally = self._tallies[id(rules), id(limit)] = _Tally(rules, limit)
            for one in self._held.get(limit.whose, ()):
                tally.add(one, self._facts(rules, one))
        for one in self.admitted[tally.seen :]:
            tally.add(one, self._facts(rules, one))
        tally.seen = len(self.admitted)
        return tally

    def _facts(self, rules: Rules, one: Held) -> Facts:
        found = self._known.get((id(rules), id(one)))
        if found is None:
            found = self._known[id(rules), id(one)] = _facts(rules, one)
        return found


class _Tally:
    """The uses that count under one limit, by the day that decides their period, each with how much it counts."""

    def __init__(self, rules: Rules, limit: Limit) -> None:
        self.rules = rules
        self.limit = limit
        self.seen = 0  # how many of those admitted meanwhile are counted
        self._by_day: dict[date, list[tuple[Held, Amount]]] = {}

    def add(self, one: Held, facts: Facts) -> None:
        """Count a use from now on, if the limit is about it."""
        limit = self.limit
        if limit.concerns(one.entry) and not (limit.unpaid_only and one.paid) and holds(limit, facts):
            day = one.day if limit.by == "use" else one.booked
            self._by_day.setdefault(day, []).append((one, _amount(limit, one, facts)))

    def count(self, facility: str, room: str, day: date, now: datetime, application: str) -> Amount:
        """How much there is beside a use; `now` by the municipality's clock."""
        limit = self.limit
        if _is_run(limit):
            return self._run_beside(day, (facility, room))
        own = self.rules.room(facility, room).application
        anchor = day if limit.by == "use" else now.date()
        found = [
            each
            for when in self._days(period_of(limit, anchor))
            for each in self._by_day[when]
            if _here(self.rules, limit, each[0], facility, room, own)
            and _counts_now(self.rules, limit, each[0], (facility, room), day, now, application)
        ]
        if limit.per_days is None:
            return _total(limit, found, day)
        return max(_total(limit, part, day) for part in _windows(limit, found, anchor))

    def _run_beside(self, day: date, place: tuple[str, str]) -> int:
        """How many days of the same room follow each other without a gap before and after a day."""
        length = 0
        for step in (timedelta(days=-1), timedelta(days=1)):
            each = day + step
            while any((one.facility, one.room) == place for one, _ in self._by_day.get(each, ())):
                each, length = each + step, length + 1
        return length

    def _days(self, bounds: tuple[date, date] | None) -> Sequence[date]:
        if bounds is None:
            return list(self._by_day)
        first, last = bounds
        if (last - first).days < len(self._by_day):
            days = (first + timedelta(days=passed) for passed in range((last - first).days + 1))
            return [each for each in days if each in self._by_day]
        return [each for each in self._by_day if first <= each <= last]


def _is_run(limit: Limit) -> bool:
    return limit.per == "run" and limit.of == "days"


def _windows(
    limit: Limit, found: Sequence[tuple[Held, Amount]], anchor: date
) -> Iterator[list[tuple[Held, Amount]]]:
    """What lies in each stretch of `per_days` days around a day; stretches that begin between two uses add nothing."""
    reach = timedelta(days=(limit.per_days or 1) - 1)
    dated = [(one.day if limit.by == "use" else one.booked, (one, much)) for one, much in found]
    for begins in {anchor, *(when for when, _ in dated if anchor - reach <= when <= anchor)}:
        yield [each for when, each in dated if begins <= when <= begins + reach]


def _here(rules: Rules, limit: Limit, one: Held, facility: str, room: str, own: Application) -> bool:
    if limit.across == "room":
        return (one.facility, one.room) == (facility, room)
    if limit.across == "everywhere":
        return True
    if limit.across == "rules":
        theirs = _room(rules, one)
        return theirs is not None and theirs.application is own
    return one.facility == facility


def _counts_now(
    rules: Rules,
    limit: Limit,
    one: Held,
    place: tuple[str, str],
    day: date,
    now: datetime,
    application: str,
) -> bool:
    """Whether a use counts at this moment and in this application, where the limit is about that."""
    if limit.per == "application":
        return bool(application) and one.application == application
    if limit.per == "lottery":
        return rounds_of(rules, *place, day) == rounds_of(rules, *place, one.day)
    if limit.per == "always":
        passed = (now.date() - one.day).days * DAY_MINUTES + now.hour * 60 + now.minute
        return one.ends > passed
    return True


def _room(rules: Rules, one: Held) -> RoomRules | None:
    hall = rules.facilities.get(one.facility)
    return hall.rooms.get(one.room) if hall else None


def _facts(rules: Rules, one: Held) -> Facts:
    numbers = {"minutes": one.ends - one.starts, "days_ahead": (one.day - one.booked).days}
    known = (("headcount", one.headcount), ("run_days", one.run_days))
    numbers |= {key: number for key, number in known if number is not None}
    facts = known_facts(rules, one.room, one.applicant_class, one.channel, one.purpose, one.answers, numbers)
    facts = replace(facts.of_use(one.day, (one.starts, one.ends), ()), booked=one.booked)
    room = _room(rules, one)
    if room is None or not room.time.slots:
        return facts
    pieces = room.pieces_of(rules.book, one.day, one.starts, one.ends, facts)
    return replace(facts, numbers={**numbers, "slots": max(count_slots(pieces), 1)}, slots=slot_keys(pieces))


def _amount(limit: Limit, one: Held, facts: Facts) -> Amount:
    if limit.of == "slots":
        return slots_counted(limit, facts)
    if limit.of in ("minutes", "hours"):
        minutes = within(limit.time, (one.starts, one.ends))
        return minutes if limit.of == "minutes" else Fraction(minutes, 60)
    return 1


def _total(limit: Limit, found: Sequence[tuple[Held, Amount]], day: date) -> Amount:
    if limit.of == "days":
        return len({one.day for one, _ in found} - {day})
    return sum(much for _, much in found)
