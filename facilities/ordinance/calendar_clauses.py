"""What a document says about open days and about the pieces in which time is rented."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from facilities.ordinance.clauses import AnyDays, AnyWhen, Keys, Part, Rule, Spans
from facilities.ordinance.values import Clock, Dates, Key, Share, Span, Text, Yen

Minutes = Annotated[int, Field(ge=1, le=1440)]


class OwnHoliday(Rule):
    """A holiday of the municipality itself."""

    name: Text
    name_en: Text | None = None
    dates: Dates


class HoursException(Rule):
    """Other opening hours on some days, or in some cases (`when`); the first exception that fits counts.

    `even_if_closed`: the hall opens then although a closure says otherwise.
    """

    name: Text
    name_en: Text | None = None
    days: AnyDays = ()
    when: AnyWhen = ()
    open: Spans
    even_if_closed: bool = False


class Hours(Rule):
    """Opening hours: the usual ones, and exceptions."""

    usual: Spans
    exceptions: tuple[HoursException, ...] = ()


class Move(Rule):
    """A closed day that falls on `when` moves by `by_days`, then on by days past what it must skip: `skip`
    days, the days of `skip_closures`, or with `skip_closed` every day that is closed anyway."""

    when: AnyDays
    by_days: Annotated[int, Field(ge=-31, le=31)]
    skip: AnyDays = ()
    skip_closures: Keys = ()
    skip_closed: bool = False


class Closure(Rule):
    """Closed days. `unless` days stay open; `moves` says where such a closed day goes instead.

    With `time` only that part of the day is closed. `when` closes in some cases of use only, `open_for` opens in
    some (a hall that is closed on Mondays but for events).

    `{n}` in a name is replaced by which one of its month the weekday is (第{n}火曜日). `moved_name` is
    the name of a day it moved to.
    """

    key: Key | None = None
    name: Text
    name_en: Text | None = None
    moved_name: Text | None = None
    moved_name_en: Text | None = None
    days: AnyDays
    unless: AnyDays = ()
    moves: Move | None = None
    time: Spans = ()
    when: AnyWhen = ()
    open_for: AnyWhen = ()


class Calendar(Part):
    """When a facility is open."""

    hours: Hours
    closures: tuple[Closure, ...] = ()


class SlotTime(Rule):
    """One slot (コマ). With `combines` it is several slots rented as one, priced by its own column."""

    key: Key
    name: Text
    name_en: Text | None = None
    time: Span
    combines: Keys = ()
    days: AnyDays = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Its own key and those of the slots it combines."""
        return (self.key, *self.combines)


class HourTime(Rule):
    """Rent by the hour. Minutes throughout; a started `counts_as` counts as a whole one."""

    step: Minutes = 60
    minimum: Minutes | None = None
    maximum: Minutes | None = None
    counts_as: Minutes = 60


class Extension(Rule):
    """Time before or after what was booked: in steps, up to a maximum, not beyond a clock time.

    Each started step costs a share of the neighbouring slot's (or booking's) fee, or of what that makes
    an hour (`share_of: hour`), or an amount of yen.
    """

    step: Minutes
    maximum: Minutes | None = None
    until: Clock | None = None
    before: bool = False
    share: Share | None = None
    share_of: Literal["slot", "hour"] = "slot"
    yen: Yen | None = None


class TimeToRent(Part):
    """In what pieces time is rented: named slots, or hours."""

    slots: tuple[SlotTime, ...] = ()
    hours: HourTime | None = None
    extension: Extension | None = None
