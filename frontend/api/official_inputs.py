"""What staff send: decisions about what is under review, and rooms that are taken for official use."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, Strict

from frontend.api.fields import FilledLine, Id, Input, Key, Line, Moment, Text

Refs = Annotated[list[UUID], Field(min_length=1, max_length=100, description="Reservations under review.")]


class PermitInput(Input):
    """What is permitted: all of it or nothing. ``conditions`` beside those the rules have for every permit."""

    reservations: Refs
    conditions: Text = ""


class RefuseInput(Input):
    """What is refused: all of it or nothing, and why."""

    reservations: Refs
    reason: Text


class TakingInput(Input):
    """Rooms of one hall that are to be taken for a time."""

    facility: Key
    rooms: list[Id] = Field(min_length=1, max_length=100)
    starts_at: Moment
    ends_at: Moment
    kind: Literal["maintenance", "official", "election", "disaster", "weather", "other"]
    reason: FilledLine


class ChoiceInput(Input):
    """What becomes of one booking: moved at once, asked first, or cancelled; ``sequence`` as it was seen."""

    reservation: UUID
    sequence: Annotated[int, Strict(), Field(ge=0, le=2**31 - 1)]
    verdict: Literal["move", "ask", "cancel"]
    room: Id | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None


class DisplaceInput(TakingInput):
    """What is taken, and what becomes of every booking that is hit."""

    choices: list[ChoiceInput] = Field(max_length=1000)
    appeal_notice: Text = Field("", description="教示, told to everyone who is hit.")
    answer_by: Moment | None = Field(None, description="Until when those who are asked answer.")


class AnswerInput(Input):
    """Why not; may be left out."""

    reason: Line = ""
