"""A document made ready once: look-ups resolved, answers per day kept. Safe to share between threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from facilities.ordinance.answers import DaySlots, OpenDay
from facilities.ordinance.calendars import CompiledCalendar
from facilities.ordinance.document import (
    Application,
    CancellationTerms,
    ExemptionGround,
    Facility,
    Fee,
    Ordinance,
    Room,
    TimeToRent,
)
from facilities.ordinance.errors import UnknownFacility, UnknownRoom
from facilities.ordinance.holidays import DayBook
from facilities.ordinance.timetables import day_slots

KEPT_DAYS = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class RoomRules:
    """What holds for one room. `whole` is the room of which `fee` is a percentage, else the room itself."""

    room: Room
    time: TimeToRent
    application: Application
    fee: Fee
    whole: Room


@dataclass(frozen=True, slots=True, eq=False)
class FacilityRules:
    """What holds for one facility."""

    facility: Facility
    calendar: CompiledCalendar
    cancellation: CancellationTerms | None
    grounds: Mapping[str, ExemptionGround]
    rooms: Mapping[str, RoomRules]


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """The compiled rules of a municipality, in force from `effective_from`."""

    document: Ordinance
    zone: ZoneInfo
    effective_from: date
    book: DayBook
    facilities: Mapping[str, FacilityRules]
    open_days: dict[tuple[str, str, date], OpenDay] = field(default_factory=dict, repr=False)
    slot_days: dict[tuple[str, str, date], DaySlots] = field(default_factory=dict, repr=False)

    def facility(self, key: str) -> FacilityRules:
        """The rules of a facility. Raises UnknownFacility."""
        found = self.facilities.get(key)
        if found is None:
            raise UnknownFacility
        return found

    def room(self, facility: str, room: str) -> RoomRules:
        """The rules of a room. Raises UnknownFacility or UnknownRoom."""
        found = self.facility(facility).rooms.get(room)
        if found is None:
            raise UnknownRoom
        return found


def compile_rules(document: Ordinance) -> Rules:
    """Resolve a document's references once; the result is immutable and may be shared between threads."""
    book = DayBook(document.holidays)
    calendars = {key: CompiledCalendar(calendar, book) for key, calendar in document.calendars.items()}
    facilities = {one.key: _facility(one, document, calendars) for one in document.facilities}
    return Rules(document, ZoneInfo(document.timezone), document.effective_from, book, facilities)


def in_force(versions: Sequence[Rules], day: date) -> Rules | None:
    """The version that holds for a day of use: the latest one in force by then; None before the first."""
    begun = [rules for rules in versions if rules.effective_from <= day]
    return max(begun, key=lambda rules: rules.effective_from, default=None)


def open_periods(rules: Rules, *, facility: str, room: str, day: date) -> OpenDay:
    """When a room can be used on a day, in minutes of that day, or why it cannot.

    Raises UnknownFacility or UnknownRoom.
    """
    found = rules.open_days.get((facility, room, day))
    if found is None:
        rules.room(facility, room)
        found = rules.facility(facility).calendar.open_day(day)
        if len(rules.open_days) >= KEPT_DAYS:
            rules.open_days.clear()
        rules.open_days[facility, room, day] = found
    return found


def slots(rules: Rules, *, facility: str, room: str, day: date) -> DaySlots:
    """The pieces in which a room is lent on a day; none when closed. Raises UnknownFacility, UnknownRoom."""
    found = rules.slot_days.get((facility, room, day))
    if found is None:
        open_day = open_periods(rules, facility=facility, room=room, day=day)
        found = day_slots(rules.room(facility, room).time, rules.book, day, open_day)
        if len(rules.slot_days) >= KEPT_DAYS:
            rules.slot_days.clear()
        rules.slot_days[facility, room, day] = found
    return found


def _facility(
    facility: Facility, document: Ordinance, calendars: Mapping[str, CompiledCalendar]
) -> FacilityRules:
    grounds = document.exemptions[facility.exemption] if facility.exemption else ()
    return FacilityRules(
        facility=facility,
        calendar=calendars[facility.calendar],
        cancellation=document.cancellations[facility.cancellation] if facility.cancellation else None,
        grounds={ground.key: ground for ground in grounds},
        rooms={room.key: _room(room, facility, document) for room in facility.rooms},
    )


def _room(room: Room, facility: Facility, document: Ordinance) -> RoomRules:
    whole = next((one for one in facility.rooms if one.key == room.fee.of), room)
    return RoomRules(
        room=room,
        time=document.times[room.time or facility.time or ""],
        application=document.applications[room.application or facility.application or ""],
        fee=room.fee,
        whole=whole,
    )
