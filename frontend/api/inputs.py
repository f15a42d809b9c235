"""What callers send, as pydantic models: the OpenAPI description is made from these."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from facilities.details import MOST_OF_AN_EXTRA, Details
from frontend.api.fields import (
    Answer,
    Day,
    FilledLine,
    Id,
    Input,
    Key,
    Line,
    MailAddress,
    Moment,
    Name,
    Phone,
    QueryId,
)

Headcount = Annotated[int, Strict(), Field(ge=1, le=100_000)]
Minutes = Annotated[int, Strict(), Field(ge=0, le=1440)]
Quantity = Annotated[int, Strict(), Field(ge=0, le=MOST_OF_AN_EXTRA)]


class AvailabilityQuery(Input):
    """Which rooms (``room`` repeated, or all of a ``facility``) and which days."""

    room: list[QueryId] = Field(default_factory=list, max_length=100, description="Room id; may be repeated.")
    facility: Key | None = Field(None, description="Key of a hall: all its rooms.")
    first: Day = Field(alias="from", description="First day, YYYY-MM-DD.")
    days: int = Field(7, ge=1, le=62, description="Number of days.")

    @model_validator(mode="after")
    def _rooms_or_facility(self) -> AvailabilityQuery:
        if bool(self.room) == bool(self.facility):
            raise PydanticCustomError("rooms_or_facility", "see sentences")
        return self


class RoomsQuery(Input):
    """All rooms, or those of one hall."""

    facility: Key | None = Field(None, description="Key of a hall.")


class ReservationsQuery(Input):
    """A page of reservations."""

    cursor: str | None = Field(None, max_length=1000, description="From ``next`` of the page before.")
    limit: int = Field(50, ge=1, le=100, description="Reservations a page.")
    status: Literal["hold", "applied", "confirmed", "cancelled", "refused"] | None = Field(None)


class NoQuery(Input):
    """Nothing may follow the question mark."""


class NewResident(Input):
    """Somebody without a log-in, entered by staff."""

    name: Name
    phone: Phone = ""
    email: MailAddress = ""


class DetailsInput(Input):
    """What the room's rules ask (``getRoomQuestions``), by their keys."""

    applicant_class: Key | None = Field(None, description="For this use; the caller's own when left out.")
    purpose: Key | None = None
    answers: dict[Key, Answer] = Field(default_factory=dict, max_length=100)
    extras: dict[Key, Quantity] = Field(default_factory=dict, max_length=200)
    early_minutes: Minutes = Field(0, description="How much of the time lengthens it before what is rented.")
    extension_minutes: Minutes = Field(
        0, description="How much of the time lengthens it after what is rented."
    )

    def with_headcount(self, headcount: int | None) -> Details:
        """Return what was said, as the services want it."""
        return Details(
            purpose=self.purpose or "",
            headcount=headcount,
            answers=self.answers,
            extras=self.extras,
            early_minutes=self.early_minutes,
            extension_minutes=self.extension_minutes,
            applicant_class=self.applicant_class or "",
        )


class SaidInput(Input):
    """What an applicant says of a use."""

    headcount: Headcount | None = None
    details: DetailsInput = Field(default_factory=DetailsInput)

    @property
    def as_details(self) -> Details:
        """What was said, as the services want it."""
        return self.details.with_headcount(self.headcount)


class QuestionsQuery(Input):
    """The day whose rules are asked."""

    day: Day | None = Field(None, description="Day of use, YYYY-MM-DD; today when left out.")


class QuoteInput(SaidInput):
    """A use: time, and what is said of it."""

    starts_at: Moment
    ends_at: Moment


class KnownHirerInput(Input):
    """For whom. Residents ask for themselves or for a group they act for; staff say for which resident."""

    group: UUID | None = Field(None, description="For this group (``listGroups``).")
    resident_id: Id | None = Field(None, description="Staff only.")
    channel: Literal["desk", "phone"] | None = Field(None, description="Staff only; desk when left out.")


class HirerInput(KnownHirerInput):
    """For whom. Residents book for themselves or for a group they act for; staff say for whom."""

    resident: NewResident | None = Field(None, description="Staff only: a new resident without log-in.")


class UseInput(SaidInput):
    """Room and time, and what is said of the use."""

    room: Id
    starts_at: Moment
    ends_at: Moment


class HoldInput(HirerInput, UseInput):
    """Room and time, and for whom."""


class ConfirmInput(SaidInput):
    """What the room is for, in the applicant's own words, and what the rules ask."""

    purpose: FilledLine


class ReservationInput(HoldInput, ConfirmInput):
    """Hold and confirm in one."""


class CancelInput(Input):
    """Why; staff must say so."""

    reason: Line = ""
