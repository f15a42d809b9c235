"""What the API answers about groups, and about offences and what follows from them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from frontend.api.outputs import GroupName, Output, RuleReason


class Registration(Output):
    """A group's registration under a rule book: its kind, state and validity (null: without end)."""

    ref: UUID
    book: str
    kind: str
    name: str
    state: Literal["draft", "applied", "returned", "registered", "coming", "refused", "ended"]
    valid_from: date | None
    valid_until: date | None


class Group(GroupName):
    """A group; ``role`` is the caller's in it, null for staff. Who is in it is not said."""

    number: str
    role: Literal["representative", "booker", "viewer"] | None
    registrations: list[Registration]


class Groups(Output):
    """Groups, in the order of their names."""

    groups: list[Group]


class Appeal(Output):
    """What was said against an offence, and what staff answered."""

    ref: UUID
    state: Literal["filed", "accepted", "dismissed"]
    text: str
    filed_at: datetime
    decision: str


class Offence(Output):
    """What was done, by the rules' own name, and what it counts; ``exempt``: why it counts not at all."""

    ref: UUID
    name: str
    day: date
    reservation: UUID | None
    points: float
    counts: bool
    exempt: Literal["", "weather", "disaster", "city"]
    reason: RuleReason | None
    may_appeal: bool
    appeal: Appeal | None


class Measure(Output):
    """What follows: from one day to the day before the other (null: without end)."""

    kind: Literal["suspension", "deregistration", "warning"]
    state: Literal["proposed", "in_force", "dismissed"]
    name: str
    starts_on: date | None
    ends_on: date | None
    holds: bool
    reasons: list[RuleReason]


class Standing(Output):
    """Where somebody stands in halls whose offences count together."""

    group: GroupName | None = Field(description="Whose it is; null: the resident's own.")
    facility: str
    points: float
    is_suspended: bool
    offences: list[Offence]
    measures: list[Measure]


class Standings(Output):
    """The resident's own first, then their groups'."""

    standings: list[Standing]
