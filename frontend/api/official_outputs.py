"""What the API answers staff: what is under review, and who is hit by official use."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from frontend.api.outputs import Output, Reservation, ReservationDetail, RuleReason


class Waiting(Output):
    """An application before the reviewers, since when and why; ``decide_by``: the rules' day, null: none."""

    reservation: ReservationDetail
    state: Literal["applied", "reviewed"]
    applied_at: datetime
    days_waiting: int
    days_to_use: int
    decide_by: date | None
    is_late: bool
    reasons: list[RuleReason]


class Reviews(Output):
    """What waits for a decision, the longest first."""

    reviews: list[Waiting]


class Decided(Output):
    """What was decided about."""

    reservations: list[Reservation]


class Alternative(Output):
    """Where a booking could go: same time in another room, another time or day, another hall."""

    how: Literal["room", "time", "day", "hall"]
    room: int
    starts_at: datetime
    ends_at: datetime


class Hit(Output):
    """A booking that is in the way; ``suggested`` gets into no other suggestion's way."""

    reservation: ReservationDetail
    alternatives: list[Alternative]
    suggested: Alternative | None


class DisplacementLook(Output):
    """Who would be hit; ``holds``: how many people are just filling in forms."""

    hits: list[Hit]
    holds: int


class Displaced(Output):
    """A booking that was hit: where it was, what became of it, and as it is now."""

    reservation: ReservationDetail
    old_room: int
    old_starts_at: datetime
    old_ends_at: datetime
    outcome: Literal["moved", "offered", "accepted", "chosen", "declined", "lapsed", "cancelled"]
    answer_by: datetime | None
    answered_at: datetime | None


class Displacement(Output):
    """An act by which rooms were taken for official use."""

    ref: UUID
    facility: str
    kind: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    decided_by: str
    decided_at: datetime
    appeal_notice: str
    waiting: int = Field(description="How many were asked and have not answered.")
    displaced: list[Displaced]
