"""What a document says about money before it is paid: fees, adjustments, extras, rounding, exemption."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from facilities.ordinance.document.calendar_clauses import Minutes
from facilities.ordinance.document.clauses import Conditional, Keys, Part, Rule, Spans
from facilities.ordinance.document.values import Key, Percent, Share, Span, Text, Yen


class Block(Part):
    """So many minutes at so many yen."""

    minutes: Minutes
    yen: Yen


class DayBlock(Part):
    """So many days of a run at so many yen."""

    days: Annotated[int, Field(ge=1, le=366)]
    yen: Yen


class Rate(Part):
    """The price at a time of day (left out: the rest of the day): by the hour, or `yen` for the whole band."""

    time: Span | None = None
    yen_per_hour: Yen | None = None
    yen: Yen | None = None


class Ceiling(Part):
    """The most that is paid for a time of day; a use that touches several has the sum of them."""

    time: Span
    yen: Yen


class ExtensionPrice(Rule):
    """What a step of time before or after costs: yen, or a share of the slot beside it (of what that makes
    an hour: `hour`, of the `dearest` one, or of another slot by its key)."""

    yen: Yen | None = None
    share: Share | None = None
    share_of: Key = "slot"


class Pause(Rule):
    """What an hour between two slots in a row costs: yen, or a share of the slot before it."""

    yen_per_hour: Yen | None = None
    share: Share | None = None


class Cut(Rule):
    """What happens to fractions at one step: of what a change leaves, or of the change itself."""

    unit: Annotated[int, Field(ge=1, le=10_000)]
    mode: Literal["down", "up", "half_up"]
    of: Literal["result", "change"] = "result"


class Charge(Rule):
    """A price, said in exactly one way.

    `yen_per_hour` (with `first`: the first minutes at a fixed price, hours after that), `every` started
    block of minutes, `every_days`: a started block of days in a row (a week), `rates` by time of day,
    `yen_per_slot`, `yen_per_day`, `yen_per_month`, `yen` once, or `percent` (or `share`) with `of`: another
    room's price, a number that was answered (takings), `fee` (the fee of the use) or `adjusted-fee` (with
    what adjusts it). `later` is a price known only after the use (actual cost), `not_shown` one that the
    source does not show: then there is none. `table` holds prices for cases; the first row that fits counts,
    or with `choose` the dearest, the cheapest, or the sum of those that fit.

    With `per` it is taken times numbers that were answered, or the headcount; of one number only what is
    `beyond` so many and `up_to` so many, each started `each` of them; without `per`, of the quantity asked
    for. `once` charges it once for several uses. Bounds hold for all that is written beside them.
    """

    name: Text | None = None
    name_en: Text | None = None
    yen_per_hour: Yen | None = None
    first: Block | None = None
    every: Block | None = None
    every_days: DayBlock | None = None
    rates: tuple[Rate, ...] = ()
    yen_per_slot: dict[Key, Yen] | None = None
    yen_per_day: Yen | None = None
    yen_per_month: Yen | None = None
    yen: Yen | None = None
    per: Keys = ()
    each: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    beyond: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    up_to: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    once: Literal["day", "month", "run", "reservation"] | None = None
    later: Text | None = None
    later_en: Text | None = None
    not_shown: bool | None = None
    percent: Percent | None = None
    share: Share | None = None
    of: Key | None = None
    pause: Pause | None = None
    extension: ExtensionPrice | None = None
    ceilings: tuple[Ceiling, ...] = ()
    at_least: Yen | None = None
    at_most: Yen | None = None
    table: tuple[FeeRow, ...] = ()
    choose: Literal["first", "dearest", "cheapest", "sum"] = "first"

    @property
    def part(self) -> Fraction | None:
        """The share that is taken of something else; None where the price is no share."""
        return Fraction(self.percent, 100) if self.percent is not None else self.share

    @cached_property
    def rows_look_at_slot(self) -> bool:
        """Whether some row of the table holds for some slots only."""
        return any(row.looks_at_slot for row in self.table)

    @property
    def period(self) -> str | None:
        """For what it is charged once."""
        own = "day" if self.yen_per_day is not None else "month" if self.yen_per_month is not None else None
        return self.once or own


class FeeRow(Charge, Conditional):
    """A row of a table: a price for some cases."""


class Fee(Charge):
    """The price of a room or of an extra."""


class Adjustment(Conditional):
    """A change of a fee by a share of it: `add` (or `take`) a share, or `times`.

    With `rows` it is a group, and `stack` says what happens when several of its rows fit: `add` their
    shares of the base fee, `multiply` one after the other, the `first` alone, the one that makes the `most`
    or the `least` of it, or `unsettled` when the source does not say (then there is no price). All together
    add no more than `at_most`. `during` is the time of day whose part of the fee is changed. `to` names what
    it changes: `fee`, keys of extras, `all`. `rounding` is what happens to fractions at this step.
    `not_shown` is a change whose share the source does not show: then there is no price either.
    """

    key: Key | None = None
    name: Text | None = None
    name_en: Text | None = None
    add: Share | None = None
    take: Share | None = None
    times: Share | None = None
    not_shown: bool | None = None
    stack: Literal["add", "multiply", "first", "most", "least", "unsettled"] | None = None
    rows: tuple[Adjustment, ...] = ()
    at_most: Share | None = None
    during: Spans = ()
    rounding: Cut | None = None
    to: Keys = ()


class Extra(Conditional):
    """What is charged beside the fee: heating, lighting, equipment, tickets.

    Charged when it is asked for, by itself in the cases of `when`, or `always`. Rooms may have their own price
    for it; without any price in a room it is not to be had there. `stock` is how many the hall has.
    `deposit` is money that comes back after the use.
    """

    key: Key
    name: Text
    name_en: Text | None = None
    unit: Text | None = None
    always: bool = False
    stock: Annotated[int, Field(ge=1, le=100_000)] | None = None
    deposit: bool = False
    fee: Fee | None = None


class Rounding(Rule):
    """What happens to fractions: to multiples of `unit` yen, at each unit price, each line, each use of a
    room, or at the total.

    `excludes` are extras that stay outside the rounding of the total.
    """

    unit: Annotated[int, Field(ge=1, le=10_000)]
    mode: Literal["down", "up", "half_up"]
    at: Literal["unit", "line", "use", "total"] = "line"
    excludes: Keys = ()


class Tax(Rule):
    """Tax on prices that are written without it: a share, of all but `excludes`.

    Without `rounding` it is part of the amounts before they are rounded; with it, it comes on top of the
    rounded total, and the total with tax is rounded so.
    """

    name: Text = "消費税"
    name_en: Text | None = "Consumption tax"
    share: Share
    excludes: Keys = ()
    rounding: Cut | None = None


class Total(Conditional):
    """The least or the most that all of something comes to, with what adjusts it: of a use, of a day, or of
    a reservation; of the fee, or of what `covers` names. `after_exemption` bounds what remains to be paid."""

    at_least: Yen | None = None
    at_most: Yen | None = None
    per: Literal["use", "day", "reservation"] = "use"
    covers: Keys = ()
    after_exemption: bool = False


class ExemptionGround(Conditional):
    """A ground of exemption: a reduction in percent, by a share (`take`: 1/3), by an amount (`take_yen`), or
    at staff's discretion (`at_most_percent`: up to).

    `covers` names what is reduced: `fee` (left out: the fee alone), keys of extras, `all` but `excludes`.
    At most `at_most_yen` is taken off, and `at_least` yen remain to be paid. `stack` says what happens beside
    other grounds: the one that takes off `most` counts alone, others `add` their share to it, or `multiply`
    what is left. `at_most_times` is how often it is granted in a period; `rounding` is for fractions.

    It is applied for and staff decide; `automatic`: it is granted by itself where its conditions hold.
    """

    key: Key
    name: Text
    name_en: Text | None = None
    percent: Annotated[int, Field(ge=1, le=100)] | None = None
    take: Share | None = None
    take_yen: Yen | None = None
    discretionary: Text | None = None
    discretionary_en: Text | None = None
    at_most_percent: Annotated[int, Field(ge=1, le=100)] | None = None
    at_most_yen: Yen | None = None
    at_least: Yen | None = None
    covers: Keys = ()
    excludes: Keys = ()
    stack: Literal["most", "add", "multiply"] = "most"
    at_most_times: Annotated[int, Field(ge=1, le=1000)] | None = None
    per: Literal["month", "year", "fiscal_year", "always"] = "fiscal_year"
    rounding: Cut | None = None
    automatic: bool = False

    @property
    def left_to_staff(self) -> bool:
        """Whether staff have to say how much is taken off."""
        return self.percent is None and self.take is None and self.take_yen is None


Charge.model_rebuild()
