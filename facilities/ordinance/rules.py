"""A document made ready once: look-ups resolved, answers per day kept. Safe to share between threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from facilities.ordinance.answers import Asked, DaySlots, OpenDay
from facilities.ordinance.days.calendars import CompiledCalendar
from facilities.ordinance.days.timetables import cover, day_slots, slots_of_day
from facilities.ordinance.document.application_clauses import Application, Registration
from facilities.ordinance.document.calendar_clauses import SlotTime, TimeToRent
from facilities.ordinance.document.cancellation_clauses import CancellationTerms, Payment, Penalty
from facilities.ordinance.document.clauses import ApplicantClass
from facilities.ordinance.document.fee_clauses import (
    Adjustment,
    ExemptionGround,
    Extra,
    Fee,
    Rounding,
    Tax,
    Total,
)
from facilities.ordinance.document.ordinance import Facility, Ordinance, Room
from facilities.ordinance.document.values import DAY_MINUTES
from facilities.ordinance.errors import UnknownFacility, UnknownRoom
from facilities.ordinance.facts import Facts, Given
from facilities.ordinance.holidays import DayBook

KEPT_DAYS = 20_000
KEPT_PIECES = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class RoomRules:
    """What holds for one room. `whole` is the room of which `fee` is a percentage, else the room itself.

    `windows_by_day`: for some days of use other windows of application hold than for others.
    """

    room: Room
    time: TimeToRent
    application: Application
    fee: Fee
    whole: Room
    calendar: CompiledCalendar
    cancellation: CancellationTerms | None
    adjustment: Adjustment | None
    windows_by_day: bool
    pieces: dict[tuple[date, int, int], tuple[SlotTime, ...]] = field(default_factory=dict, repr=False)

    def pieces_of(
        self, book: DayBook, day: date, starts: int, ends: int, facts: Facts | None = None
    ) -> tuple[SlotTime, ...]:
        """The slots of a day that make up a time, a combination counting as one; empty when none do.

        `facts` matter where slots are lent in some cases only.
        """
        if facts is not None and self.time.depends:
            return cover(slots_of_day(self.time, book, day, facts), starts, ends)
        found = self.pieces.get((day, starts, ends))
        if found is None:
            found = cover(slots_of_day(self.time, book, day), starts, ends)
            if len(self.pieces) >= KEPT_PIECES:
                self.pieces.clear()
            self.pieces[day, starts, ends] = found
        return found


@dataclass(frozen=True, slots=True, eq=False)
class FacilityRules:
    """What holds for one facility."""

    facility: Facility
    calendar: CompiledCalendar
    cancellation: CancellationTerms | None
    grounds: Mapping[str, ExemptionGround]
    rooms: Mapping[str, RoomRules]
    adjustment: Adjustment | None
    extras: Mapping[str, Extra]
    rounding: Rounding
    tax: Tax | None
    totals: tuple[Total, ...]
    payment: Payment | None
    penalty: Penalty | None
    registrations: Mapping[str, Registration]


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """The compiled rules of a municipality, in force from `effective_from`.

    `latest_end` is the latest time of day (in minutes, past 1440: on a later day) to which a room is lent.
    """

    document: Ordinance
    zone: ZoneInfo
    effective_from: date
    book: DayBook
    facilities: Mapping[str, FacilityRules]
    usual_answers: Mapping[str, Given]
    classes: Mapping[str, ApplicantClass]
    usual_class: str
    answered_later: frozenset[str]
    latest_end: int
    open_days: dict[tuple[str, str, date], OpenDay] = field(default_factory=dict, repr=False)
    slot_days: dict[tuple[str, str, date], DaySlots] = field(default_factory=dict, repr=False)
    asked: dict[tuple[str, str], Asked] = field(default_factory=dict, repr=False)

    def class_of(self, key: str) -> str:
        """The applicant class these rules know by this key; for any other key, the usual one."""
        return key if key in self.classes else self.usual_class

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
    book = DayBook(document.holidays, document.day_kinds)
    calendars = {key: CompiledCalendar(calendar, book) for key, calendar in document.calendars.items()}
    facilities = {one.key: _facility(one, document, calendars) for one in document.facilities}
    usual = {one.key: one.usual for one in document.questions if one.usual is not None}
    zone = ZoneInfo(document.timezone)
    classes = {one.key: one for one in document.applicant_classes}
    open_to_all = [one.key for one in document.applicant_classes if not one.granted]
    usual_class = next(iter([*open_to_all, *classes]), "")
    begins = document.effective_from
    later = frozenset(one.key for one in document.questions if one.answered_by == "staff")
    latest = _latest_end(document)
    return Rules(document, zone, begins, book, facilities, usual, classes, usual_class, later, latest)


def _latest_end(document: Ordinance) -> int:
    ends = [slot.time[1] for time in document.times.values() for slot in time.slots]
    ends += [one.until for time in document.times.values() for one in time.extension if one.until]
    for calendar in document.calendars.values():
        for spans in (calendar.hours.usual, *(one.open for one in calendar.hours.exceptions)):
            ends += [end for _, end in spans]
    return max(ends, default=DAY_MINUTES)


def in_force(versions: Sequence[Rules], day: date) -> Rules | None:
    """The version that holds for a day of use: the latest one in force by then; None before the first."""
    begun = [rules for rules in versions if rules.effective_from <= day]
    return max(begun, key=lambda rules: rules.effective_from, default=None)


def open_periods(
    rules: Rules,
    *,
    facility: str,
    room: str,
    day: date,
    answers: Mapping[str, Given] | None = None,
    purpose: str | None = None,
    applicant_class: str = "",
) -> OpenDay:
    """When a room can be used on a day, in minutes of that day, or why it cannot.

    `answers` (to the document's questions), `purpose` and class matter where hours depend on the use.
    Raises UnknownFacility or UnknownRoom.
    """
    if answers or purpose or applicant_class:
        known = {**rules.usual_answers, **(answers or {})}
        facts = Facts(rules.book, applicant_class, purpose, room=room, day=day, answers=known)
        return rules.room(facility, room).calendar.open_day_for(day, facts)
    found = rules.open_days.get((facility, room, day))
    if found is None:
        found = rules.room(facility, room).calendar.open_day(day)
        if len(rules.open_days) >= KEPT_DAYS:
            rules.open_days.clear()
        rules.open_days[facility, room, day] = found
    return found


def slots(
    rules: Rules,
    *,
    facility: str,
    room: str,
    day: date,
    answers: Mapping[str, Given] | None = None,
    purpose: str | None = None,
    applicant_class: str = "",
) -> DaySlots:
    """The pieces in which a room is lent on a day; none when closed. Raises UnknownFacility, UnknownRoom.

    Where they depend on who applies for what, those of every case: `may_apply` tells which are whose. What is
    said of the use matters as in `open_periods`.
    """
    if answers or purpose or applicant_class:
        open_day = open_periods(
            rules,
            facility=facility,
            room=room,
            day=day,
            answers=answers,
            purpose=purpose,
            applicant_class=applicant_class,
        )
        return _slots_in(rules, rules.room(facility, room), day, open_day)
    found = rules.slot_days.get((facility, room, day))
    if found is None:
        open_day = open_periods(rules, facility=facility, room=room, day=day)
        found = _slots_in(rules, rules.room(facility, room), day, open_day)
        if len(rules.slot_days) >= KEPT_DAYS:
            rules.slot_days.clear()
        rules.slot_days[facility, room, day] = found
    return found


def _slots_in(rules: Rules, room: RoomRules, day: date, open_day: OpenDay) -> DaySlots:
    latest = max((slot.time[1] for slot in room.time.slots), default=0)
    if latest > DAY_MINUTES:
        open_day = room.calendar.open_until(open_day, day, latest)
    return day_slots(room.time, rules.book, day, open_day)


def _facility(
    facility: Facility, document: Ordinance, calendars: Mapping[str, CompiledCalendar]
) -> FacilityRules:
    grounds = document.exemptions[facility.exemption] if facility.exemption else ()
    return FacilityRules(
        facility=facility,
        calendar=calendars[facility.calendar],
        cancellation=document.cancellations[facility.cancellation] if facility.cancellation else None,
        grounds={ground.key: ground for ground in grounds},
        rooms={room.key: _room(room, facility, document, calendars) for room in facility.rooms},
        adjustment=document.adjustments[facility.adjustment] if facility.adjustment else None,
        extras={one.key: one for one in document.extras[facility.extras]} if facility.extras else {},
        rounding=facility.rounding or document.rounding,
        tax=facility.tax or document.tax,
        totals=facility.totals or document.totals,
        payment=document.payments[facility.payment] if facility.payment else None,
        penalty=document.penalties[facility.penalty] if facility.penalty else None,
        registrations={key: document.registrations[key] for key in facility.registration},
    )


def _room(
    room: Room, facility: Facility, document: Ordinance, calendars: Mapping[str, CompiledCalendar]
) -> RoomRules:
    terms, adjustment = room.cancellation or facility.cancellation, room.adjustment or facility.adjustment
    whole = next((one for one in facility.rooms if one.key == room.fee.of), room)
    application = document.applications[room.application or facility.application or ""]
    cases = (case for window in application.windows for case in (*window.when, *window.unless))
    return RoomRules(
        room=room,
        time=document.times[room.time or facility.time or ""],
        application=application,
        fee=room.fee,
        whole=whole,
        calendar=calendars[room.calendar or facility.calendar],
        cancellation=document.cancellations[terms] if terms else None,
        adjustment=document.adjustments[adjustment] if adjustment else None,
        windows_by_day=any(case.days for case in cases),
    )
