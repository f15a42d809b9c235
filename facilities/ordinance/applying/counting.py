"""What an applicant already has, counted as a limit counts it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from facilities.ordinance.applying.deciding import known_facts
from facilities.ordinance.applying.limits import holds, slots_counted, within
from facilities.ordinance.applying.lotteries import rounds_of
from facilities.ordinance.days.timetables import count_slots, slot_keys
from facilities.ordinance.document.application_clauses import Application, Limit
from facilities.ordinance.document.values import DAY_MINUTES
from facilities.ordinance.facts import Facts, Given
from facilities.ordinance.holidays import calendar_period
from facilities.ordinance.rules import RoomRules, Rules


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
) -> int | Fraction:
    """How much of `held` counts under `limit` beside a use of `room` on `day` applied for at `now` (aware).

    `held` are the uses of those whose uses the limit counts (`limit.whose`), without the one applied for; more than
    the period needs does no harm. `application` is the key of the application it belongs to. Hours may have a
    fraction. Of `days`, the day of use itself is left out (it is counted with the application); of `bookings`
    and `entries`, each use counts. Raises UnknownFacility or UnknownRoom.
    """
    own = rules.room(facility, room).application
    today = now.astimezone(rules.zone)
    anchor = day if limit.by == "use" else today.date()
    found = [
        one
        for one in held
        if limit.concerns(one.entry)
        and not (limit.unpaid_only and one.paid)
        and _here(rules, limit, one, facility, room, own)
        and _in_time(rules, limit, one, (facility, room), day, today, application)
        and holds(limit, _facts(rules, one))
    ]
    if limit.per_days is None:
        return _sum(rules, limit, found, day)
    reach = limit.per_days
    totals = []
    for start in (anchor - timedelta(days=back) for back in range(reach)):
        ends = start + timedelta(days=reach - 1)
        totals.append(_sum(rules, limit, [one for one in found if start <= _when(limit, one) <= ends], day))
    return max(totals)


def _when(limit: Limit, one: Held) -> date:
    return one.day if limit.by == "use" else one.booked


def _here(rules: Rules, limit: Limit, one: Held, facility: str, room: str, own: Application) -> bool:
    if limit.across == "everywhere":
        return True
    if limit.across == "rules":
        other = rules.facilities.get(one.facility)
        theirs = other.rooms.get(one.room) if other else None
        return theirs is not None and theirs.application is own
    return one.facility == facility and (limit.across == "facility" or one.room == room)


def _in_time(
    rules: Rules,
    limit: Limit,
    one: Held,
    place: tuple[str, str],
    day: date,
    now: datetime,
    application: str,
) -> bool:
    if limit.per == "application":
        return bool(application) and one.application == application
    if limit.per == "lottery":
        return rounds_of(rules, *place, day) == rounds_of(rules, *place, one.day)
    if limit.per == "always":
        passed = (now.date() - one.day).days * DAY_MINUTES + now.hour * 60 + now.minute
        return one.ends > passed
    bounds = period_of(limit, day if limit.by == "use" else now.date())
    return bounds is None or bounds[0] <= _when(limit, one) <= bounds[1]


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


def _sum(rules: Rules, limit: Limit, found: Sequence[Held], day: date) -> int | Fraction:
    if limit.of == "days":
        return len({one.day for one in found} - {day})
    if limit.of == "slots":
        return sum(slots_counted(limit, _facts(rules, one)) for one in found)
    if limit.of in ("minutes", "hours"):
        minutes = sum(within(limit.time, (one.starts, one.ends)) for one in found)
        return minutes if limit.of == "minutes" else Fraction(minutes, 60)
    return len(found)
