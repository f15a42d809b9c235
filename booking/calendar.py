"""What a resident sees of a room: marks for days (○△×休), and the times of one day with state and price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from booking.availability import Busy, Spans, is_free, read_busy
from facilities.errors import NoRulesYet
from facilities.ordinance import NoPrice, Quote, Reason, Slot
from facilities.periods import epoch_minutes, moment
from facilities.queries import RoomFacts
from facilities.room_rules import Asker, bookable_between, decide, open_on, price, times_on, windows_by_day

_WINDOW_DAYS = 14

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
    """One time of a day: half-open, aware. A free one without a quote has a price only staff or more answers give.

    ``free_at``: it is taken only because others wait for what was cancelled (取消処理中), and free from then on.
    """

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
    free_at: datetime | None = None

    @property
    def price_yen(self) -> int | None:
        """The price of this time alone, in yen, as far as it is known."""
        return self.quote.total_yen if self.quote else None


@dataclass(frozen=True, slots=True)
class RoomDay:
    """One room on one day. For rooms by the hour each slot is one step; ``step`` … in minutes.

    ``named``: the slots that can be rented on the same day besides hours.
    """

    room: RoomFacts
    day: date
    kind: Literal["slots", "hours"]
    closed: Reason | None
    slots: tuple[SlotState, ...]
    step: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    named: tuple[SlotState, ...] = ()

    @property
    def free(self) -> tuple[SlotState, ...]:
        """The times that can be booked now, steps of hours and slots alike."""
        return tuple(slot for slot in (*self.slots, *self.named) if slot.state == "free")

    @property
    def has_taken(self) -> bool:
        """Whether somebody has a time that could be waited for."""
        return any(slot.state == "taken" for slot in (*self.slots, *self.named))

    @property
    def by_slot(self) -> RoomDay:
        """The same day as a room by slots: with the slots that are rented as they are, without hours."""
        return (
            self if self.kind == "slots" else RoomDay(self.room, self.day, "slots", self.closed, self.named)
        )


def day_marks(
    *,
    rooms: Sequence[RoomFacts],
    first: date,
    days: int,
    asker: Asker,
    besides: int | None = None,
) -> list[DayMark]:
    """Return a mark for each day, over one room or many ("any free room").

    ``few``: at most a third of the day's times are free. ``outside``: no application is taken for that day now.
    ``besides``: the reservation that is about to be changed; its own time counts as free.
    """
    busy = read_busy(rooms=rooms, first=first, days=days, now=asker.now, besides=besides)
    taken = [(room, busy.of(room)) for room in rooms]
    windows = _Windows(asker)
    return [_mark(taken, first + timedelta(days=offset), windows) for offset in range(days)]


class _Windows:
    """Which days this asker may book: worked out once for each room and version of its rules.

    Where other windows hold for other days of use (weekdays, say), once for each day.
    """

    def __init__(self, asker: Asker) -> None:
        self.asker = asker
        self._known: dict[tuple[int, int], tuple[date, date]] = {}

    def open_for(self, room: RoomFacts, day: date) -> bool:
        """Whether an application for the day is taken now."""
        key = (room.id, room.version_on(day))
        window = self._known.get(key)
        if window is None:
            window = bookable_between(room, day, self.asker)
            if not windows_by_day(room, day):
                self._known[key] = window
        return window[0] <= day <= window[1]


def _mark(rooms: Sequence[tuple[RoomFacts, Spans]], day: date, windows: _Windows) -> DayMark:
    total = free = 0
    closed: Reason | None = None
    outside = False
    for room, busy in rooms:
        try:
            open_day = open_on(room, day, windows.asker)
        except NoRulesYet:
            outside = True
            continue
        if open_day.closed:
            closed = closed or open_day.closed
            continue
        if not windows.open_for(room, day):
            outside = True
            continue
        times = times_on(room, day, windows.asker)
        singles = [slot for slot in (*times.slots, *times.named) if not slot.combines]
        total += len(singles)
        free += sum(_state(room, busy, day, slot, windows.asker.now) == "free" for slot in singles)
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


def room_day(*, room: RoomFacts, day: date, asker: Asker) -> RoomDay:
    """Return the times of one room on one day with state, price and reasons. Raises NoRulesYet."""
    return room_days(rooms=[room], day=day, asker=asker)[0]


def room_days(
    *,
    rooms: Sequence[RoomFacts],
    day: date,
    asker: Asker,
    besides: int | None = None,
    applied_at: datetime | None = None,
) -> list[RoomDay]:
    """Return the times of many rooms on one day, in the rooms' order; ``besides`` as in ``day_marks``.

    ``applied_at``: the rules are asked as of then, where the day was applied for in time already.
    Raises NoRulesYet.
    """
    busy = read_busy(rooms=rooms, first=day, days=1, now=asker.now, besides=besides)
    by_rules = replace(asker, now=applied_at or asker.now)
    found = [_room_day(room, busy.of(room), day, by_rules, asker.now) for room in rooms]
    return [_with_releases(one, busy) for one in found] if busy.releasing else found


def _with_releases(state: RoomDay, busy: Busy) -> RoomDay:
    """Say of each taken time that is only kept for a while when it is free."""
    room, day = state.room, state.day

    def told(slot: SlotState) -> SlotState:
        starts = epoch_minutes(day, slot.starts, room.zone)
        ends = epoch_minutes(day, slot.ends, room.zone) + room.turnaround_minutes
        free = busy.free_at(room, starts, ends) if slot.state == "taken" else None
        return replace(slot, free_at=datetime.fromtimestamp(free * 60, room.zone)) if free else slot

    return replace(
        state,
        slots=tuple(told(slot) for slot in state.slots),
        named=tuple(told(slot) for slot in state.named),
    )


def _room_day(room: RoomFacts, busy: Spans, day: date, asker: Asker, now: datetime) -> RoomDay:
    closed = open_on(room, day, asker).closed
    times = times_on(room, day, asker)
    states, named = (
        tuple(_slot_state(room, busy, day, slot, asker, now) for slot in slots)
        for slots in (times.slots, times.named)
    )
    return RoomDay(room, day, times.kind, closed, states, times.step, times.minimum, times.maximum, named)


def _slot_state(
    room: RoomFacts, busy: Spans, day: date, slot: Slot, asker: Asker, now: datetime
) -> SlotState:
    state: Literal["free", "taken", "past", "outside"] = _state(room, busy, day, slot, now)
    reasons: tuple[Reason, ...] = ()
    quote: Quote | None = None
    if state == "free":
        decision = decide(room, day, slot.starts, slot.ends, asker)
        # A step shorter than the shortest use is still part of a longer one.
        refused = not decision.allowed and any(reason.code != "too_short" for reason in decision.reasons)
        rentable, quote = (False, None) if refused else _price(room, day, slot, asker)
        if not rentable:
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
        quote,
        reasons,
    )


def _price(room: RoomFacts, day: date, slot: Slot, asker: Asker) -> tuple[bool, Quote | None]:
    """Whether the time can be rented at all, and its price as far as it is known."""
    try:
        return True, price(room, day, slot.starts, slot.ends, asker)
    except NoPrice:
        return False, None


def next_bookable_day(*, rooms: Sequence[RoomFacts], after: date, days: int, asker: Asker) -> date | None:
    """Return the first day after ``after`` (looking ``days`` ahead) on which something is free, or None.

    It looks window by window: most often the day lies in the first one.
    """
    for offset in range(0, days, _WINDOW_DAYS):
        marks = day_marks(
            rooms=rooms,
            first=after + timedelta(days=offset + 1),
            days=min(_WINDOW_DAYS, days - offset),
            asker=asker,
        )
        found = next((mark.day for mark in marks if mark.free), None)
        if found:
            return found
    return None
