"""When a hall is open: its hours, and the closed days with all their substitutions."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta

from facilities.ordinance.answers import OpenDay
from facilities.ordinance.document.calendar_clauses import Calendar, Closure, HoursException, Move
from facilities.ordinance.document.values import DAY_MINUTES, write_span
from facilities.ordinance.facts import NOTHING, Facts
from facilities.ordinance.holidays import DayBook, nth_of_month
from facilities.ordinance.reasons import Reason, reason_of

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
        code = "closed_unless" if self.closure.open_for else "closed"
        return reason_of(code, self.closure, name=name, name_en=english)

    def holds(self, facts: Facts) -> bool:
        """Whether it is closed for such a use."""
        closure = self.closure
        if closure.open_for and facts.fits(closure.open_for):
            return False
        return not closure.when or facts.fits(closure.when)


class CompiledCalendar:
    """A calendar ready to answer. Keeps a bounded number of answers; every room of the hall shares them."""

    def __init__(self, calendar: Calendar, book: DayBook) -> None:
        """`book` knows the holidays."""
        self._calendar = calendar
        self.book = book
        self._years: dict[int, Mapping[date, tuple[_Closed, ...]]] = {}
        self._days: dict[date, OpenDay] = {}
        self._depends = any(exception.when for exception in calendar.hours.exceptions) or any(
            closure.when or closure.open_for for closure in calendar.closures
        )

    def open_day(self, day: date) -> OpenDay:
        """Periods in which the hall is open, or why it is closed."""
        found = self._days.get(day)
        if found is None:
            if len(self._days) >= _KEPT_DAYS:
                self._days = {}
            found = self._days[day] = self._open_day(day)
        return found

    def open_day_for(self, day: date, facts: Facts) -> OpenDay:
        """As `open_day`, where hours and closures depend on what the hall is used for (`facts`)."""
        return self._open_day(day, facts) if self._depends else self.open_day(day)

    def open_until(self, open_day: OpenDay, day: date, until: int, facts: Facts = NOTHING) -> OpenDay:
        """A day's periods, joined over midnight with those of the days up to `until` (minutes of the day)."""
        periods = open_day.periods
        for number in range(1, (until - 1) // DAY_MINUTES + 1):
            offset = number * DAY_MINUTES
            if not periods or periods[-1][1] < offset or day > date.max - timedelta(days=number):
                break
            further = self.open_day_for(day + timedelta(days=number), facts).periods
            if further and further[0][0] + offset <= periods[-1][1]:
                last = (periods[-1][0], max(periods[-1][1], further[0][1] + offset))
                periods = (*periods[:-1], last)
        return replace(open_day, periods=periods)

    def is_open(self, day: date) -> bool:
        """Whether the hall is open at all on a day."""
        return bool(self.open_day(day).periods)

    def _open_day(self, day: date, facts: Facts = NOTHING) -> OpenDay:
        hours = self._calendar.hours
        special = next((one for one in hours.exceptions if self._means(one, day, facts)), None)
        closures = [one for one in self._closed_days(day.year).get(day, ()) if one.holds(facts)]
        if special and special.even_if_closed:
            closures = []
        whole = next((one for one in closures if not one.closure.time), None)
        if whole:
            reason = whole.reason(day)
            return OpenDay((), reason, (reason,))
        if special:
            said = reason_of(
                "special_hours",
                special,
                name=special.name,
                name_en=special.name_en or special.name,
                hours=say_spans(special.open),
            )
        else:
            said = reason_of("open_hours", hours, hours=say_spans(hours.usual))
        return _without(special.open if special else hours.usual, closures, day, said)

    def _means(self, exception: HoursException, day: date, facts: Facts) -> bool:
        if exception.days and not self.book.means(exception.days, day):
            return False
        return not exception.when or facts.fits(exception.when)

    def _closed_days(self, year: int) -> Mapping[date, tuple[_Closed, ...]]:
        found = self._years.get(year)
        if found is None:
            if len(self._years) >= _KEPT_YEARS:
                self._years = {}
            found = self._years[year] = self._close(year)
        return found

    def _close(self, year: int) -> Mapping[date, tuple[_Closed, ...]]:
        """What closes each day of a year: days that stay where they are first, then those that move."""
        days, book = _around(year), self.book
        moving: list[list[date]] = []
        fixed: list[dict[date, _Closed]] = []
        for closure in self._calendar.closures:
            meant = [
                day for day in days if book.means(closure.days, day) and not book.means(closure.unless, day)
            ]
            moves = closure.moves.when if closure.moves else ()
            moving.append([day for day in meant if moves and book.means(moves, day)])
            fixed.append({day: _Closed(closure, None) for day in meant if day not in set(moving[-1])})
        closed = {day for days_of in fixed for day in days_of}
        by_key: dict[str, Mapping[date, _Closed]] = {}
        together: dict[date, tuple[_Closed, ...]] = {}
        for closure, found, leaving in zip(self._calendar.closures, fixed, moving, strict=True):
            for day in leaving:
                target = self._target(closure.moves, day, by_key, closed) if closure.moves else None
                if target is not None:
                    found.setdefault(target, _Closed(closure, day))
                    closed.add(target)
            if closure.key:
                by_key[closure.key] = found
            for day, one in found.items():
                if day.year == year:
                    together[day] = (*together.get(day, ()), one)
        return together

    def _target(
        self, move: Move, day: date, earlier: Mapping[str, Mapping[date, _Closed]], closed: Set[date]
    ) -> date | None:
        onward = 1 if move.by_days > 0 else -1
        for distance in range(_REACH - abs(move.by_days)):
            try:
                target = day + timedelta(days=move.by_days + onward * distance)
            except OverflowError:
                return None
            if self.book.means(move.skip, target) or (move.skip_closed and target in closed):
                continue
            if not any(target in earlier[key] for key in move.skip_closures):
                return target
        return None


def _around(year: int) -> list[date]:
    first = max(date(year, 1, 1).toordinal() - _REACH, 1)
    last = min(date(year, 12, 31).toordinal() + _REACH, date.max.toordinal())
    return [date.fromordinal(number) for number in range(first, last + 1)]


def _without(
    periods: tuple[tuple[int, int], ...], closures: list[_Closed], day: date, said: Reason
) -> OpenDay:
    """The periods without what closures take of them; closed by the one that takes the last."""
    reasons = [said]
    for one in closures:
        left = tuple(piece for period in periods for piece in _cut(period, one.closure.time))
        if left == periods:
            continue
        periods = left
        reason = one.reason(day)
        if not periods:
            return OpenDay((), reason, (reason,))
        hours = say_spans(one.closure.time)
        reasons.append(replace(reason, code="closed_part", params={**reason.params, "hours": hours}))
    return OpenDay(periods, None, tuple(reversed(reasons)))


def _cut(period: tuple[int, int], spans: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """What is left of a period without the spans."""
    left, (at, end) = list[tuple[int, int]](), period
    for starts, ends in sorted(spans):
        if starts < end and at < ends:
            if at < starts:
                left.append((at, starts))
            at = ends
    return [*left, (at, end)] if at < end else left


def say_spans(spans: tuple[tuple[int, int], ...]) -> str:
    """Spans in words: 09:00-12:00, 13:00-17:00."""
    return ", ".join(write_span(span) for span in spans)
