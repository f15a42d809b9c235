"""What the API answers about waiting for taken times, and about offers."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from frontend.api.outputs import Output


class Offer(Output):
    """A time that was offered: ``open`` until ``expires_at``, then the next one's."""

    ref: UUID
    state: Literal["queued", "open", "accepted", "declined", "expired", "passed"]
    room: int
    starts_at: datetime
    ends_at: datetime
    offered_at: datetime
    expires_at: datetime
    reservation: UUID | None


class Wait(Output):
    """Somebody waits for a taken time. ``others``: rooms that would do as well."""

    ref: UUID
    status: Literal["waiting", "booked", "withdrawn", "over"]
    wish: Literal["tell", "offer"]
    group: str = Field(description="Name of the group it is for; empty: for the resident.")
    room: int
    others: list[int]
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    told_at: datetime | None
    free_at: datetime | None = Field(description="The time was cancelled and is kept until then.")
    ahead: int | None = Field(description="So many are asked before; null: in no line.")
    offers: list[Offer]


class Waits(Output):
    """Waits: those to come (soonest first), and those that are over (latest first)."""

    coming: list[Wait]
    past: list[Wait]
