"""The small written values of a document: clock times, spans, dates and keys, and how each is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

DAY_MINUTES = 1440
LATEST = 3 * DAY_MINUTES
_CLOCK = re.compile(r"(翌々日|翌日|翌)?([0-9]{1,2}):([0-9]{2})")
_LATER_DAYS = {"翌": 1, "翌日": 1, "翌々日": 2}
_MONTH_DAY = re.compile(r"([0-9]{1,2})-([0-9]{1,2}|末)")
_FULL_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LEAP_YEAR = 2000
_NUMBERS = re.compile(r"([0-9]{0,12})\.\.([0-9]{0,12})")
_LONE = re.compile(r"[0-9]{1,12}")
_KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_TENTHS = re.compile(r"([0-9]{1,4})割(?:([0-9])分)?")
_RATIO = re.compile(r"([0-9]{1,6})/([0-9]{1,6})|([0-9]{1,6})分の([0-9]{1,6})")
_DECIMAL = re.compile(r"([0-9]{1,5}(?:\.[0-9]{1,3})?)([%％倍])")


def read_clock(value: object) -> int:
    """Minutes since local midnight of a text such as `09:00`; `24:00` is the end of the day, `34:00` or
    `翌10:00` ten o'clock of the next one (`72:00` at the latest).

    Raises PydanticCustomError (type `clock`) when it is not such a text.
    """
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    minutes = int(found[2]) * 60 + int(found[3]) if found else 0
    later = _LATER_DAYS.get(found[1] or "", 0) if found else 0
    if found is None or int(found[3]) > 59 or minutes > (DAY_MINUTES if later else LATEST):
        raise PydanticCustomError("clock", "write a time as 09:00, from 00:00; the next day's as 34:00")
    return minutes + later * DAY_MINUTES


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
        if self.first == date.min or self.last == date.max:
            known = [day.strftime(form) for day in (self.first, self.last) if date.min < day < date.max]
            return f"{'..' if self.first == date.min else ''}{''.join(known)}{'..' if self.last == date.max else ''}"
        if self.first == self.last:
            return self.first.strftime(form)
        return f"{self.first.strftime(form)}..{self.last.strftime(form)}"


def _read_day(text: str) -> tuple[date, bool]:
    try:
        if _FULL_DATE.fullmatch(text):
            return date.fromisoformat(text), False
        found = _MONTH_DAY.fullmatch(text)
        if found:
            month = int(found[1])
            return date(
                _LEAP_YEAR, month, days_in_month(_LEAP_YEAR, month) if found[2] == "末" else int(found[2])
            ), True
    except ValueError:
        raise PydanticCustomError("no_such_date", "this date does not exist") from None
    raise PydanticCustomError("date_span", "write days as 12-28..01-04 or 2027-05-01..2027-05-10")


def read_date_span(value: object) -> DateSpan:
    """A span of days from `12-28..01-04` (every year; `02-末` is the last of February),
    `2027-05-01..2027-05-10`, one day of either kind,
    or `2027-05-01..` (from then on) and `..2027-05-10`.

    Raises PydanticCustomError: `date_span`, `no_such_date`, or `date_span_order`.
    """
    if isinstance(value, DateSpan):
        return value
    text = str(value) if isinstance(value, (str, date)) else ""
    start, _, end = text.partition("..")
    open_start, open_end = text.startswith("..") and text != "..", text.endswith("..") and text != ".."
    if open_start or open_end:
        day, yearly = _read_day((end if open_start else start).strip())
        if yearly or (open_start and open_end):
            raise PydanticCustomError("date_span", "write days as 12-28..01-04 or 2027-05-01..2027-05-10")
        return DateSpan(date.min, day, False) if open_start else DateSpan(day, date.max, False)
    first, yearly = _read_day(start.strip())
    last, also_yearly = _read_day(end.strip()) if end else (first, yearly)
    if yearly != also_yearly:
        raise PydanticCustomError("date_span", "write days as 12-28..01-04 or 2027-05-01..2027-05-10")
    if not yearly and last < first:
        raise PydanticCustomError("date_span_order", "the last day must not be before the first")
    return DateSpan(first, last, yearly)


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """Whole numbers from `low` to `high`, both included; None is without end."""

    low: int | None
    high: int | None

    def holds(self, number: int) -> bool:
        """Whether the number lies in the span."""
        return (self.low is None or self.low <= number) and (self.high is None or number <= self.high)

    def __str__(self) -> str:
        if self.low == self.high:
            return str(self.low)
        return f"{'' if self.low is None else self.low}..{'' if self.high is None else self.high}"


def read_number_span(value: object) -> NumberSpan:
    """Numbers from `5`, `1000..2999`, `6000..` or `..4`. Raises PydanticCustomError (type `number_span`)."""
    if isinstance(value, NumberSpan):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return NumberSpan(value, value)
    if isinstance(value, str) and _LONE.fullmatch(value):
        return NumberSpan(int(value), int(value))
    found = _NUMBERS.fullmatch(value) if isinstance(value, str) else None
    if (
        found is None
        or not (found[1] or found[2])
        or (found[1] and found[2] and int(found[1]) > int(found[2]))
    ):
        raise PydanticCustomError("number_span", "write numbers as 5, 1000..2999, 6000.. or ..4")
    return NumberSpan(int(found[1]) if found[1] else None, int(found[2]) if found[2] else None)


Answer = str | bool | NumberSpan


def read_answers(value: object) -> tuple[Answer, ...]:
    """What an answer may be: keys of choices, true or false, numbers; one or a list."""
    found: list[Answer] = []
    for one in value if isinstance(value, (tuple, list)) else (value,):
        if isinstance(one, bool) or (isinstance(one, str) and _KEY.fullmatch(one)):
            found.append(one)
        else:
            found.append(read_number_span(one))
    if not found:
        raise PydanticCustomError("number_span", "write numbers as 5, 1000..2999, 6000.. or ..4")
    return tuple(found)


def write_answers(answers: tuple[Answer, ...]) -> Any:
    """The text of answers as `read_answers` reads it."""
    plain = [str(one) if isinstance(one, NumberSpan) else one for one in answers]
    return plain[0] if len(plain) == 1 else plain


def read_month_day(value: object) -> str | int:
    """A day of a month: `same`, `month_start`, `month_end`, 1 to 31, or counted from its end: -1 to -31.

    Raises PydanticCustomError (type `month_day`).
    """
    if value in ("same", "month_start", "month_end") and isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= abs(value) <= 31:
        return value
    raise PydanticCustomError("month_day", "write same, month_start, month_end, or a number from 1 to 31")


def read_share(value: object) -> Fraction:
    """A share of an amount, in the ordinance's own words: `5割`, `2割5分`, `50%`, `1/3`, `3分の1`, `1.5倍`.

    Raises PydanticCustomError (type `share`).
    """
    if isinstance(value, Fraction):
        return value
    text = value.strip() if isinstance(value, str) else ""
    if found := _TENTHS.fullmatch(text):
        return Fraction(int(found[1]), 10) + Fraction(int(found[2] or 0), 100)
    if found := _RATIO.fullmatch(text):
        part, whole = (found[1], found[2]) if found[1] else (found[4], found[3])
        if int(whole):
            return Fraction(int(part), int(whole))
    if found := _DECIMAL.fullmatch(text):
        return Fraction(found[1]) / (100 if found[2] in "%％" else 1)
    raise PydanticCustomError("share", "write a share as 5割, 50%, 1/3 or 1.5倍")


def say_share(share: Fraction) -> str:
    """A share in figures: 50%, 1/3."""
    percent = share * 100
    return f"{percent}%" if percent.denominator == 1 else f"{share.numerator}/{share.denominator}"


def read_points(value: object) -> Fraction:
    """Penalty points: `1`, `0.5`. Raises PydanticCustomError (type `points`)."""
    if isinstance(value, Fraction):
        return value
    if not isinstance(value, bool) and re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,2})?", str(value)):
        return Fraction(str(value))
    raise PydanticCustomError("points", "write points as 1 or 0.5")


def plain_number(number: Fraction) -> int | float:
    """A whole number as int, another as float."""
    return number.numerator if number.denominator == 1 else float(number)


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


_SOME_CLOCK = "((翌|翌日|翌々日)?([0-6]?[0-9]|7[01]):[0-5][0-9]|72:00)"
_SOME_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}-[0-9]{1,2}"
one_or_more = BeforeValidator(_as_tuple)
"""Lets a list with one entry be written without the list."""

Clock = Annotated[
    int,
    BeforeValidator(read_clock),
    PlainSerializer(write_clock),
    WithJsonSchema(
        {"type": "string", "pattern": f"^{_SOME_CLOCK}$", "examples": ["09:00", "24:00", "翌10:00"]}
    ),
]
Span = Annotated[
    tuple[int, int],
    BeforeValidator(read_span),
    PlainSerializer(write_span),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": rf"^{_SOME_CLOCK}\s*-\s*{_SOME_CLOCK}$",
            "examples": ["09:00-22:00"],
        }
    ),
]
Dates = Annotated[
    DateSpan,
    PlainValidator(read_date_span),
    PlainSerializer(str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": rf"^({_SOME_DAY})?\s*(\.\.\s*({_SOME_DAY})?)?$",
            "examples": ["12-28..01-04", "2027-05-01", "2027-05-01.."],
        }
    ),
]
MonthDay = Annotated[
    Literal["same", "month_start", "month_end"] | int,
    PlainValidator(read_month_day),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": ["same", "month_start", "month_end"]},
                {"type": "integer", "minimum": -31, "maximum": 31},
            ]
        }
    ),
]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
Text = Annotated[str, Field(min_length=1, max_length=500)]
Yen = Annotated[int, Field(ge=0, le=100_000_000)]
Percent = Annotated[int, Field(ge=0, le=1000)]
Share = Annotated[
    Fraction,
    PlainValidator(read_share),
    PlainSerializer(say_share),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": rf"^\s*({_TENTHS.pattern}|{_RATIO.pattern}|{_DECIMAL.pattern})\s*$",
            "examples": ["5割", "50%", "1/3", "1.5倍"],
        }
    ),
]
Points = Annotated[
    Fraction,
    PlainValidator(read_points),
    PlainSerializer(plain_number),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0},
                {"type": "string", "pattern": r"^[0-9]{1,4}(\.[0-9]{1,2})?$"},
            ]
        }
    ),
]
Numbers = Annotated[
    NumberSpan,
    PlainValidator(read_number_span),
    PlainSerializer(str),
    WithJsonSchema(
        {
            "type": ["string", "integer"],
            "pattern": rf"^({_LONE.pattern}|{_NUMBERS.pattern})$",
            "examples": ["5", "1000..2999", "6000..", "..4"],
        }
    ),
]
Answers = Annotated[
    tuple[Answer, ...],
    PlainValidator(read_answers),
    PlainSerializer(write_answers),
    WithJsonSchema({"type": ["string", "boolean", "integer", "array"]}),
]
