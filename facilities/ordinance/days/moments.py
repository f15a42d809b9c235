"""Moments counted back from the day of use, and moved off closed days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from facilities.ordinance.document.application_clauses import Moment, Opening, Reception, Until
from facilities.ordinance.document.clauses import AnyDays
from facilities.ordinance.document.values import DateSpan, days_in_month, plus_months
from facilities.ordinance.holidays import WEEKDAYS, DayBook

_REACH = 400


@dataclass(frozen=True, slots=True)
class HallDays:
    """On which days a hall is open, and what days a document means."""

    is_open: Callable[[date], bool]
    book: DayBook

    def __call__(self, day: date) -> bool:
        """Whether the hall is open on a day."""
        return self.is_open(day)

    def counting(self, days: AnyDays) -> HallDays:
        """The same with other days as its open ones, where some are written."""
        return HallDays(lambda day: self.book.means(days, day), self.book) if days else self


def moment(day: date, minutes: int, zone: tzinfo) -> datetime:
    """The aware moment of minutes of a local day; 1440 is the next midnight."""
    return datetime.combine(day, time(), zone) + timedelta(minutes=minutes)


def opening_moment(opens: Opening, day: date, zone: tzinfo, is_open: HallDays) -> datetime:
    """When something opens for a day of use. Raises OverflowError at the end of the calendar."""
    found, at = _counted_back(opens, day, is_open)
    return moment(found, opens.at if at is None else at, zone)


def until_moment(until: Until, day: date, starts: int, zone: tzinfo, is_open: HallDays) -> datetime:
    """The first moment too late for a use on `day` at `starts`. Raises OverflowError beyond the calendar."""
    if until.before_start is not None:
        return moment(day, starts - until.before_start, zone)
    found, at = _counted_back(until, day, is_open)
    return moment(found, until.at if at is None else at, zone)


def last_shown(closes_at: datetime) -> str:
    """The end of a period as people say it (ISO): a midnight is the last minute of the day before."""
    return (closes_at - timedelta(minutes=1) if closes_at.time() == time() else closes_at).isoformat()


def received_from(receptions: Sequence[Reception], at: datetime, zone: tzinfo, is_open: HallDays) -> datetime:
    """The first moment from `at` on at which applications are received (always, where nothing is written)."""
    at = at.astimezone(zone)
    for distance in range(_REACH if receptions else 0):
        day, found = at.date() + timedelta(days=distance), list[datetime]()
        for one in receptions:
            if (one.days and not is_open.book.means(one.days, day)) or (one.open_days and not is_open(day)):
                continue
            spans = (span for span in one.time if at < moment(day, span[1], zone))
            found += [max(at, moment(day, starts, zone)) for starts, _ in spans]
        if found:
            return min(found)
    return at


def plus_open_days(day: date, count: int, is_open: HallDays) -> date:
    """The day that many open days later."""
    for _ in range(count):
        day = _walk(day + timedelta(days=1), 1, is_open)
    return day


def _counted_back(one: Moment, day: date, hall: HallDays) -> tuple[date, int | None]:
    counting = hall.counting(one.open_on)
    found = _base(one, day, counting)
    instead = next((other for other in one.instead if found.month in other.months), None)
    wanted = instead.day if instead and instead.day else one.day
    if wanted != "same":
        found = _in_month(found, wanted, one)
    elif one.months_before is not None and one.if_missing == "next_month" and found.day != day.day:
        found += timedelta(days=1)
    if one.on:
        found = next((each for each in _stretch(one, found) if hall.book.means(one.on, each)), found)
    if one.if_closed:
        found = _walk(found, 1 if one.if_closed == "next" else -1, counting)
    return plus_open_days(found, one.open_days_later, counting), instead.at if instead else None


def _base(one: Moment, day: date, counting: HallDays) -> date:
    """The day counted back to, before it is moved within its month or off a closed day."""
    if one.each_year is not None:
        return _last_of_year(one.each_year, day, one.years_before)
    if one.months_before is not None:
        return plus_months(day, -one.months_before)
    if one.weeks_before is not None:
        return day - timedelta(days=7 * one.weeks_before)
    for _ in range(one.open_days_before or 0):
        day = _walk(day - timedelta(days=1), -1, counting)
    return day - timedelta(days=one.days_before or 0)


def _in_month(found: date, wanted: str | int, one: Moment) -> date:
    last = days_in_month(found.year, found.month)
    number = int({"month_start": 1, "month_end": last}.get(str(wanted), wanted))
    if number < 0:
        return found.replace(day=max(last + 1 + number, 1))
    missing = number > last and one.if_missing == "next_month"
    return found.replace(day=min(number, last)) + timedelta(days=missing)


def _stretch(one: Moment, found: date) -> list[date]:
    """The days of the month, or of the week, in which a moment is looked for."""
    if one.weeks_before is not None:
        first = found - timedelta(days=(found.weekday() - WEEKDAYS.index(one.week_starts)) % 7)
        return [first + timedelta(days=number) for number in range(7)]
    first = found.replace(day=1)
    return [first + timedelta(days=number) for number in range(days_in_month(found.year, found.month))]


def _last_of_year(span: DateSpan, day: date, years: int) -> date:
    """The last day on or before `day` that begins the yearly span, and years before that."""
    found = span.first.replace(year=day.year) if span.yearly else span.first
    if found > day:
        years += 1
    return plus_months(found, -12 * years)


def _walk(day: date, step: int, is_open: HallDays) -> date:
    """The first open day from `day` on, in steps; the day itself where none is near."""
    for distance in range(_REACH):
        found = day + timedelta(days=step * distance)
        if is_open(found):
            return found
    return day
