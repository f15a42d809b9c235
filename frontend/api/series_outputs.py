"""What the API answers about series: their dates before and after they are applied for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from frontend.api.outputs import Clock, GroupName, Output, RuleReason, WhyNot
from frontend.api.several_outputs import Alternative


class SeriesLine(Output):
    """A series in a list: how many of its dates are booked, and how many wait for their window to open."""

    ref: UUID
    number: str
    group: GroupName | None
    purpose: str
    rule: str
    words: str = Field(description="The rule in plain words, in the caller's language.")
    first: date | None
    last: date | None
    booked: int
    waiting: int


class SeriesList(Output):
    """Series, the latest first."""

    series: list[SeriesLine]


class SeriesDate(Output):
    """A date of a series and what became of it; the reservation's own room and time where there is one."""

    id: int
    room: int
    date: date
    starts: Clock
    ends: Clock
    state: Literal["booked", "applied", "cancelled", "not_permitted", "intention", "refused", "left_out"]
    reasons: list[RuleReason] = Field(description="Why it was not booked, as it was told then.")
    opens_at: datetime | None
    reservation: UUID | None
    may_be_added: bool


class Series(Output):
    """A series with its dates; a draft has none yet (see its preview)."""

    ref: UUID
    number: str
    state: Literal["draft", "open"]
    group: GroupName | None
    purpose: str
    rooms: list[int]
    rule: str
    words: str = Field(description="The rule in plain words, in the caller's language.")
    first: date
    starts: Clock
    ends: Clock
    dates: list[SeriesDate]


class PreviewedDate(Output):
    """A date before anything is booked. ``later``: kept, and tried by itself at ``opens_at``."""

    key: str
    room: int
    date: date
    starts: Clock
    ends: Clock
    state: Literal["free", "later", "refused"]
    reasons: list[RuleReason]
    opens_at: datetime | None
    price_yen: int | None
    alternatives: list[Alternative]


class SeriesPreview(Output):
    """Every date of a planned series as it looks now."""

    dates: list[PreviewedDate]
    price_yen: int | None = Field(
        description="What the free ones cost together; null: staff decide some of it."
    )


class AppliedSeries(Output):
    """What became of a series' dates: how many of each, and all of them."""

    booked: int
    waiting: int
    refused: int
    series: Series


class DateToCancel(Output):
    """A booked date, and what cancelling it means by the rules, in yen (null: staff decide)."""

    id: int
    date: date
    room: int
    reservation: UUID
    allowed: bool
    reasons: list[RuleReason]
    paid_yen: int
    refund_yen: int | None
    charge_yen: int


class CancelTerms(Output):
    """What cancelling dates would mean; ``waiting`` dates are no longer waited for."""

    dates: list[DateToCancel]
    waiting: int
    refund_yen: int | None
    charge_yen: int


class KeptDate(Output):
    """A date that stays as it was, and why."""

    id: int
    date: date
    room: int
    refused: WhyNot


class DatesCancelled(Output):
    """How many were cancelled, how many are no longer waited for, and which stay."""

    cancelled: int
    withdrawn: int
    kept: list[KeptDate]


class DateToMove(Output):
    """A booked date, and what moving it means, in yen; or why it cannot be moved."""

    id: int
    date: date
    room: int
    reservation: UUID
    allowed: bool
    refused: WhyNot | None
    pay_yen: int | None
    refund_yen: int | None


class MoveTerms(Output):
    """What moving dates would mean, each for itself."""

    dates: list[DateToMove]


class DatesMoved(Output):
    """How many were moved, how many are waited for at the new time, and which stay."""

    moved: int
    waiting: int
    kept: list[KeptDate]
