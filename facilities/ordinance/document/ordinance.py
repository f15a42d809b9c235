"""The document of a municipality's rules as people write it: what it may say, and nothing about meaning.

Every rule can name the article it comes from. What the source does not show is marked `assumed: true`
with a note, so that no reader takes a practical value for law.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from facilities.ordinance.document.application_clauses import Application, Registration
from facilities.ordinance.document.calendar_clauses import Calendar, OwnHoliday, TimeToRent
from facilities.ordinance.document.cancellation_clauses import CancellationTerms, Payment, Penalty
from facilities.ordinance.document.clauses import AnyDays, ApplicantClass, Keys, Named, Part, Question, Rule
from facilities.ordinance.document.fee_clauses import (
    Adjustment,
    ExemptionGround,
    Extra,
    Fee,
    Rounding,
    Tax,
    Total,
)
from facilities.ordinance.document.values import Key, Text, one_or_more


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
    """What is rented. `spaces` are what it occupies (left out: its own one); turnaround in minutes.

    `copies` writes several rooms of a kind as one: how many, or the spaces of each. Reading makes them rooms.
    `extras` are its own prices for extras, by their keys.
    """

    key: Key
    name: Text
    name_kana: Text | None = None
    name_en: Text | None = None
    capacity: Annotated[int, Field(ge=1, le=100_000)] | None = None
    spaces: Keys = ()
    copies: Annotated[int, Field(ge=2, le=60)] | tuple[Keys, ...] | None = None
    calendar: Key | None = None
    time: Key | None = None
    application: Key | None = None
    cancellation: Key | None = None
    adjustment: Key | None = None
    extras: dict[Key, Fee] = {}
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
    payment: Key | None = None
    penalty: Key | None = None
    registration: Keys = ()
    adjustment: Key | None = None
    extras: Key | None = None
    rounding: Rounding | None = None
    tax: Tax | None = None
    totals: tuple[Total, ...] = ()
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
    kind: Literal[
        "fee",
        "open",
        "slot",
        "apply",
        "review",
        "lottery",
        "limit",
        "register",
        "exempt",
        "refund",
        "change",
        "due",
        "penalty",
    ]
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
    applicant_classes: tuple[ApplicantClass, ...] = ()
    purposes: tuple[Named, ...] = ()
    questions: tuple[Question, ...] = ()
    causes: tuple[Named, ...] = ()
    holidays: tuple[OwnHoliday, ...] = ()
    day_kinds: dict[Key, AnyDays] = {}
    calendars: dict[Key, Calendar]
    times: dict[Key, TimeToRent] = {}
    applications: dict[Key, Application] = {}
    cancellations: dict[Key, CancellationTerms] = {}
    exemptions: dict[Key, tuple[ExemptionGround, ...]] = {}
    adjustments: dict[Key, Adjustment] = {}
    extras: dict[Key, tuple[Extra, ...]] = {}
    payments: dict[Key, Payment] = {}
    penalties: dict[Key, Penalty] = {}
    registrations: dict[Key, Registration] = {}
    rounding: Rounding
    tax: Tax | None = None
    totals: tuple[Total, ...] = ()
    facilities: tuple[Facility, ...]
    cases: tuple[WorkedCase, ...] = ()
