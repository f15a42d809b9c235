"""What callers send for several rooms and dates: applications, and series of dates."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from frontend.api.fields import Clock, Day, FilledLine, Id, Input, Line
from frontend.api.inputs import HirerInput, KnownHirerInput, SaidInput, UseInput

MOST_ITEMS = 100
DateKey = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}-20[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
AlternativeKey = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{1,9}-20[0-9]{2}-[0-9]{2}-[0-9]{2}-[0-9]{1,4}-[0-9]{1,4}$"),
    Field(description="``key`` of an alternative."),
]
Items = Annotated[list[UseInput], Field(min_length=1, max_length=MOST_ITEMS)]
AllOrNothing = Annotated[
    bool, Field(strict=True, description="Book nothing where one is refused; else what is free.")
]
Override = Annotated[Line, Field(description="Staff only: why it is taken although rules speak against it.")]


class ApplicationLook(KnownHirerInput):
    """Rooms and times, to be looked at together."""

    items: Items


class ApplicationInput(HirerInput):
    """Rooms and times, to be booked together as one application."""

    items: Items
    purpose: FilledLine
    all_or_nothing: AllOrNothing
    override_reason: Override = ""


class SeriesInput(KnownHirerInput, SaidInput):
    """Rooms, a rhythm and one time of day; what is said holds for every room."""

    rooms: list[Id] = Field(min_length=1, max_length=10)
    rule: Annotated[str, Field(max_length=200, description="RFC 5545 RRULE: WEEKLY or MONTHLY with BYDAY.")]
    first: Day = Field(description="From this day on.")
    starts: Clock
    ends: Clock
    purpose: FilledLine


class SeriesChoices(Input):
    """What is decided about the dates, by their keys in the preview. What is not named is taken, if it is free."""

    all_or_nothing: AllOrNothing
    leave: list[DateKey] = Field(default_factory=list, max_length=700, description="Not wanted.")
    instead: dict[DateKey, AlternativeKey] = Field(default_factory=dict, max_length=700)
    force: list[DateKey] = Field(
        default_factory=list, max_length=700, description="Staff only: booked against the rules."
    )
    override_reason: Override = ""


class SomeDates(Input):
    """Which dates of a series: from one day to another (left out: without end), in these rooms (none: all)."""

    first: Day | None = None
    last: Day | None = None
    rooms: list[Id] = Field(default_factory=list, max_length=10)


class CancelDates(SomeDates):
    """Which dates, and why; staff must say so."""

    reason: Line = ""


class MoveLook(SomeDates):
    """Which dates, and where to: the new time of day, and another room."""

    starts: Clock
    ends: Clock
    room: Id | None = Field(None, description="Left out: each stays in its room.")


class MoveDates(MoveLook):
    """Where to, and what is to be when one cannot be moved."""

    all_or_nothing: AllOrNothing
    override_reason: Override = ""


class AddDate(Input):
    """A date that was left out, refused or cancelled: as planned, or an alternative."""

    instead: AlternativeKey | None = None
    override_reason: Override = ""
