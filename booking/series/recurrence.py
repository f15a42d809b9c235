"""On which days something comes back: RFC 5545 inside, plain words outside. Pure; days only, no times, no zone.

A day of the municipality stays that day whatever the clocks do, because no instant is ever worked with here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, TypeVar

from dateutil.rrule import rrulestr

T = TypeVar("T")

MOST_DATES = 220
FURTHEST_DAYS = 1100
MOST_EVERY = 12
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAYS = "月火水木金土日"
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ORDINALS_EN = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}


class BadRecurrence(ValueError):
    """A rule that is none, or none that can be said in our words."""


class TooManyDays(BadRecurrence):
    """A rule that goes on for longer than we plan ahead."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Every ``every`` weeks on ``weekdays`` (0: Monday), or every ``every`` months on the ``nth`` of one weekday.

    ``nth``: 1 to 5, or -1 for the last; 0 in a weekly one. It ends with day ``until``, or after ``count`` days.
    Raises BadRecurrence for what makes no sense.
    """

    unit: Literal["weeks", "months"]
    every: int
    weekdays: tuple[int, ...]
    nth: int = 0
    until: date | None = None
    count: int | None = None

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        days = self.weekdays
        fits = {"weeks": self.nth == 0, "months": self.nth in _ORDINALS_EN and len(days) == 1}
        if not fits[self.unit] or not 1 <= self.every <= MOST_EVERY:
            raise BadRecurrence
        if not days or list(days) != sorted(set(days)) or not set(days) <= set(range(7)):
            raise BadRecurrence
        if (self.until is None) == (self.count is None):
            raise BadRecurrence
        if self.count is not None and not 1 <= self.count <= MOST_DATES:
            raise BadRecurrence

    @property
    def rule(self) -> str:
        """The RRULE, whose DTSTART is a date: ``FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20270331``."""
        by_day = ",".join(f"{self.nth or ''}{_CODES[one]}" for one in self.weekdays)
        freq = "WEEKLY" if self.unit == "weeks" else "MONTHLY"
        ends = f"UNTIL={self.until:%Y%m%d}" if self.until else f"COUNT={self.count}"
        return f"FREQ={freq};INTERVAL={self.every};BYDAY={by_day};{ends}"

    def days(self, first: date) -> list[date]:
        """Return its days from ``first`` on, in order.

        Raises TooManyDays for more than MOST_DATES, or one after FURTHEST_DAYS: nothing is left out silently.
        """
        found: list[date] = []
        if first > date.max - timedelta(days=FURTHEST_DAYS):
            raise TooManyDays
        furthest = first + timedelta(days=FURTHEST_DAYS)
        for each in rrulestr(self.rule, dtstart=datetime.combine(first, time.min)):
            if each.date() > furthest or len(found) == MOST_DATES:
                raise TooManyDays
            found.append(each.date())
        return found

    def words(self, language: str) -> str:
        """Return it in plain words: 毎週 火曜日、2027年3月31日まで."""
        return f"{self._rhythm_ja()}、{self._end_ja()}" if language == "ja" else self._english()

    def _rhythm_ja(self) -> str:
        names = "・".join(f"{_WEEKDAYS[one]}曜日" for one in self.weekdays)
        if self.unit == "months":
            which = "最後の" if self.nth == -1 else f"第{self.nth}"
            return f"毎月 {which}{names}" if self.every == 1 else f"{self.every}か月ごとの {which}{names}"
        return f"毎週 {names}" if self.every == 1 else f"{self.every}週間ごとの {names}"

    def _end_ja(self) -> str:
        if self.until:
            return f"{self.until.year}年{self.until.month}月{self.until.day}日まで"
        return f"{self.count}回"

    def _english(self) -> str:
        names = [_WEEKDAYS_EN[one] for one in self.weekdays]
        listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
        if self.unit == "months":
            months = "every month" if self.every == 1 else f"every {self.every} months"
            rhythm = f"on the {_ORDINALS_EN[self.nth]} {listed} of {months}"
        else:
            rhythm = f"every {listed}" if self.every == 1 else f"every {self.every} weeks on {listed}"
        if self.until:
            return f"{rhythm}, until {self.until.day} {self.until:%B %Y}"
        return f"{rhythm}, {self.count} time{'' if self.count == 1 else 's'}"


def read_rule(text: str) -> Recurrence:
    """Return what an RRULE says. Raises BadRecurrence for one that is not of our kinds."""
    try:
        parts = dict(part.split("=", 1) for part in text.strip().upper().removeprefix("RRULE:").split(";"))
        unit = _UNITS[parts.pop("FREQ")]
        every = int(parts.pop("INTERVAL", "1"))
        until, count = _read(parts, "UNTIL", _as_day), _read(parts, "COUNT", int)
        numbered = sorted(_as_weekday(one) for one in parts.pop("BYDAY").split(","))
    except (KeyError, ValueError) as error:
        raise BadRecurrence from error
    nths = {nth for _, nth in numbered}
    if parts.get("WKST", "MO") != "MO" or set(parts) - {"WKST"} or len(nths) != 1:
        raise BadRecurrence
    return Recurrence(unit, every, tuple(day for day, _ in numbered), nths.pop(), until, count)


_UNITS: dict[str, Literal["weeks", "months"]] = {"WEEKLY": "weeks", "MONTHLY": "months"}


def _read(parts: dict[str, str], key: str, read: Callable[[str], T]) -> T | None:
    return read(parts.pop(key)) if key in parts else None


def _as_day(text: str) -> date:
    return date.fromisoformat(text)


def _as_weekday(text: str) -> tuple[int, int]:
    return _CODES.index(text[-2:]), int(text[:-2] or 0)


def nth_of(day: date) -> int:
    """Return which of its weekday a day is in its month: 1 to 5."""
    return (day.day - 1) // 7 + 1


def is_last(day: date) -> bool:
    """Whether a day is the last of its weekday in its month."""
    return (day + timedelta(days=7)).month != day.month
