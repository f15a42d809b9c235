"""What callers send, as pydantic models: the OpenAPI description is made from these."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from facilities.details import Details
from frontend.api.fields import (
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
    status: Literal["hold", "confirmed", "cancelled"] | None = Field(None)


class NoQuery(Input):
    """Nothing may follow the question mark."""


class NewResident(Input):
    """Somebody without a log-in, entered by staff."""

    name: Name
    phone: Phone = ""
    email: MailAddress = ""


class HoldInput(Input):
    """Room and time. Staff also say for whom; residents book for themselves."""

    room: Id
    starts_at: Moment
    ends_at: Moment
    resident_id: Id | None = Field(None, description="Staff only.")
    resident: NewResident | None = Field(None, description="Staff only: a new resident without log-in.")
    channel: Literal["desk", "phone"] | None = Field(None, description="Staff only; desk when left out.")


class ConfirmInput(Input):
    """What the room is for and for how many people."""

    purpose: FilledLine
    headcount: Headcount | None = None

    @property
    def details(self) -> Details:
        """What was said, as the services want it."""
        return Details(headcount=self.headcount)


class ReservationInput(HoldInput, ConfirmInput):
    """Hold and confirm in one."""


class CancelInput(Input):
    """Why; staff must say so."""

    reason: Line = ""
