"""What a document says about paying, cancelling, changing, refunds and penalties."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from facilities.ordinance.document.application_clauses import Before, Until
from facilities.ordinance.document.clauses import AnyDays, Channels, Conditional, Keys, Part, Rule
from facilities.ordinance.document.fee_clauses import Cut
from facilities.ordinance.document.values import Key, Numbers, Points, Share, Text, Yen, one_or_more


class Rung(Conditional):
    """For which cancellations something holds: causes, until so many days before the use, or until a moment
    (`by`: 3 months before)."""

    causes: Keys = ()
    at_least_days_before: Before | None = None
    by: Until | None = None
    percent: Annotated[int, Field(ge=0, le=100)] | None = None
    share: Share | None = None
    rounding: Cut | None = None

    @property
    def part(self) -> Fraction | None:
        """The share that is written, in percent or otherwise."""
        return Fraction(self.percent, 100) if self.percent is not None else self.share


class Refund(Rung):
    """One rung of the refund ladder; the first that fits counts. A share, or at staff's discretion.

    `covers` names what it is paid back of: `fee`, keys of extras (left out: everything). `less_yen` is kept.
    `rounding` is for fractions of what comes back (or, `of: change`, of what is kept); it has to be claimed
    within so many days of the cancellation.
    """

    covers: Keys = ()
    less_yen: Yen = 0
    claim_within_days: Annotated[int, Field(ge=1, le=3660)] | None = None
    discretionary: Text | None = None
    discretionary_en: Text | None = None


class CancellationCharge(Rung):
    """What is still to be paid for a cancellation where the fee was not: a share of it, or an amount."""

    yen: Yen | None = None


class ChannelDeadline(Rule):
    """Until when one cancels by some channels."""

    channels: Channels
    closes: Until


class Change(Conditional):
    """What a change of a booking costs: a fixed fee, and what comes back of a smaller price.

    It is possible until a moment (`by`), `at_most` so many times, to a day within so many days of the
    first one. The first that fits counts; when none does, the booking cannot be changed.
    """

    yen: Yen = 0
    difference: Literal["ladder", "full", "none"]
    by: Until | None = None
    at_most: Annotated[int, Field(ge=1, le=100)] | None = None
    within_days: Annotated[int, Field(ge=0, le=3660)] | None = None


class CancellationTerms(Rule):
    """Until when residents cancel by themselves (`deadlines`: by channel), what is paid back of what was
    paid, and what is charged of what was not."""

    deadline: Until
    deadlines: tuple[ChannelDeadline, ...] = ()
    refunds: tuple[Refund, ...] = ()
    charges: tuple[CancellationCharge, ...] = ()
    change: Annotated[tuple[Change, ...], one_or_more] = ()


class DueTerms(Conditional):
    """Until when one pays: days after booking or approval, open days after booking, a day of a month after
    booking or after the use, or a moment before the use; the earliest of those that are written.

    `if_closed` moves a last day off a closed day; `open_on` are the days that count as open (left out: the
    hall's own). `unpaid` says what happens when the day has passed.
    """

    days_after_booking: Before | None = None
    open_days_after_booking: Before | None = None
    days_after_approval: Before | None = None
    months_after_booking: Annotated[int, Field(ge=0, le=24)] | None = None
    days_after_use: Before | None = None
    months_after_use: Annotated[int, Field(ge=0, le=24)] | None = None
    day: Literal["same", "month_end"] | Annotated[int, Field(ge=1, le=31)] = "same"
    closes: Until | None = None
    if_closed: Literal["next", "previous"] | None = None
    open_on: AnyDays = ()
    unpaid: Literal["cancelled", "staff"] = "staff"


class Instalment(DueTerms):
    """A part of the fee with its own due date: a share, or an amount; without either, the rest."""

    name: Text
    name_en: Text | None = None
    share: Share | None = None
    yen: Yen | None = None


class DueDate(DueTerms):
    """When one pays; the first rule that fits counts. `deferred` is payment after use."""

    deferred: bool = False
    instalments: tuple[Instalment, ...] = ()


class Offence(Conditional):
    """What counts towards a penalty, and how much.

    `recorded` says what it is known by: nobody came (`no_show`), the applicant cancelled, at any time (`cancel`) or
    after the deadline (`late_cancel`), or `staff` write it down (left out). Of those that fit, the first one counts.
    """

    key: Key
    name: Text
    name_en: Text | None = None
    points: Points
    recorded: Literal["no_show", "cancel", "late_cancel", "staff"] = "staff"


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
