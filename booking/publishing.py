"""When rooms are free, as everybody may publish it again: no person, no price, no purpose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from booking.availability import Spans, is_free, read_busy
from facilities.errors import NoRulesYet
from facilities.ordinance import DaySlots, Slot
from facilities.periods import epoch_minutes
from facilities.queries import RoomFacts
from facilities.room_rules import open_on, times_on

PublishedState = Literal["free", "taken", "closed"]


class PublishedTime(NamedTuple):
    """A room's time on a day, in minutes of the day. ``taken`` is booked or out of use; a closed day has no times."""

    room: RoomFacts
    day: date
    slot: str
    starts: int | None
    ends: int | None
    state: PublishedState


def published_times(
    *, rooms: Sequence[RoomFacts], first: date, days: int, now: datetime
) -> Iterator[PublishedTime]:
    """Yield the times of these rooms on ``days`` days from ``first``, room by room and day by day.

    Slots that are combinations of others and times that have begun are left out; rooms by the hour come in the
    longest pieces of one state. A day without rules is left out: nobody knows what it will be like.
    """
    busy = read_busy(rooms=rooms, first=first, days=days, now=now)
    for room in rooms:
        taken = busy.of(room)
        for offset in range(days):
            day = first + timedelta(days=offset)
            try:
                closed, times = open_on(room, day).closed, times_on(room, day)
            except NoRulesYet:
                continue
            if closed:
                yield PublishedTime(room, day, "", None, None, "closed")
            else:
                yield from _times(room, day, times.slots, taken, now, joined=times.kind == "hours")
                yield from _times(room, day, _besides_hours(times), taken, now)


def _times(
    room: RoomFacts, day: date, slots: Iterable[Slot], taken: Spans, now: datetime, *, joined: bool = False
) -> Iterator[PublishedTime]:
    waiting: PublishedTime | None = None
    for slot in slots:
        if slot.combines or epoch_minutes(day, slot.starts, room.zone) * 60 <= now.timestamp():
            continue
        found = _time(room, day, slot, taken)
        if waiting and joined and (waiting.state, waiting.ends) == (found.state, found.starts):
            waiting = waiting._replace(ends=found.ends)
            continue
        if waiting:
            yield waiting
        waiting = found
    if waiting:
        yield waiting


def _besides_hours(times: DaySlots) -> list[Slot]:
    """The slots lent at a time at which no hours are; others are in the hours already."""
    return [
        slot
        for slot in times.named
        if not any(cell.starts < slot.ends and slot.starts < cell.ends for cell in times.slots)
    ]


def _time(room: RoomFacts, day: date, slot: Slot, taken: Spans) -> PublishedTime:
    starts = epoch_minutes(day, slot.starts, room.zone)
    # The pause after a use belongs to it: where it does not fit, the time cannot be booked.
    ends = epoch_minutes(day, slot.ends, room.zone) + room.turnaround_minutes
    state: PublishedState = "free" if is_free(taken, starts, ends) else "taken"
    return PublishedTime(room, day, slot.name_ja, slot.starts, slot.ends, state)
