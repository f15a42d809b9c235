"""What a resident sees of a room: marks for days (○△×休), and the times of one day with state and price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from booking.applications import channel_in_rules
from booking.availability import Spans, is_free, read_busy
from facilities.errors import NoRulesYet
from facilities.ordinance import (
    NoPrice,
    Quote,
    Reason,
    Rules,
    Slot,
    bookable_days,
    may_apply,
    open_periods,
    quote,
    slots,
)
from facilities.periods import epoch_minutes, moment
from facilities.queries import RoomFacts

Mark = Literal["free", "few", "full", "closed", "outside"]


@dataclass(frozen=True, slots=True)
class DayMark:
    """One day of the strip: its mark, how many times are free, and why it is closed."""

    day: date
    mark: Mark
    free: int
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class SlotState:
    """One time of a day: half-open, aware; ``price_yen`` when it can be booked now."""

    key: str
    name: str
    name_en: str
    starts: int
    ends: int
    starts_at: datetime
    ends_at: datetime
    state: Literal["free", "taken", "past", "outside"]
    quote: Quote | None
    reasons: tuple[Reason, ...]

    @property
    def price_yen(self) -> int | None:
        """The price of this time alone, in yen."""
        return self.quote.total_yen if self.quote else None


@dataclass(frozen=True, slots=True)
class RoomDay:
    """One room on one day. For rooms by the hour each slot is one step; ``step`` … in minutes."""

    room: RoomFacts
    day: date
    kind: Literal["slots", "hours"]
    closed: Reason | None
    slots: tuple[SlotState, ...]
    step: int | None = None
    minimum: int | None = None
    maximum: int | None = None

    @property
    def free(self) -> tuple[SlotState, ...]:
        """The times that can be booked now."""
        return tuple(slot for slot in self.slots if slot.state == "free")


def day_marks(
    *,
    rooms: Sequence[RoomFacts],
    first: date,
    days: int,
    applicant_class: str,
    channel: str,
    now: datetime,
) -> list[DayMark]:
    """Return a mark for each day, over one room or many ("any free room").

    ``few``: at most a third of the day's times are free. ``outside``: no application is taken for that day now.
    """
    busy = read_busy(rooms=rooms, first=first, days=days, now=now)
    taken = [(room, busy.of(room)) for room in rooms]
    channel = channel_in_rules(channel)
    return [
        _mark(taken, first + timedelta(days=offset), applicant_class, channel, now) for offset in range(days)
    ]


def _mark(
    rooms: Sequence[tuple[RoomFacts, Spans]], day: date, applicant_class: str, channel: str, now: datetime
) -> DayMark:
    total = free = 0
    closed: Reason | None = None
    outside = False
    for room, busy in rooms:
        try:
            rules = room.rules_on(day)
        except NoRulesYet:
            outside = True
            continue
        place = {"facility": room.facility_key, "room": room.key}
        open_day = open_periods(rules, day=day, **place)
        if open_day.closed:
            closed = closed or open_day.closed
            continue
        opens, last = bookable_days(rules, applicant_class=applicant_class, channel=channel, now=now, **place)
        if not opens <= day <= last:
            outside = True
            continue
        for slot in slots(rules, day=day, **place).slots:
            if slot.combines:
                continue
            total += 1
            free += _state(room, busy, day, slot, now) == "free"
    if free:
        return DayMark(day, "few" if free * 3 <= total else "free", free, None)
    if total:
        return DayMark(day, "full", 0, None)
    return DayMark(day, "outside" if outside else "closed", 0, None if outside else closed)


def _state(
    room: RoomFacts, busy: Spans, day: date, slot: Slot, now: datetime
) -> Literal["free", "taken", "past"]:
    starts = epoch_minutes(day, slot.starts, room.zone)
    if starts * 60 <= now.timestamp():
        return "past"
    ends = epoch_minutes(day, slot.ends, room.zone) + room.turnaround_minutes
    return "free" if is_free(busy, starts, ends) else "taken"


def room_day(*, room: RoomFacts, day: date, applicant_class: str, channel: str, now: datetime) -> RoomDay:
    """Return the times of one room on one day with state, price and reasons. Raises NoRulesYet."""
    return room_days(rooms=[room], day=day, applicant_class=applicant_class, channel=channel, now=now)[0]


def room_days(
    *, rooms: Sequence[RoomFacts], day: date, applicant_class: str, channel: str, now: datetime
) -> list[RoomDay]:
    """Return the times of many rooms on one day, in the rooms' order. Raises NoRulesYet."""
    busy = read_busy(rooms=rooms, first=day, days=1, now=now)
    channel = channel_in_rules(channel)
    return [_room_day(room, busy.of(room), day, applicant_class, channel, now) for room in rooms]


def _room_day(
    room: RoomFacts, busy: Spans, day: date, applicant_class: str, channel: str, now: datetime
) -> RoomDay:
    rules = room.rules_on(day)
    place = {"facility": room.facility_key, "room": room.key, "day": day}
    open_day = open_periods(rules, **place)
    times = slots(rules, **place)
    states = tuple(
        _slot_state(room, rules, busy, day, slot, applicant_class, channel, now) for slot in times.slots
    )
    return RoomDay(room, day, times.kind, open_day.closed, states, times.step, times.minimum, times.maximum)


def _slot_state(
    room: RoomFacts,
    rules: Rules,
    busy: Spans,
    day: date,
    slot: Slot,
    applicant_class: str,
    channel: str,
    now: datetime,
) -> SlotState:
    place = {"facility": room.facility_key, "room": room.key, "day": day, "starts": slot.starts}
    state: Literal["free", "taken", "past", "outside"] = _state(room, busy, day, slot, now)
    reasons: tuple[Reason, ...] = ()
    price: Quote | None = None
    if state == "free":
        decision = may_apply(
            rules, **place, ends=slot.ends, applicant_class=applicant_class, channel=channel, now=now
        )
        try:
            price = quote(rules, **place, ends=slot.ends, applicant_class=applicant_class)
        except NoPrice:
            price = None
        # A step shorter than the shortest use is still part of a longer one.
        refused = not decision.allowed and any(reason.code != "too_short" for reason in decision.reasons)
        if refused or price is None:
            state, reasons = "outside", decision.reasons
    return SlotState(
        slot.key,
        slot.name_ja,
        slot.name_en,
        slot.starts,
        slot.ends,
        moment(day, slot.starts, room.zone),
        moment(day, slot.ends, room.zone),
        state,
        price,
        reasons,
    )


def next_bookable_day(
    *, rooms: Sequence[RoomFacts], after: date, days: int, applicant_class: str, channel: str, now: datetime
) -> date | None:
    """Return the first day after ``after`` (looking ``days`` ahead) on which something is free, or None."""
    marks = day_marks(
        rooms=rooms,
        first=after + timedelta(days=1),
        days=days,
        applicant_class=applicant_class,
        channel=channel,
        now=now,
    )
    return next((mark.day for mark in marks if mark.free), None)
