"""What every part of a document is made of: rules with their source, days, and conditions.

`Days` is the one way to say which days, `When` the one way to say in which cases.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from facilities.ordinance.document.values import Answers, Dates, Key, Numbers, Span, Text, one_or_more

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
HolidayKind = Literal["national", "substitute", "between", "own", "any"]
Channel = Literal["web", "desk", "phone"]


class Part(BaseModel):
    """A piece of the document: unknown keys and wrong types are mistakes; nothing is changed afterwards."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Rule(Part):
    """A piece that has a source: the article it comes from, or the note why it is assumed."""

    article: Text | None = None
    note: Text | None = None
    assumed: bool = False


class Named(Part):
    """A thing people choose by name: an applicant class, a purpose, a cause of cancellation."""

    key: Key
    name: Text
    name_en: Text | None = None


class ApplicantClass(Named):
    """A class of applicants. `granted` ones are given by staff (登録団体); the others people say of themselves.

    The first that is not granted is that of somebody of whom nothing is known.
    """

    granted: bool = False


class Days(Part):
    """Which days: everything that is written must fit; inside one list, any entry may fit.

    `unless` takes days out; `day_after` and `day_before` mean the neighbours of the days they hold.
    `kind` are names from the document's `day_kinds`. `since` and `until` go together: from a day that fits the
    one to the next that fits the other, every year (from the second Saturday of April to the last Sunday of
    November).
    """

    weekdays: Annotated[tuple[Weekday, ...], one_or_more] = ()
    nth: Annotated[tuple[Annotated[int, Field(ge=-5, le=5)], ...], one_or_more] = ()
    holidays: Annotated[tuple[HolidayKind, ...], one_or_more] = ()
    month_days: Annotated[tuple[Annotated[int, Field(ge=-31, le=31)], ...], one_or_more] = ()
    months: Annotated[tuple[Annotated[int, Field(ge=1, le=12)], ...], one_or_more] = ()
    dates: Annotated[tuple[Dates, ...], one_or_more] = ()
    day_after: AnyDays = ()
    day_before: AnyDays = ()
    unless: AnyDays = ()
    kind: Annotated[tuple[Key, ...], one_or_more] = ()
    since: AnyDays = ()
    until: AnyDays = ()


AnyDays = Annotated[tuple[Days, ...], one_or_more]
Spans = Annotated[tuple[Span, ...], one_or_more]
Keys = Annotated[tuple[Key, ...], one_or_more]
Channels = Annotated[tuple[Channel, ...], one_or_more]
Times = Annotated[tuple[Dates, ...], one_or_more]


class When(Part):
    """In which cases: everything that is written must fit; inside one list, any entry may fit.

    The fields here are known of every application. Any other field is the key of one of the document's
    `questions`, with the answer that fits: the key of a choice, true or false, or numbers.
    """

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Answers]

    who: Keys = ()
    purpose: Keys = ()
    channel: Channels = ()
    room: Keys = ()
    with_room: Keys = ()
    with_extra: Keys = ()
    slot: Keys = ()
    exempted: Keys = ()
    days: AnyDays = ()
    within: Spans = ()
    booked: Times = ()
    paid: Times = ()
    headcount: Numbers | None = None
    minutes: Numbers | None = None
    slots: Numbers | None = None
    run_day: Numbers | None = None
    run_days: Numbers | None = None
    days_ahead: Numbers | None = None
    days_since_booking: Numbers | None = None
    rooms: Numbers | None = None
    room_number: Numbers | None = None
    slot_number: Numbers | None = None
    quantity: Numbers | None = None

    @cached_property
    def numbers_written(self) -> tuple[str, ...]:
        """The numbers that are written, by key."""
        return tuple(key for key in NUMBERS_IN_CONDITIONS if getattr(self, key) is not None)

    @property
    def answers(self) -> dict[str, Any]:
        """Questions by key, with the answers that fit."""
        return self.__pydantic_extra__ or {}


NUMBERS_IN_CONDITIONS = tuple(
    key for key, field in When.model_fields.items() if field.annotation == Numbers | None
)
AnyWhen = Annotated[tuple[When, ...], one_or_more]


class Conditional(Rule):
    """A rule that holds in some cases only: any of `when` (left out: always), and none of `unless`."""

    when: AnyWhen = ()
    unless: AnyWhen = ()

    @cached_property
    def looks_at_slot(self) -> bool:
        """Whether it holds for some slots only."""
        return any(case.slot for case in (*self.when, *self.unless))


class Question(Rule):
    """What an applicant is asked beyond class and purpose.

    With `choices` the answer is one of their keys; with `unit` it is a whole number; else yes or no.
    `usual` is the answer where none is given. `answered_by` says who knows: the applicant, staff (after
    the use, say), or the system by itself (`won`).
    """

    key: Key
    name: Text
    name_en: Text | None = None
    choices: tuple[Named, ...] = ()
    unit: Text | None = None
    usual: Key | bool | int | None = None
    answered_by: Literal["applicant", "staff", "system"] = "applicant"


Days.model_rebuild()
