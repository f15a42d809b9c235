"""The document of a municipality's rules as people write it: what it may say, and nothing about meaning.

Every rule can name the article it comes from. What the source does not show is marked `assumed: true`
with a note, so that no reader takes a practical value for law.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from facilities.ordinance.values import Clock, Dates, Key, Percent, Span, Text, Yen, one_or_more

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
HolidayKind = Literal["national", "substitute", "between", "own", "any"]
Channel = Literal["web", "desk", "phone"]


class Part(BaseModel):
    """A piece of the document: unknown keys and wrong types are mistakes; nothing is changed afterwards."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Rule(Part):
    """A piece that has a source: the article it comes from, or the note why it is assumed."""

    article: Text | None = None
    note: Text | None = None
    assumed: bool = False


class Named(Part):
    """A thing people choose by name: an applicant class, a cause of cancellation."""

    key: Key
    name: Text
    name_en: Text | None = None


class Municipality(Part):
    """Whose rules these are; lg_code is the 6-digit 全国地方公共団体コード."""

    name: Text
    name_kana: Text | None = None
    name_en: Text | None = None
    lg_code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class Source(Part):
    """Where the rules were read."""

    title: Text
    urls: Annotated[tuple[Text, ...], one_or_more]
    note: Text | None = None


class Days(Part):
    """Which days: everything that is written must fit; inside one list, any entry may fit."""

    weekdays: tuple[Weekday, ...] = ()
    nth: tuple[Annotated[int, Field(ge=-5, le=5)], ...] = ()
    holidays: tuple[HolidayKind, ...] = ()
    month_days: tuple[Annotated[int, Field(ge=-31, le=31)], ...] = ()
    months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = ()
    dates: tuple[Dates, ...] = ()


AnyDays = Annotated[tuple[Days, ...], one_or_more]
Spans = Annotated[tuple[Span, ...], one_or_more]


class OwnHoliday(Rule):
    """A holiday of the municipality itself."""

    name: Text
    name_en: Text | None = None
    dates: Dates


class HoursException(Rule):
    """Other opening hours on some days; the first exception that fits a day counts."""

    name: Text
    name_en: Text | None = None
    days: AnyDays
    open: Spans


class Hours(Rule):
    """Opening hours: the usual ones, and exceptions."""

    usual: Spans
    exceptions: tuple[HoursException, ...] = ()


class Move(Rule):
    """A closed day that falls on `when` moves by `by_days`, then on by days past what it must skip."""

    when: AnyDays
    by_days: Annotated[int, Field(ge=-31, le=31)]
    skip: AnyDays = ()
    skip_closures: tuple[Key, ...] = ()


class Closure(Rule):
    """Closed days. `unless` days stay open; `moves` says where such a closed day goes instead.

    `{n}` in a name is replaced by which one of its month the weekday is (第{n}火曜日).
    """

    key: Key | None = None
    name: Text
    name_en: Text | None = None
    days: AnyDays
    unless: AnyDays = ()
    moves: Move | None = None


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
    combines: tuple[Key, ...] = ()
    days: AnyDays = ()


Minutes = Annotated[int, Field(ge=1, le=1440)]


class HourTime(Rule):
    """Rent by the hour. Minutes throughout; a started `counts_as` counts as a whole one."""

    step: Minutes = 60
    minimum: Minutes | None = None
    maximum: Minutes | None = None
    counts_as: Minutes = 60


class TimeToRent(Part):
    """In what pieces time is rented: named slots, or hours."""

    slots: tuple[SlotTime, ...] = ()
    hours: HourTime | None = None


class Fee(Rule):
    """The price of a room: exactly one of per hour, per slot, or a percentage of another room's price."""

    yen_per_hour: Yen | None = None
    yen_per_slot: dict[Key, Yen] | None = None
    percent: Percent | None = None
    of: Key | None = None


class Rounding(Rule):
    """What happens to fractions: to multiples of `unit` yen, at each line or at the total."""

    unit: Annotated[int, Field(ge=1, le=10_000)]
    mode: Literal["down", "up", "half_up"]
    at: Literal["line", "total"] = "line"


class Opening(Part):
    """When applications open: so many months or days before the day of use, at an hour."""

    months_before: Annotated[int, Field(ge=0, le=60)] | None = None
    days_before: Annotated[int, Field(ge=0, le=1830)] | None = None
    day: Literal["same", "month_start"] = "same"
    at: Clock = 0


