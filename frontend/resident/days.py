"""The day of an address, and the strip of fourteen days around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from booking.calendar import DayMark, day_marks, next_bookable_day
from facilities.ordinance.holidays import holidays_of
from facilities.periods import local
from facilities.queries import RoomFacts
from facilities.room_rules import Asker
from frontend.errors import NoSuchDay
from frontend.holidays import say_holiday
from frontend.resident.errors import DayTooFar
from tenants.context import current_zone

STRIP_DAYS = 14
FURTHEST_DAYS = 800
LOOK_AHEAD_DAYS = 126


@dataclass(frozen=True, slots=True)
class StripDay:
    """One day of the strip as the page shows it."""

    day: date
    mark: str
    free: int
    reason: object | None
    holiday: str
    is_chosen: bool

    @property
    def leads_on(self) -> bool:
        """Whether something can be booked on that day: only then it is a link."""
        return self.mark in {"free", "few"}


@dataclass(frozen=True, slots=True)
class Strip:
    """Fourteen days, the windows before and after, and the next day with something free."""

    days: tuple[StripDay, ...]
    before: date | None
    after: date | None
    next_free: date | None

    @property
    def closed_days(self) -> list[StripDay]:
        """The days whose closing has a reason worth reading."""
        return [one for one in self.days if one.mark == "closed" and one.reason]

    @property
    def holidays(self) -> list[StripDay]:
        """The days of the strip that are holidays."""
        return [one for one in self.days if one.holiday]

    @property
    def follows(self) -> bool:
        """Whether the next free day lies after the day the page is about; else it is the first one of all."""
        chosen = next((one.day for one in self.days if one.is_chosen), None)
        return bool(chosen and self.next_free and self.next_free > chosen)


def today(now: datetime) -> date:
    """The municipality's day at ``now``."""
    return local(now, current_zone())[0]


def read_day(text: str, now: datetime) -> date:
    """Return the day an address names. Raises NoSuchDay (2026-02-30) and DayTooFar (year 9999)."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise NoSuchDay from error
    if abs((day - today(now)).days) > FURTHEST_DAYS:
        raise DayTooFar
    return day


def strip_of(
    *,
    rooms: Sequence[RoomFacts],
    day: date,
    asker: Asker,
    chosen: bool = True,
    besides: int | None = None,
) -> Strip:
    """Return the fourteen days (counted from today) in which ``day`` lies.

    ``besides``: the reservation that is about to be changed; its own time counts as free.
    """
    start = today(asker.now)
    first = start + timedelta(days=max((day - start).days, 0) // STRIP_DAYS * STRIP_DAYS)
    marks = day_marks(rooms=rooms, first=first, days=STRIP_DAYS, asker=asker, besides=besides)
    follow = max(day + timedelta(days=1), start) if chosen else start
    next_free = next((mark.day for mark in marks if mark.free and mark.day >= follow), None)
    if next_free is None:
        next_free = _search(rooms, max(follow, marks[-1].day + timedelta(days=1)), asker)
    if next_free is None and first > start:
        next_free = _search(rooms, start, asker)
    return Strip(
        days=tuple(_shown(mark, mark.day == day and chosen) for mark in marks),
        before=first - timedelta(days=STRIP_DAYS) if first > start else None,
        after=first + timedelta(days=STRIP_DAYS) if (first - start).days < FURTHEST_DAYS // 2 else None,
        next_free=next_free,
    )


def first_free_day(*, rooms: Sequence[RoomFacts], asker: Asker) -> date:
    """Return the first day from today on which something is free; today when there is none."""
    start = today(asker.now)
    return _search(rooms, start, asker) or start


def _search(rooms: Sequence[RoomFacts], start: date, asker: Asker) -> date | None:
    """The first free day from ``start`` on."""
    return next_bookable_day(rooms=rooms, after=start - timedelta(days=1), days=LOOK_AHEAD_DAYS, asker=asker)


def holiday_name(day: date) -> str:
    """The name of a national holiday in the page's language, or nothing."""
    found = holidays_of(day.year).get(day)
    return say_holiday(found[1]) if found else ""


def _shown(mark: DayMark, is_chosen: bool) -> StripDay:
    return StripDay(mark.day, mark.mark, mark.free, mark.reason, holiday_name(mark.day), is_chosen)
