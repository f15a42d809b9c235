"""What a document says about paying, cancelling, changing, refunds and penalties."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from facilities.ordinance.application_clauses import Before, Until
from facilities.ordinance.clauses import Channels, Conditional, Keys, Part, Rule
from facilities.ordinance.values import Key, Numbers, Points, Text, Yen, one_or_more


class Refund(Conditional):
    """One rung of the refund ladder; the first that fits counts. A percentage, or at staff's discretion.

    It holds until so many days before the use, or until a moment (`by`: 3 months before). `less_yen` is kept.
    """

    causes: Keys = ()
    at_least_days_before: Before | None = None
    by: Until | None = None
    less_yen: Yen = 0
    percent: Annotated[int, Field(ge=0, le=100)] | None = None
    discretionary: Text | None = None
    discretionary_en: Text | None = None


class ChannelDeadline(Rule):
    """Until when one cancels by some channels."""

    channels: Channels
    closes: Until


class Change(Rule):
    """What a change of a booking costs: a fixed fee, and what comes back of a smaller price."""

    yen: Yen = 0
    difference: Literal["ladder", "full", "none"]


class CancellationTerms(Rule):
    """Until when residents cancel by themselves (`deadlines`: by channel), and what is paid back."""

    deadline: Until
    deadlines: tuple[ChannelDeadline, ...] = ()
    refunds: tuple[Refund, ...] = ()
    change: Change | None = None


class DueDate(Conditional):
    """Until when one pays: open days or days after booking, or a moment before the use; the earliest of
    those that are written. The first rule that fits counts.

    `deferred` is payment after use. `unpaid` says what happens when the day has passed.
    """

    days_after_booking: Before | None = None
    open_days_after_booking: Before | None = None
    closes: Until | None = None
    deferred: bool = False
    unpaid: Literal["cancelled", "staff"] = "staff"


class Offence(Conditional):
    """What counts towards a penalty, and how much."""

    key: Key
    name: Text
    name_en: Text | None = None
    points: Points


class PenaltyStep(Rule):
    """What happens from so many points on. Without `automatic`, staff may do it.

    `suspends_months` and `suspends_days` count from the last offence, the day after it, or the first day of the
    next month (`suspends_from`); `suspends` is what is suspended, `suspended` whose (left out: the applicant's).
    `bars_months` (new registrations of `barred_roles`) counts from the day of deregistration. `earlier` holds the
    step only after so many suspensions before (`0` the first time, `1..` from the second on).
    """

    at_least: Points
    name: Text
    name_en: Text | None = None
    automatic: bool = True
    deregisters: bool = False
    cancels_bookings: bool = False
    suspends_months: Annotated[int, Field(ge=1, le=120)] | None = None
    suspends_days: Annotated[int, Field(ge=1, le=3660)] | None = None
    suspends_from: Literal["offence", "next_day", "next_month"] = "offence"
    suspends: Literal["use", "applying", "lottery"] = "use"
    suspended: Annotated[tuple[Literal["applicant", "representative", "members"], ...], one_or_more] = ()
    earlier: Numbers | None = None
    bars_months: Annotated[int, Field(ge=1, le=120)] | None = None
    barred_roles: Keys = ()


class Penalty(Rule):
    """Points for offences, counted for good, within so many days, or by the period (`per`), and what follows."""

    within_days: Annotated[int, Field(ge=1, le=3660)] | None = None
    per: Literal["month", "quarter", "half_year", "year", "fiscal_year"] | None = None
    offences: tuple[Offence, ...]
    steps: tuple[PenaltyStep, ...]


class Payment(Part):
    """When one pays."""

    due: tuple[DueDate, ...]
