"""Which day under the new rules corresponds to a day of the past.

A new document may speak of dates (a price for bookings from 1 April on, works in July), so a use of last year has to be
asked about as a use in the first year of the new version; and on a day of the same kind, since tables and closures look
at weekdays, holidays, months and "the third Tuesday". A shift of 52 weeks keeps the weekday alone.
"""

from __future__ import annotations

from datetime import date, timedelta

from facilities.ordinance.document.values import plus_months
from facilities.ordinance.holidays import DayBook, nth_of_month

_AROUND = 35
_MOST = 6


class Calendar:
    """Finds corresponding days; keeps what it found, since every day of the past has many uses."""

    def __init__(self, book: DayBook, first: date) -> None:
        """``book`` knows the holidays; ``first`` is the first day of the new rules."""
        self._book = book
        self._first = first
        self._found: dict[date, tuple[date, ...]] = {}

    def days_like(self, day: date) -> tuple[date, ...]:
        """Return days on which the new rules hold, the most similar to ``day`` first; never none.

        A day on which they hold already is itself. Else the same date in their first year is looked at with five weeks
        around it; alike are, in this order: being a holiday (and of which kind), the weekday, the month, being the
        n-th weekday of the month, and then the nearest.
        """
        found = self._found.get(day)
        if found is None:
            found = self._found[day] = self._look(day)
        return found

    def _look(self, day: date) -> tuple[date, ...]:
        if day >= self._first:
            return (day,)
        years = self._first.year - day.year
        target = plus_months(day, 12 * years)
        if target < self._first:
            target = plus_months(day, 12 * (years + 1))
        near = (target + timedelta(days=number) for number in range(-_AROUND, _AROUND + 1))
        days = [one for one in near if one >= self._first]
        return tuple(sorted(days, key=lambda one: self._unlike(day, one, target))[:_MOST])

    def _unlike(self, day: date, other: date, target: date) -> tuple[int, bool, bool, bool, int, date]:
        return (
            self._unlike_holiday(day, other),
            day.weekday() != other.weekday(),
            day.month != other.month,
            nth_of_month(day) != nth_of_month(other),
            abs((other - target).days),
            other,
        )

    def _unlike_holiday(self, day: date, other: date) -> int:
        here, there = self._book.kinds(day), self._book.kinds(other)
        if here == there:
            return 0
        return 1 if bool(here) == bool(there) else 2