class Until(Part):
    """A last moment: so many days before the day of use (to the end of that day, or an hour of it),
    or so many minutes before the use starts."""

    days_before: Annotated[int, Field(ge=0, le=1830)] | None = None
    at: Clock = 1440
    minutes_before_start: Annotated[int, Field(ge=0, le=10_080)] | None = None


class Window(Rule):
    """Who may apply, by which channel, from when until when. Left out: everyone, every channel."""

    who: tuple[Key, ...] = ()
    channels: tuple[Channel, ...] = ()
    opens: Opening
    closes: Until


class Application(Part):
    """Windows in order: the first that fits an applicant and a channel counts."""

    windows: tuple[Window, ...]


class Refund(Rule):
    """One rung of the refund ladder; the first that fits counts. A percentage, or at staff's discretion."""

    causes: tuple[Key, ...] = ()
    at_least_days_before: Annotated[int, Field(ge=0, le=1830)] | None = None
    percent: Annotated[int, Field(ge=0, le=100)] | None = None
    discretionary: Text | None = None
    discretionary_en: Text | None = None


class CancellationTerms(Rule):
    """Until when residents cancel by themselves, and what is paid back."""

    deadline: Until
    refunds: tuple[Refund, ...] = ()


class ExemptionGround(Rule):
    """A ground of exemption: a reduction in percent, or at staff's discretion."""

    key: Key
    name: Text
    name_en: Text | None = None
    percent: Annotated[int, Field(ge=1, le=100)] | None = None
    discretionary: Text | None = None
    discretionary_en: Text | None = None


class Prohibited(Rule):
    """A purpose for which rooms are not lent."""

    key: Key
    name: Text
    name_en: Text | None = None


class Space(Part):
    """The smallest thing that can be occupied."""

    key: Key
    name: Text
    name_en: Text | None = None


class Room(Part):
    """What is rented. `spaces` are what it occupies (left out: its own one); turnaround in minutes."""

    key: Key
    name: Text
    name_kana: Text | None = None
    name_en: Text | None = None
    capacity: Annotated[int, Field(ge=1, le=100_000)] | None = None
    spaces: tuple[Key, ...] = ()
    time: Key | None = None
    application: Key | None = None
    fee: Fee
    turnaround: Annotated[int, Field(ge=0, le=1440)] = 0
    note: Text | None = None

    @property
    def occupies(self) -> tuple[str, ...]:
        """Keys of the spaces a reservation of this room occupies."""
        return self.spaces or (self.key,)


class Facility(Part):
    """A hall with its rooms, and which of the document's rules it follows."""

    key: Key
    name: Text
    name_kana: Text | None = None
    name_en: Text | None = None
    address: Text | None = None
    phone: Text | None = None
    note: Text | None = None
    calendar: Key
    time: Key | None = None
    application: Key | None = None
    cancellation: Key | None = None
    exemption: Key | None = None
    prohibited: tuple[Prohibited, ...] = ()
    spaces: tuple[Space, ...] = ()
    rooms: tuple[Room, ...] = ()

    def all_spaces(self) -> tuple[Space, ...]:
        """Every space of the hall in the order it first appears; an unnamed one takes its room's name."""
        named = {space.key: space for space in self.spaces}
        for room in sorted(self.rooms, key=lambda room: len(room.occupies)):
            for key in room.occupies:
                named.setdefault(key, Space(key=key, name=room.name, name_en=room.name_en))
        order = [key for room in self.rooms for key in room.occupies]
        return tuple(named[key] for key in dict.fromkeys([*order, *named]))


class WorkedCase(Part):
    """An example the document itself must pass: what is given, what must come out, and why."""

    id: Text
    kind: Literal["fee", "open", "apply", "refund", "exempt"]
    given: dict[str, Any]
    expect: dict[str, Any]
    why: Text | None = None


class Ordinance(Part):
    """All rules of one municipality, in force from a day on."""

    format: Literal[1]
    municipality: Municipality
    effective_from: date
    source: Source
    timezone: Text = "Asia/Tokyo"
    note: Text | None = None
    applicant_classes: tuple[Named, ...] = ()
    causes: tuple[Named, ...] = ()
    holidays: tuple[OwnHoliday, ...] = ()
    calendars: dict[Key, Calendar]
    times: dict[Key, TimeToRent] = {}
    applications: dict[Key, Application] = {}
    cancellations: dict[Key, CancellationTerms] = {}
    exemptions: dict[Key, tuple[ExemptionGround, ...]] = {}
    rounding: Rounding
    facilities: tuple[Facility, ...]
    cases: tuple[WorkedCase, ...] = ()
