"""What the API answers about several rooms and dates: applications, and changes of reservations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from frontend.api.outputs import Clock, GroupName, Output, Price, Reservation, RuleReason, WhyNot


class Alternative(Output):
    """What could be had instead: another time, another room of the hall, or another hall."""

    key: str
    kind: Literal["time", "room", "hall"]
    room: int
    date: date
    starts: Clock
    ends: Clock
    price_yen: int | None


class LookedItem(Output):
    """One item, by its place (from 0). ``later``: nothing speaks against it but that ``opens_at`` has not come."""

    place: int
    state: Literal["free", "later", "refused"]
    price: Price | None
    opens_at: datetime | None
    refused: WhyNot | None
    alternatives: list[Alternative]


class ApplicationLooked(Output):
    """How the items look now; ``price_yen`` is what the free ones cost together (null: staff decide some of it)."""

    items: list[LookedItem]
    price_yen: int | None


class Application(Output):
    """What was applied for at once, with its reservations by time. ``price_yen`` null: staff decide some of it."""

    ref: UUID
    number: str
    group: GroupName | None
    purpose: str
    created_at: datetime
    price_yen: int | None
    reservations: list[Reservation]


class RefusedItem(WhyNot):
    """An item that was refused, by its place (from 0)."""

    place: int


class ApplicationResult(Application):
    """The application, and what of it could not be had."""

    refused: list[RefusedItem]


class ChangeTerms(Output):
    """What a change would mean now, in yen. ``refund_yen`` and ``after_yen`` null: staff decide."""

    allowed: bool
    reasons: list[RuleReason]
    status: Literal["applied", "confirmed"] = Field(description="What the reservation would be.")
    before_yen: int | None
    after_yen: int | None
    fee_yen: int
    pay_yen: int
    refund_yen: int | None
    price: Price | None


class Changed(Output):
    """A reservation after its change; what is paid more and what comes back, in yen (null: staff decide)."""

    reservation: Reservation
    pay_yen: int
    refund_yen: int | None
