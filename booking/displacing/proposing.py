"""Where a booking could go instead: the same time in another room, the same room at another time, another hall."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from booking.availability import Spans, busy_between, is_free, merged
from booking.change_terms import NewUse, assess_change
from booking.models import Reservation
from facilities.errors import NoRulesYet
from facilities.periods import local, moment
from facilities.queries import RoomFacts, open_rooms
from facilities.room_rules import times_on
from tenants.errors import Refusal

How = Literal["room", "time", "day", "hall"]

MOST_OF_EACH = 3
MOST = 8
# Days on which the same time is looked for: the same weekday first.
_OTHER_DAYS = (7, -7, 14, 1, -1, 2)


@dataclass(frozen=True, slots=True)
class Alternative:
    """A room and time that was free when looked at. ``how`` says what is different about it, at most."""

    how: How
    room: RoomFacts
    starts_at: datetime
    ends_at: datetime

    @property
    def pieces(self) -> set[tuple[int, datetime]]:
        """What it occupies, in pieces that two alternatives share when they get into each other's way."""
        minutes = int((self.room.occupied_until(self.ends_at) - self.starts_at).total_seconds()) // 60
        times = [self.starts_at + timedelta(minutes=each) for each in range(0, minutes, 5)]
        return {(space_id, at) for space_id in self.room.space_ids for at in times}


@dataclass(frozen=True, slots=True)
class _Free:
    """What is taken, by room, with what is about to be taken for official use."""

    busy: Mapping[int, Spans]

    def has(self, room: RoomFacts, starts_at: datetime, ends_at: datetime) -> bool:
        until = room.occupied_until(ends_at)
        return is_free(self.busy[room.id], int(starts_at.timestamp()) // 60, int(until.timestamp()) // 60)


def propose(
    rows: Sequence[Reservation],
    *,
    taken: Sequence[RoomFacts],
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
) -> dict[int, tuple[Alternative, ...]]:
    """Return alternatives for each booking, by its id; the best first, at most MOST. Only what is free and allowed."""
    if not rows:
        return {}
    rooms = open_rooms()
    free = _free(rows, rooms, taken, starts_at, ends_at, now)
    return {row.pk: tuple(_alternatives(row, rooms, free, now))[:MOST] for row in rows}


def _free(
    rows: Sequence[Reservation],
    rooms: Sequence[RoomFacts],
    taken: Sequence[RoomFacts],
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
) -> _Free:
    margin = timedelta(days=max(_OTHER_DAYS) + 1)
    busy = busy_between(
        space_ids={space_id for room in rooms for space_id in room.space_ids},
        starts_at=min(row.starts_at for row in rows) - margin,
        ends_at=max(row.ends_at for row in rows) + margin,
        now=now,
    )
    closed = {space_id for room in taken for space_id in room.space_ids}
    closing = (int(starts_at.timestamp()) // 60, int(ends_at.timestamp()) // 60)
    return _Free(
        {
            room.id: merged([*busy.of(room), *([closing] if closed & set(room.space_ids) else [])])
            for room in rooms
        }
    )


def _alternatives(
    row: Reservation, rooms: Sequence[RoomFacts], free: _Free, now: datetime
) -> Iterator[Alternative]:
    own = next((room for room in rooms if room.id == row.room_id), None)
    if own is None:
        return
    hall = [room for room in rooms if room.facility_id == own.facility_id and room.id != own.id]
    elsewhere = [room for room in rooms if room.facility_id != own.facility_id]
    searches: list[tuple[How, Iterator[tuple[RoomFacts, datetime, datetime]]]] = [
        ("room", ((room, row.starts_at, row.ends_at) for room in _alike(own, hall))),
        ("time", _other_times(row, own)),
        ("day", _other_days(row, own)),
        ("hall", ((room, row.starts_at, row.ends_at) for room in _alike(own, elsewhere))),
    ]
    for how, places in searches:
        found = 0
        for room, starts_at, ends_at in places:
            alternative = _at(row, how, room, starts_at, ends_at, free, now)
            if alternative:
                yield alternative
                found += 1
            if found == MOST_OF_EACH:
                break


def _at(
    row: Reservation,
    how: How,
    room: RoomFacts,
    starts_at: datetime,
    ends_at: datetime,
    free: _Free,
    now: datetime,
) -> Alternative | None:
    """The alternative, if it is free, and the rules would let the applicant have it."""
    if starts_at <= now or not free.has(room, starts_at, ends_at):
        return None
    if row.headcount and room.capacity is not None and row.headcount > room.capacity:
        return None
    use = NewUse(room, starts_at, ends_at, by_hall=True)
    try:
        assess_change(row, use, channel="desk", now=now, override=False)
    except Refusal:
        return None
    return Alternative(how, room, starts_at, ends_at)


def _alike(own: RoomFacts, rooms: Sequence[RoomFacts]) -> list[RoomFacts]:
    """Rooms in the order in which they come nearest in size; those without a size last."""
    size = own.capacity or 0
    return sorted(rooms, key=lambda room: (room.capacity is None, abs((room.capacity or 0) - size)))


def _other_days(row: Reservation, room: RoomFacts) -> Iterator[tuple[RoomFacts, datetime, datetime]]:
    day, starts = local(row.starts_at, room.zone)
    length = row.ends_at - row.starts_at
    for days in _OTHER_DAYS:
        begins = moment(day + timedelta(days=days), starts, room.zone)
        yield room, begins, begins + length


def _other_times(row: Reservation, room: RoomFacts) -> Iterator[tuple[RoomFacts, datetime, datetime]]:
    """Times of the same day that are as long, the nearest first."""
    day, starts = local(row.starts_at, room.zone)
    minutes = int((row.ends_at - row.starts_at).total_seconds()) // 60
    begins = {begin for begin in _begins(room, day, minutes) if begin != starts}
    for begin in sorted(begins, key=lambda at: (abs(at - starts), at)):
        yield room, moment(day, begin, room.zone), moment(day, begin + minutes, room.zone)


def _begins(room: RoomFacts, day: date, minutes: int) -> Iterator[int]:
    try:
        times = times_on(room, day)
    except NoRulesYet:
        return
    for slot in (*times.slots, *times.named):
        if times.kind == "hours" or slot.ends - slot.starts == minutes:
            yield slot.starts
