"""When a hall is open: its hours, and the closed days with all their substitutions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from facilities.ordinance.answers import OpenDay
from facilities.ordinance.calendar_clauses import Calendar, Closure, HoursException, Move
from facilities.ordinance.facts import NOTHING, Facts
from facilities.ordinance.holidays import DayBook, nth_of_month
from facilities.ordinance.reasons import Reason, reason_of
from facilities.ordinance.values import write_span

_ORDINALS = ("1st", "2nd", "3rd", "4th", "5th")
_REACH = 62  # days beyond a year from which a closed day can still move into it
_KEPT_YEARS = 16
_KEPT_DAYS = 4_000


@dataclass(frozen=True, slots=True)
class _Closed:
    closure: Closure
    moved_from: date | None

    def reason(self, day: date) -> Reason:
        nth = nth_of_month(self.moved_from or day)
        name = self.closure.name.replace("{n}", str(nth))
        english = (self.closure.name_en or self.closure.name).replace("{n}", _ORDINALS[nth - 1])
        if self.moved_from:
            name = self.closure.moved_name or f"{name} の振替"
            english = self.closure.moved_name_en or f"{english} (moved)"
        return reason_of("closed", self.closure, name=name, name_en=english)


class CompiledCalendar:
    """A calendar ready to answer. Keeps a bounded number of answers; every room of the hall shares them."""

    def __init__(self, calendar: Calendar, book: DayBook) -> None:
        """`book` knows the holidays."""
        self._calendar = calendar
        self._book = book
        self._years: dict[int, Mapping[date, _Closed]] = {}
        self._days: dict[date, OpenDay] = {}
        self._depends = any(exception.when for exception in calendar.hours.exceptions)

    def open_day(self, day: date) -> OpenDay:
        """Periods in which the hall is open, or why it is closed."""
        found = self._days.get(day)
        if found is None:
            if len(self._days) >= _KEPT_DAYS:
                self._days = {}
            found = self._days[day] = self._open_day(day)
        return found

    def open_day_for(self, day: date, facts: Facts) -> OpenDay:
        """As `open_day`, where the hours depend on what the hall is used for (`facts`)."""
        return self._open_day(day, facts) if self._depends else self.open_day(day)

    def _open_day(self, day: date, facts: Facts = NOTHING) -> OpenDay:
        closed = self._closed_days(day.year).get(day)
        if closed:
            reason = closed.reason(day)
            return OpenDay((), reason, (reason,))
        hours = self._calendar.hours
        for exception in hours.exceptions:
            if self._means(exception, day, facts):
                reason = reason_of(
                    "special_hours",
                    exception,
                    name=exception.name,
                    name_en=exception.name_en or exception.name,
                    hours=say_spans(exception.open),
                )
                return OpenDay(exception.open, None, (reason,))
        return OpenDay(hours.usual, None, (reason_of("open_hours", hours, hours=say_spans(hours.usual)),))

    def _means(self, exception: HoursException, day: date, facts: Facts) -> bool:
        if exception.days and not self._book.means(exception.days, day):
            return False
        return not exception.when or facts.fits(exception.when)

    def _closed_days(self, year: int) -> Mapping[date, _Closed]:
        found = self._years.get(year)
        if found is None:
            if len(self._years) >= _KEPT_YEARS:
                self._years = {}
            found = self._years[year] = self._close(year)
        return found

    def _close(self, year: int) -> Mapping[date, _Closed]:
        days = _around(year)
        together: dict[date, _Closed] = {}
        by_key: dict[str, Mapping[date, _Closed]] = {}
        for closure in self._calendar.closures:
            found = self._closed_by(closure, days, by_key)
            if closure.key:
                by_key[closure.key] = found
            together = {**found, **together}
        return {day: closed for day, closed in together.items() if day.year == year}

    def _closed_by(
        self, closure: Closure, days: list[date], earlier: Mapping[str, Mapping[date, _Closed]]
    ) -> dict[date, _Closed]:
        found: dict[date, _Closed] = {}
        for day in days:
            if not self._book.means(closure.days, day) or self._book.means(closure.unless, day):
                continue
            if closure.moves is None or not self._book.means(closure.moves.when, day):
                found[day] = _Closed(closure, None)
                continue
            target = self._target(closure.moves, day, earlier)
            if target is not None:
                found.setdefault(target, _Closed(closure, day))
        return found

    def _target(self, move: Move, day: date, earlier: Mapping[str, Mapping[date, _Closed]]) -> date | None:
        onward = 1 if move.by_days > 0 else -1
        for distance in range(_REACH - abs(move.by_days)):
            try:
                target = day + timedelta(days=move.by_days + onward * distance)
            except OverflowError:
                return None
            if self._book.means(move.skip, target):
                continue
            if not any(target in earlier[key] for key in move.skip_closures):
                return target
        return None


def _around(year: int) -> list[date]:
    first = max(date(year, 1, 1).toordinal() - _REACH, 1)
    last = min(date(year, 12, 31).toordinal() + _REACH, date.max.toordinal())
    return [date.fromordinal(number) for number in range(first, last + 1)]


def say_spans(spans: tuple[tuple[int, int], ...]) -> str:
    """Spans in words: 09:00-12:00, 13:00-17:00."""
    return ", ".join(write_span(span) for span in spans)
