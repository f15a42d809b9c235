"""The small written values of a document: clock times, spans, dates and keys, and how each is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

DAY_MINUTES = 1440
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_MONTH_DAY = re.compile(r"([0-9]{1,2})-([0-9]{1,2})")
_FULL_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LEAP_YEAR = 2000


def read_clock(value: object) -> int:
    """Minutes since local midnight of a text such as `09:00`; `24:00` is the end of the day.

    Raises PydanticCustomError (type `clock`) when it is not such a text.
    """
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("clock", "write a time as 09:00, from 00:00 to 24:00")
    minutes = int(found[1]) * 60 + int(found[2])
    if int(found[2]) > 59 or minutes > DAY_MINUTES:
        raise PydanticCustomError("clock", "write a time as 09:00, from 00:00 to 24:00")
    return minutes


def write_clock(minutes: int) -> str:
    """The text of minutes since midnight: 540 is `09:00`."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def read_span(value: object) -> tuple[int, int]:
    """Start and end minutes of a text such as `09:00-22:00`.

    Raises PydanticCustomError: `span` when it is not two times, `clock` when one of them does not exist,
    `span_order` when the end is not after the start.
    """
    parts = value.split("-") if isinstance(value, str) else []
    if len(parts) != 2:
        raise PydanticCustomError("span", "write a span of time as 09:00-22:00")
    starts, ends = read_clock(parts[0].strip()), read_clock(parts[1].strip())
    if starts >= ends:
        raise PydanticCustomError("span_order", "the end must be after the start")
    return starts, ends


def write_span(span: tuple[int, int]) -> str:
    """The text of a span of minutes: (540, 1320) is `09:00-22:00`."""
    return f"{write_clock(span[0])}-{write_clock(span[1])}"


@dataclass(frozen=True, slots=True)
class DateSpan:
    """Days from `first` to `last`, both included.

    Yearly when `yearly`: then both are kept in one leap year, and a first day after the last
    (`12-28..01-04`) reaches over the new year.
    """

    first: date
    last: date
    yearly: bool

    def holds(self, day: date) -> bool:
        """Whether the day lies in the span (of any year, when yearly)."""
        if not self.yearly:
            return self.first <= day <= self.last
        this = day.replace(year=_LEAP_YEAR)
        if self.first <= self.last:
            return self.first <= this <= self.last
        return this >= self.first or this <= self.last

    def __str__(self) -> str:
        form = "%m-%d" if self.yearly else "%Y-%m-%d"
        if self.first == self.last:
            return self.first.strftime(form)
        return f"{self.first.strftime(form)}..{self.last.strftime(form)}"


def _read_day(text: str) -> tuple[date, bool]:
    try:
        if _FULL_DATE.fullmatch(text):
            return date.fromisoformat(text), False
        found = _MONTH_DAY.fullmatch(text)
        if found:
            return date(_LEAP_YEAR, int(found[1]), int(found[2])), True
    except ValueError:
        raise PydanticCustomError("no_such_date", "this date does not exist") from None
    raise PydanticCustomError("date_span", "write days as 12-28..01-04 or 2027-05-01..2027-05-10")


def read_date_span(value: object) -> DateSpan:
    """A span of days from `12-28..01-04` (every year), `2027-05-01..2027-05-10` or one day of either kind.

    Raises PydanticCustomError: `date_span`, `no_such_date`, or `date_span_order`.
    """
    if isinstance(value, DateSpan):
        return value
    text = str(value) if isinstance(value, (str, date)) else ""
    start, _, end = text.partition("..")
    first, yearly = _read_day(start.strip())
    last, also_yearly = _read_day(end.strip()) if end else (first, yearly)
    if yearly != also_yearly:
        raise PydanticCustomError("date_span", "write days as 12-28..01-04 or 2027-05-01..2027-05-10")
    if not yearly and last < first:
        raise PydanticCustomError("date_span_order", "the last day must not be before the first")
    return DateSpan(first, last, yearly)


def plus_months(day: date, months: int) -> date:
    """The same day of the month, `months` later (negative: earlier); the last day where it does not exist.

    Raises OverflowError outside the years 1 to 9999.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("date value out of range")
    return date(year, month + 1, min(day.day, days_in_month(year, month + 1)))


def days_in_month(year: int, month: int) -> int:
    """How many days the month has."""
    if month == 12:
        return 31
    return (date(year, month + 1, 1) - timedelta(days=1)).day


def _as_tuple(value: Any) -> Any:
    return value if isinstance(value, (tuple, list)) else (value,)


one_or_more = BeforeValidator(_as_tuple)
"""Lets a list with one entry be written without the list."""

Clock = Annotated[
    int,
    BeforeValidator(read_clock),
    PlainSerializer(write_clock),
    WithJsonSchema({"type": "string", "pattern": "^([01]?[0-9]|2[0-3]):[0-5][0-9]$|^24:00$"}),
]
Span = Annotated[
    tuple[int, int],
    BeforeValidator(read_span),
    PlainSerializer(write_span),
    WithJsonSchema({"type": "string", "examples": ["09:00-22:00"]}),
]
Dates = Annotated[
    DateSpan,
    PlainValidator(read_date_span),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "examples": ["12-28..01-04", "2027-05-01"]}),
]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
Text = Annotated[str, Field(min_length=1, max_length=500)]
Yen = Annotated[int, Field(ge=0, le=100_000_000)]
Percent = Annotated[int, Field(ge=0, le=1000)]
