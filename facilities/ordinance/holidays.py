"""Holidays of Japan and of the municipality, and which days a document means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache

import jpholiday

from facilities.ordinance.document.calendar_clauses import OwnHoliday
from facilities.ordinance.document.clauses import Days
from facilities.ordinance.document.values import days_in_month, plus_months

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = timedelta(days=1)
_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12, "fiscal_year": 12}
_A_YEAR = 366


@lru_cache(maxsize=64)
def holidays_of(year: int) -> Mapping[date, tuple[str, str]]:
    """Kind and name of each holiday of a year.

    Kinds follow 国民の祝日に関する法律 第3条: `national` (第1項), `substitute` (第2項, 振替休日) and
    `between` (第3項, a day between two national holidays). All three are 休日 (`any`).
    """
    if year == date.max.year:  # the library looks one day ahead
        return {}
    found = {}
    for day, name in jpholiday.between(date(year, 1, 1), date(year, 12, 31)):
        kind = (
            "substitute" if "振替休日" in name else "between" if name.startswith("国民の休日") else "national"
        )
        found[day] = (kind, name)
    return found


class DayBook:
    """Answers which days a document means; knows the municipality's own holidays."""

    def __init__(self, own: Sequence[OwnHoliday], kinds: Mapping[str, Sequence[Days]] | None = None) -> None:
        """`own` are the holidays the document adds, `kinds` the days it has names for."""
        self.own = tuple(own)
        self._named = kinds or {}

    def kinds(self, day: date) -> frozenset[str]:
        """The holiday kinds of a day: none, or some of national, substitute, between, any, own."""
        found = {"own"} if any(holiday.dates.holds(day) for holiday in self.own) else set()
        of_the_state = holidays_of(day.year).get(day)
        if of_the_state:
            found |= {of_the_state[0], "any"}
        return frozenset(found)

    def means(self, days: Sequence[Days], day: date) -> bool:
        """Whether any entry of the list fits the day."""
        return any(self._fits(one, day) for one in days)

    def _fits(self, days: Days, day: date) -> bool:
        if days.weekdays and WEEKDAYS[day.weekday()] not in days.weekdays:
            return False
        if days.months and day.month not in days.months:
            return False
        from_end = day.day - days_in_month(day.year, day.month) - 1
        if days.month_days and day.day not in days.month_days and from_end not in days.month_days:
            return False
        if days.nth and nth_of_month(day) not in days.nth and -((-from_end + 6) // 7) not in days.nth:
            return False
        if days.dates and not any(span.holds(day) for span in days.dates):
            return False
        if days.holidays and self.kinds(day).isdisjoint(days.holidays):
            return False
        if days.kind and not any(self.means(self._named[key], day) for key in days.kind):
            return False
        if days.since and not self._between(days, day):
            return False
        return self._fits_neighbours(days, day)

    def _between(self, days: Days, day: date) -> bool:
        """Whether the last bound on or before the day is a first one (or it is the last day itself)."""
        if self.means(days.until, day):
            return True
        for number in range(day.toordinal(), max(day.toordinal() - _A_YEAR, 0), -1):
            earlier = date.fromordinal(number)
            if self.means(days.since, earlier):
                return True
            if self.means(days.until, earlier):
                return False
        return False

    def _fits_neighbours(self, days: Days, day: date) -> bool:
        if days.unless and self.means(days.unless, day):
            return False
        if days.day_after and not (day > date.min and self.means(days.day_after, day - _DAY)):
            return False
        return not days.day_before or (day < date.max and self.means(days.day_before, day + _DAY))


def calendar_period(per: str, day: date, week_starts: str = "mon") -> tuple[date, date] | None:
    """First and last day of the period in which a day lies: day, week, month, quarter, half_year and
    fiscal_year (from April) or year. None for any other word."""
    if per == "day":
        return day, day
    if per == "week":
        first = day - timedelta(days=(day.weekday() - WEEKDAYS.index(week_starts)) % 7)
        return first, first + timedelta(days=6)
    months = _MONTHS.get(per)
    if months is None:
        return None
    since = (day.month - 1) % 12 if per == "year" else (day.month - 4) % 12
    first = plus_months(day.replace(day=1), -(since % months))
    last = plus_months(first, months - 1)
    return first, last.replace(day=days_in_month(last.year, last.month))


def nth_of_month(day: date) -> int:
    """Which one of its month the day's weekday is: 1 for the first Tuesday."""
    return (day.day + 6) // 7
