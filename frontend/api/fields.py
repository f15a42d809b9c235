"""The kinds of value that callers send: moments, days, text, ids. Each refuses what the database could not hold."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, Strict
from pydantic_core import PydanticCustomError

from facilities.details import MOST_OF_A_NUMBER
from facilities.ordinance.document.values import LATEST

_KEY = re.compile(r"[-a-zA-Z0-9_]{1,40}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK = re.compile(r"(\d{2}):([0-5]\d)", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
BIGGEST_ID = 2**63 - 1


class Input(BaseModel):
    """What callers send. A name we do not know is refused, so that no typing slip passes in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _mistake(kind: str) -> PydanticCustomError:
    # The sentence is chosen by ``kind`` in frontend.api.sentences.
    return PydanticCustomError(kind, "see sentences")


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise _mistake("moment_not_text")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise _mistake("moment_unreadable") from error
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise _mistake("day_far_away")
    if moment.tzinfo is None:
        raise _mistake("moment_naive")
    return moment


def _day(value: Any) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise _mistake("day_unreadable")
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise _mistake("day_unreadable") from error
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise _mistake("day_far_away")
    return day


def _clock(value: Any) -> int:
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    minutes = int(found[1]) * 60 + int(found[2]) if found else LATEST + 1
    if minutes > LATEST:
        raise _mistake("clock_unreadable")
    return minutes


def _text(value: str) -> str:
    text = " ".join(unicodedata.normalize("NFC", value).split())
    # Cs: half a character; Cc: NUL and its like. Variation selectors (葛󠄀) and rare kanji (𠮷) stay.
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text):
        raise _mistake("text_unprintable")
    return text


def _lines(value: str) -> str:
    return "\n".join(_text(line) for line in value.splitlines()).strip()


def _filled(value: str) -> str:
    if not value:
        raise _mistake("text_empty")
    return value


def _address(value: str) -> str:
    if value:
        try:
            validate_email(value)
        except ValidationError as error:
            raise _mistake("address_unreadable") from error
    return value


def _answer(value: Any) -> bool | int | str:
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and 0 <= value <= MOST_OF_A_NUMBER:
        return value
    if isinstance(value, str) and _KEY.fullmatch(value):
        return value
    raise _mistake("answer_unreadable")


Id = Annotated[int, Strict(), Field(ge=1, le=BIGGEST_ID)]
QueryId = Annotated[int, Field(ge=1, le=BIGGEST_ID)]
Key = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]{1,40}$")]
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    Field(description="ISO 8601 with offset, e.g. 2026-12-02T09:00:00+09:00"),
]
Day = Annotated[date, BeforeValidator(_day), Field(description="YYYY-MM-DD, the municipality's day")]
Clock = Annotated[
    int,
    PlainValidator(_clock, json_schema_input_type=str),
    Field(description='"09:00", the municipality\'s clock; "24:00" ends the day, later is the next one.'),
]
Answer = Annotated[
    bool | int | str,
    PlainValidator(_answer, json_schema_input_type=bool | int | str),
    Field(description="true or false, a whole number, or the key of a choice."),
]
Line = Annotated[str, AfterValidator(_text), Field(max_length=200)]
FilledLine = Annotated[str, AfterValidator(_text), AfterValidator(_filled), Field(max_length=200)]
Text = Annotated[str, AfterValidator(_lines), Field(max_length=4000)]
FilledText = Annotated[str, AfterValidator(_lines), AfterValidator(_filled), Field(max_length=4000)]
Name = Annotated[str, AfterValidator(_text), AfterValidator(_filled), Field(max_length=100)]
Phone = Annotated[str, AfterValidator(_text), Field(max_length=20)]
MailAddress = Annotated[str, AfterValidator(_text), AfterValidator(_address), Field(max_length=254)]
