"""What a document says about money before it is paid: fees, adjustments, extras, rounding, exemption."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from facilities.ordinance.calendar_clauses import Minutes
from facilities.ordinance.clauses import Conditional, Keys, Part, Rule
from facilities.ordinance.values import Key, Percent, Share, Span, Text, Yen


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


class Charge(Rule):
    """A price, said in exactly one way.

    `yen_per_hour` (with `first`: the first minutes at a fixed price, hours after that), `every` started
    block of minutes, `every_days`: a started block of days in a row (a week), `rates` by time of day,
    `yen_per_slot`, `yen_per_day`, `yen` once, or `percent` with `of`: another room's price, a number that was
    answered (takings), `fee` (the fee of the use) or `adjusted-fee` (with what adjusts it). With `per` it is
    taken times a number that was answered, or the headcount. `not_shown` says that the source does not
    show the price: then there is none.
    """

    yen_per_hour: Yen | None = None
    first: Block | None = None
    every: Block | None = None
    every_days: DayBlock | None = None
    rates: tuple[Rate, ...] = ()
    yen_per_slot: dict[Key, Yen] | None = None
    yen_per_day: Yen | None = None
    yen: Yen | None = None
    per: Key | None = None
    not_shown: bool | None = None
    percent: Percent | None = None
    of: Key | None = None
    ceilings: tuple[Ceiling, ...] = ()
    at_least: Yen | None = None
    at_most: Yen | None = None


class FeeRow(Charge, Conditional):
    """A row of a table: a price for some cases."""


class Fee(Charge):
    """The price of a room or of an extra; with `table` the first row that fits counts, or with `choose`
    the dearest or cheapest of those that fit."""

    table: tuple[FeeRow, ...] = ()
    choose: Literal["first", "dearest", "cheapest"] = "first"


class Adjustment(Conditional):
    """A change of a fee by a share of it: `add` (or `take`) a share, or `times`.

    With `rows` it is a group, and `stack` says what happens when several of its rows fit: `add` their
    shares of the base fee, `multiply` one after the other, the `first` alone, or `unsettled` when the
    source does not say (then there is no price). `to` names what it changes: `fee`, keys of extras.
    `not_shown` is a change whose share the source does not show: then there is no price either.
    """

    key: Key | None = None
    name: Text | None = None
    name_en: Text | None = None
    add: Share | None = None
    take: Share | None = None
    times: Share | None = None
    not_shown: bool | None = None
    stack: Literal["add", "multiply", "first", "unsettled"] | None = None
    rows: tuple[Adjustment, ...] = ()
    to: Keys = ()


class Extra(Conditional):
    """What is charged beside the fee: heating, lighting, equipment, tickets.

    Charged when it is asked for, and by itself in the cases of `when`. Rooms may have their own price
    for it; without any price in a room it is not to be had there.
    """

    key: Key
    name: Text
    name_en: Text | None = None
    unit: Text | None = None
    fee: Fee | None = None


class Rounding(Rule):
    """What happens to fractions: to multiples of `unit` yen, at each line or at the total.

    `excludes` are extras that stay outside the rounding of the total.
    """

    unit: Annotated[int, Field(ge=1, le=10_000)]
    mode: Literal["down", "up", "half_up"]
    at: Literal["line", "total"] = "line"
    excludes: Keys = ()


class ExemptionGround(Conditional):
    """A ground of exemption: a reduction in percent or by a share (`take`: 1/3), or at staff's discretion
    (`at_most_percent`: up to).

    `covers` names what is reduced: `fee` (left out: the fee alone), keys of extras.
    """

    key: Key
    name: Text
    name_en: Text | None = None
    percent: Annotated[int, Field(ge=1, le=100)] | None = None
    take: Share | None = None
    discretionary: Text | None = None
    discretionary_en: Text | None = None
    at_most_percent: Annotated[int, Field(ge=1, le=100)] | None = None
    covers: Keys = ()
