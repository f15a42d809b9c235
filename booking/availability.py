"""Which times are free: plain integers from one query, one sweep per room over the compiled rules.

Minutes since 1970 (UTC) between the database and here; minutes of the local day towards the outside. No model
objects, range values or datetimes on this path (measured 20 to 90 times slower, docs/locking.md).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from facilities.periods import epoch_minutes
from facilities.queries import RoomFacts
from facilities.room_rules import open_on

Spans = list[tuple[int, int]]

_BUSY = """
SELECT c.space_id, (extract(epoch FROM lower(c.occupied)) / 60)::int8,
       (extract(epoch FROM upper(c.occupied)) / 60)::int8
FROM unnest(%s::bigint[]) s(id) JOIN booking_claim c
  ON int8range(c.space_id, c.space_id, '[]') && int8range(s.id, s.id, '[]')
 AND c.occupied && tstzrange(%s, %s) AND c.active
WHERE c.expires_at IS NULL OR c.expires_at > %s
"""


@dataclass(frozen=True, slots=True)
class Busy:
    """What is taken in a window, by space, as sorted spans in minutes since 1970."""

    by_space: dict[int, Spans]

    def of(self, room: RoomFacts) -> Spans:
        """Return a room's taken time over all its spaces: sorted, merged, not touching."""
        if len(room.space_ids) == 1:
            return merged(self.by_space.get(room.space_ids[0], []))
        return merged(span for space_id in room.space_ids for span in self.by_space.get(space_id, []))


def busy_between(*, space_ids: Iterable[int], starts_at: datetime, ends_at: datetime, now: datetime) -> Busy:
    """Read what is taken on these spaces between two instants. A hold whose time is over counts as free."""
    by_space: dict[int, Spans] = {}
    with connection.cursor() as cursor:
        cursor.execute(_BUSY, [sorted(set(space_ids)), starts_at, ends_at, now])
        for space_id, starts, ends in cursor.fetchall():
            by_space.setdefault(space_id, []).append((starts, ends))
    return Busy(by_space)


def merged(spans: Iterable[tuple[int, int]]) -> Spans:
    """Return spans sorted, with those that overlap or touch joined."""
    joined: Spans = []
    for starts, ends in sorted(spans):
        if joined and starts <= joined[-1][1]:
            if ends > joined[-1][1]:
                joined[-1] = (joined[-1][0], ends)
        else:
            joined.append((starts, ends))
    return joined


def is_free(busy: Spans, starts: int, ends: int) -> bool:
    """Say whether nothing in ``busy`` (merged) overlaps ``[starts, ends)``."""
    index = bisect_left(busy, (ends,)) - 1
    return index < 0 or busy[index][1] <= starts


def free_within(busy: Spans, starts: int, ends: int) -> Spans:
    """Return the free pieces of ``[starts, ends)``."""
    free: Spans = []
    index = max(bisect_left(busy, (starts,)) - 1, 0)
    while index < len(busy) and busy[index][0] < ends:
        taken_from, taken_until = busy[index]
        if taken_from > starts:
            free.append((starts, taken_from))
        starts = max(starts, taken_until)
        index += 1
    if starts < ends:
        free.append((starts, ends))
    return free


@dataclass(frozen=True, slots=True)
class DayFree:
    """A room's day in minutes of that day: when it is open and what of it is free."""

    day: date
    open: Spans
    free: Spans


def read_busy(*, rooms: Sequence[RoomFacts], first: date, days: int, now: datetime) -> Busy:
    """Read what is taken in these rooms on ``days`` local days from ``first``."""
    if not rooms:
        return Busy({})
    zone = rooms[0].zone
    return busy_between(
        space_ids=(space_id for room in rooms for space_id in room.space_ids),
        starts_at=datetime.combine(first, datetime.min.time(), zone),
        ends_at=datetime.combine(first + timedelta(days=days), datetime.min.time(), zone)
        + timedelta(hours=12),
        now=now,
    )


def free_times(
    *, rooms: Sequence[RoomFacts], first: date, days: int, now: datetime
) -> list[tuple[RoomFacts, list[DayFree]]]:
    """Return open and free times of many rooms over a range of days, for everybody to see.

    The past counts as not free. Whether a person may apply for a free time is another question (may_apply).
    """
    busy = read_busy(rooms=rooms, first=first, days=days, now=now)
    window = [first + timedelta(days=offset) for offset in range(days)]
    present = int(now.timestamp()) // 60 + 1
    return [(room, _days_of(room, busy.of(room), window, present)) for room in rooms]


def _days_of(room: RoomFacts, busy: Spans, window: Sequence[date], present: int) -> list[DayFree]:
    answer = []
    for day in window:
        periods = list(open_on(room, day).periods)
        midnight = epoch_minutes(day, 0, room.zone)
        free: Spans = []
        for opens, closes in periods:
            # Wall-clock minutes, so that a day on which clocks change is right too.
            starts = max(epoch_minutes(day, opens, room.zone), present)
            for one, other in free_within(busy, starts, epoch_minutes(day, closes, room.zone)):
                free.append((one - midnight, other - midnight))
        answer.append(DayFree(day, periods, free))
    return answer
