"""What a document says about open days and about the pieces in which time is rented."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from facilities.ordinance.document.clauses import AnyDays, AnyWhen, Conditional, Keys, Part, Rule, Spans
from facilities.ordinance.document.values import Clock, Dates, Key, Share, Span, Text, Yen, one_or_more

Minutes = Annotated[int, Field(ge=1, le=1440)]
LongMinutes = Annotated[int, Field(ge=1, le=44_640)]
RunDays = Annotated[int, Field(ge=1, le=1000)]


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


class SlotTime(Conditional):
    """One slot (コマ). With `combines` it is several slots rented as one, priced by its own column.

    On some days or in some cases only; of slots with the same key the first that fits counts.
    """

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


class HourTime(Conditional):
    """Rent by the hour. Minutes throughout; a started `counts_as` counts as a whole one.

    On some `days`, in some cases, in some hours (`time`) only; the first that fits a use counts. Uses begin
    every `start_step` (left out: every `step`), counted from opening or from midnight by the `clock`.
    """

    days: AnyDays = ()
    time: Spans = ()
    step: Minutes = 60
    start_step: Minutes | None = None
    counted_from: Literal["opening", "clock"] = "opening"
    minimum: LongMinutes | None = None
    maximum: LongMinutes | None = None
    counts_as: Minutes = 60


class Extension(Conditional):
    """Time before or after what was booked: in steps, up to a maximum, not beyond a clock time.

    Each started step costs a share of the neighbouring slot's (or booking's) fee, or of what that makes
    an hour (`share_of: hour`), or an amount of yen; `counts: half_up` leaves out less than half a step, `down`
    whatever is no whole one. `before` and `after` say on which side it may be; `since` is the earliest clock
    time, `until` the latest (left out: the opening hours). The first rule that fits counts.
    """

    step: Minutes
    counts: Literal["up", "half_up", "down"] = "up"
    maximum: Minutes | None = None
    since: Clock | None = None
    until: Clock | None = None
    before: bool = False
    after: bool = True
    share: Share | None = None
    share_of: Literal["slot", "hour"] = "slot"
    yen: Yen | None = None

    def steps(self, minutes: int) -> int:
        """How many steps so many minutes count as."""
        if self.counts == "up":
            return -(-minutes // self.step)
        return (minutes + (self.step // 2 if self.counts == "half_up" else 0)) // self.step


class RunTime(Rule):
    """Consecutive days of one room: at least, at most, in steps of so many days, from and until some days."""

    minimum: RunDays | None = None
    maximum: RunDays | None = None
    step: RunDays = 1
    starts: AnyDays = ()
    ends: AnyDays = ()


class TimeToRent(Part):
    """In what pieces time is rented: named slots, hours, or both side by side; and how many days in a row."""

    slots: tuple[SlotTime, ...] = ()
    hours: Annotated[tuple[HourTime, ...], one_or_more] = ()
    extension: Annotated[tuple[Extension, ...], one_or_more] = ()
    run: RunTime | None = None

    @cached_property
    def depends(self) -> bool:
        """Whether what is offered on a day depends on who applies for what."""
        return any(one.when or one.unless for one in (*self.slots, *self.hours))

    def extension_for(self, fits: Callable[[Conditional], bool], early: bool) -> Extension | None:
        """The rule for time before (`early`) or after what was booked."""
        sides = (one for one in self.extension if (one.before if early else one.after))
        return next((one for one in sides if fits(one)), None)
