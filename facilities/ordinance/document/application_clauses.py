"""What a document says about applying: moments, windows, lotteries, limits, refusals, registration."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from facilities.ordinance.document.clauses import (
    AnyDays,
    Channels,
    Conditional,
    Keys,
    Part,
    Rule,
    Spans,
    Weekday,
)
from facilities.ordinance.document.review_clauses import PermitDocument, Review
from facilities.ordinance.document.values import Clock, Dates, Key, MonthDay, Share, Text, one_or_more
from facilities.ordinance.document.waiting_clauses import Waiting

Before = Annotated[int, Field(ge=0, le=1830)]


class Instead(Part):
    """Another day of the month or hour, where the moment falls in one of these months."""

    months: Annotated[tuple[Annotated[int, Field(ge=1, le=12)], ...], Field(min_length=1)]
    day: MonthDay | None = None
    at: Clock | None = None


class Moment(Part):
    """A moment counted back from the day of use: by months (and a day of that month), weeks, days or open
    days, or the last day of the year `each_year` (04-01) before the use, so many `years_before`.

    `on` is the first day of that month (of that week, which begins on `week_starts`) that fits. Where the month
    has no such day, `if_missing` takes its last day or the first of the next month.
    `if_closed` moves it off a closed day; `open_days_later` counts open days on from there. Open are the days
    of the hall, or those of `open_on` (the weekdays of the town hall).
    """

    months_before: Annotated[int, Field(ge=0, le=60)] | None = None
    weeks_before: Annotated[int, Field(ge=0, le=260)] | None = None
    days_before: Before | None = None
    open_days_before: Annotated[int, Field(ge=0, le=400)] | None = None
    each_year: Dates | None = None
    years_before: Annotated[int, Field(ge=0, le=5)] = 0
    on: AnyDays = ()
    week_starts: Weekday = "mon"
    day: MonthDay = "same"
    if_missing: Literal["month_end", "next_month"] = "month_end"
    if_closed: Literal["next", "previous"] | None = None
    open_days_later: Annotated[int, Field(ge=0, le=60)] = 0
    open_on: AnyDays = ()
    instead: tuple[Instead, ...] = ()


class Opening(Moment):
    """When something begins: at midnight unless an hour is written."""

    at: Clock = 0


class Until(Moment):
    """A last moment (to the end of that day, or an hour of it), or minutes or hours before the use starts."""

    at: Clock = 1440
    minutes_before_start: Annotated[int, Field(ge=0, le=44_640)] | None = None
    hours_before_start: Annotated[int, Field(ge=0, le=744)] | None = None

    @property
    def before_start(self) -> int | None:
        """Minutes before the use starts, where it is counted so."""
        if self.hours_before_start is not None:
            return 60 * self.hours_before_start
        return self.minutes_before_start


class Reception(Rule):
    """When applications are received: on some days (left out: every day), at some hours; with `open_days`
    only when the hall is open."""

    days: AnyDays = ()
    time: Spans = ((0, 1440),)
    open_days: bool = False


Receptions = Annotated[tuple[Reception, ...], one_or_more]


class Again(Rule):
    """A further time in which a window is open (what is left is lent again on the day of use)."""

    opens: Opening
    closes: Until
    reception: Receptions = ()


class Window(Conditional):
    """Who may apply, by which channel, from when until when, and `again`. Left out: everyone, every channel."""

    who: Keys = ()
    channels: Channels = ()
    opens: Opening
    closes: Until
    reception: Receptions = ()
    again: Annotated[tuple[Again, ...], one_or_more] = ()


class Priority(Conditional):
    """Whose entries come first in a lottery."""

    name: Text
    name_en: Text | None = None


class Confirm(Rule):
    """Until when a winner confirms: days after the announcement (or the draw), or a moment before the use; the
    earlier of both. What becomes of the time then: it is `void` (given to runners-up, or free), or staff see.
    """

    days_after: Annotated[int, Field(ge=0, le=366)] | None = None
    closes: Until | None = None
    unconfirmed: Literal["void", "staff"] = "void"
    runners_up: bool = False


class Lottery(Conditional):
    """Entries between two moments are of equal rank: first by priority, then by lot (or as a `meeting` of the
    applicants or the `staff` decide).

    Before and after, first come is first served.
    """

    name: Text | None = None
    name_en: Text | None = None
    opens: Opening
    closes: Until
    draw: Opening | None = None
    announced: Opening | None = None
    method: Literal["lot", "meeting", "staff"] = "lot"
    priorities: tuple[Priority, ...] = ()
    confirm: Confirm | None = None


class Limit(Conditional):
    """How much one applicant may have in a period. What counts is everything for which the limit's own
    `when` and `unless` hold: the use applied for, and of those there already are the ones like it.

    `of` is what is counted; of `time` only the part of a use inside those hours. `per` is the period in which
    the day of use lies (with `by: booked` the day of application): `quarter` and `half_year` from April,
    `fiscal_year` 4/1 to 3/31; `per_days` any so many days in a row instead. `run` is consecutive days (or
    pieces) of one room, `application` what is applied for at once, `always` all that is still to come,
    `lottery` the entries of one round. `across` is where: this room, this facility, all facilities that
    follow these rules, or everywhere. `whose`: the applicant's (the group's, where one applies), the
    person's in whatever group, those of all groups with the same `members`, those of all persons of one
    `household` (in whatever group), or everyone's together.
    `lottery`: entries not drawn yet count `also`, or they `only`; left out: only what is booked.
    `unpaid_only`: what is paid no longer counts.
    """

    key: Key
    name: Text
    name_en: Text | None = None
    at_most: Annotated[int, Field(ge=0, le=100_000)]
    of: Literal["slots", "bookings", "entries", "days", "minutes", "hours"]
    per: (
        Literal[
            "day",
            "week",
            "month",
            "quarter",
            "half_year",
            "year",
            "fiscal_year",
            "run",
            "application",
            "lottery",
            "always",
        ]
        | None
    ) = None
    per_days: Annotated[int, Field(ge=2, le=3660)] | None = None
    week_starts: Weekday = "mon"
    by: Literal["use", "booked"] = "use"
    time: Spans = ()
    across: Literal["room", "facility", "rules", "everywhere"] = "facility"
    whose: Literal["applicant", "person", "members", "household", "everyone"] = "applicant"
    lottery: Literal["also", "only"] | None = None
    unpaid_only: bool = False

    def concerns(self, entry: bool) -> bool:
        """Whether an entry to a lottery (else: a booking) counts."""
        if self.of == "entries" or self.lottery == "only" or self.per == "lottery":
            return entry
        return not entry or self.lottery == "also"


class Refusal(Conditional):
    """Cases that are refused."""

    name: Text
    name_en: Text | None = None


class Application(Part):
    """How to apply. Windows in order: the first that fits an applicant and a channel counts.

    Lotteries are rounds: of those that fit, the first that has not ended. `run_from`: whether a use of several
    days in a row is applied for as of its `first` day, or `each` day as of its own.
    """

    windows: tuple[Window, ...]
    lottery: Annotated[tuple[Lottery, ...], one_or_more] = ()
    run_from: Literal["first", "each"] = "first"
    limits: tuple[Limit, ...] = ()
    refuses: tuple[Refusal, ...] = ()
    reviews: tuple[Review, ...] = ()
    permit: PermitDocument | None = None
    waiting: Waiting | None = None


class Validity(Part):
    """Until when a registration holds: years and months from the day of issue, to that day, the end of that
    month, or of that fiscal year. With `cycle_from` all hold to the end of the same `years`, counted from that day.
    """

    years: Annotated[int, Field(ge=0, le=20)] = 0
    months: Annotated[int, Field(ge=0, le=240)] = 0
    ends: Literal["same_day", "month_end", "fiscal_year_end"] = "same_day"
    cycle_from: date | None = None


class Renewal(Rule):
    """When a registration is renewed, counted back from its last day."""

    opens: Opening
    closes: Until


class Need(Conditional):
    """How many members must (or may) be of a kind: a number, a share of all, or both."""

    key: Key
    name: Text
    name_en: Text | None = None
    at_least: Annotated[int, Field(ge=0, le=1000)] | None = None
    at_most: Annotated[int, Field(ge=0, le=1000)] | None = None
    share: Share | None = None


class RegistrationException(Rule):
    """An exception that staff accept."""

    name: Text
    name_en: Text | None = None


class Requirement(Rule):
    """What staff see to before they register a group (statutes, a list of members)."""

    name: Text
    name_en: Text | None = None


class Registration(Rule):
    """Who can register as a group, and for how long. `share` of the members must be `share_of`; `needs` are
    more of the kind, `requires` what staff see to. Two groups count as the same where `same_group_share` of
    the shorter list of members is on the other one too. A list of members is deleted `roster_kept_months` after
    the registration ended or was refused."""

    name: Text
    name_en: Text | None = None
    members_at_least: Annotated[int, Field(ge=1, le=1000)] = 1
    members_at_most: Annotated[int, Field(ge=1, le=100_000)] | None = None
    share: Share | None = None
    share_of: Text | None = None
    share_of_en: Text | None = None
    needs: tuple[Need, ...] = ()
    requires: tuple[Requirement, ...] = ()
    exceptions: tuple[RegistrationException, ...] = ()
    valid: Validity | None = None
    renewal: Renewal | None = None
    same_group_share: Share = Fraction(3, 5)
    roster_kept_months: Annotated[int, Field(ge=0, le=120)] = 12
