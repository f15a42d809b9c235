"""Moments counted back from the day of use, and moved off closed days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo

from facilities.ordinance.application_clauses import Moment, Opening, Reception, Until
from facilities.ordinance.facts import NOTHING
from facilities.ordinance.holidays import DayBook
from facilities.ordinance.values import DateSpan, days_in_month, plus_months

IsOpen = Callable[[date], bool]
_REACH = 92


def moment(day: date, minutes: int, zone: tzinfo) -> datetime:
    """The aware moment of minutes of a local day; 1440 is the next midnight."""
    return datetime.combine(day, time(), zone) + timedelta(minutes=minutes)


def opening_moment(opens: Opening, day: date, zone: tzinfo, is_open: IsOpen) -> datetime:
    """When something opens for a day of use. Raises OverflowError at the end of the calendar."""
    found, at = _counted_back(opens, day, is_open)
    return moment(found, opens.at if at is None else at, zone)


def until_moment(until: Until, day: date, starts: int, zone: tzinfo, is_open: IsOpen) -> datetime:
    """The first moment too late for a use on `day` at `starts`. Raises OverflowError beyond the calendar."""
    if until.minutes_before_start is not None:
        return moment(day, starts - until.minutes_before_start, zone)
    found, at = _counted_back(until, day, is_open)
    return moment(found, until.at if at is None else at, zone)


def last_shown(closes_at: datetime) -> str:
    """The end of a period as people say it (ISO): a midnight is the last minute of the day before."""
    return (closes_at - timedelta(minutes=1) if closes_at.time() == time() else closes_at).isoformat()


def received_from(reception: Reception, book: DayBook, at: datetime, zone: tzinfo) -> datetime:
    """The first moment from `at` on at which applications are received."""
    at = at.astimezone(zone)
    for distance in range(_REACH):
        day = at.date() + timedelta(days=distance)
        if reception.days and not book.means(reception.days, day):
            continue
        for starts, ends in reception.time:
            if at < moment(day, ends, zone):
                return max(at, moment(day, starts, zone))
    return at


def plus_open_days(day: date, count: int, is_open: IsOpen) -> date:
    """The day that many open days later."""
    for _ in range(count):
        day = _walk(day + timedelta(days=1), 1, is_open)
    return day


def _counted_back(one: Moment, day: date, is_open: IsOpen) -> tuple[date, int | None]:
    if one.each_year is not None:
        found = _last_of_year(one.each_year, day, one.years_before)
    elif one.months_before is not None:
        found = plus_months(day, -one.months_before)
    else:
        found = day - timedelta(days=one.days_before or 0)
    instead = next((other for other in one.instead if found.month in other.months), None)
    wanted = instead.day if instead and instead.day else one.day
    if wanted != "same":
        last = days_in_month(found.year, found.month)
        number = {"month_start": 1, "month_end": last}.get(str(wanted), wanted)
        found = found.replace(day=min(int(number), last))
    if one.on:
        first = found.replace(day=1)
        month = [first + timedelta(days=number) for number in range(days_in_month(found.year, found.month))]
        found = next((each for each in month if NOTHING.book.means(one.on, each)), found)
    if one.if_closed:
        found = _walk(found, 1 if one.if_closed == "next" else -1, is_open)
    return plus_open_days(found, one.open_days_later, is_open), instead.at if instead else None


def _last_of_year(span: DateSpan, day: date, years: int) -> date:
    """The last day on or before `day` that begins the yearly span, and years before that."""
    found = span.first.replace(year=day.year) if span.yearly else span.first
    if found > day:
        years += 1
    return plus_months(found, -12 * years)


def _walk(day: date, step: int, is_open: IsOpen) -> date:
    """The first open day from `day` on, in steps; the day itself where none is near."""
    for distance in range(_REACH):
        found = day + timedelta(days=step * distance)
        if is_open(found):
            return found
    return day
