"""Which times are free: plain integers from one query, one sweep per room over the compiled rules.

Minutes since 1970 (UTC) between the database and here; minutes of the local day towards the outside. No model
objects, range values or datetimes on this path (measured 20 to 90 times slower, docs/locking.md).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from facilities.ordinance import OpenDay
from facilities.ordinance.document.values import DAY_MINUTES
from facilities.periods import epoch_minutes, moment
from facilities.queries import RoomFacts
from facilities.room_rules import latest_end, open_days

Spans = list[tuple[int, int]]

# Lengthening a use and the pause after it reach at most this far beyond what is lent.
_AFTER = timedelta(hours=12)

# LATERAL … OFFSET 0: the index is searched by space and time, whatever the planner thinks (booking.claiming).
# What a release keeps has its space's number below zero: no fourth column for all the others, which have no such mark.
_BUSY = """
SELECT CASE WHEN c.release_id IS NULL THEN c.space_id ELSE -c.space_id END,
       (date_part('epoch', lower(c.occupied)) / 60)::int8,
       (date_part('epoch', upper(c.occupied)) / 60)::int8
FROM unnest(%s::bigint[]) s(id) CROSS JOIN LATERAL (
    SELECT c.space_id, c.occupied, c.release_id, c.expires_at FROM booking_claim c
    WHERE int8range(c.space_id, c.space_id, '[]') && int8range(s.id, s.id, '[]')
      AND c.occupied && tstzrange(%s, %s) AND c.active OFFSET 0
) c
WHERE c.expires_at IS NULL OR c.expires_at > %s
"""
# Without what one reservation takes, for whoever is about to change it.
_BUSY_BESIDES = _BUSY.replace("c.expires_at FROM", "c.expires_at, c.reservation_id FROM").replace(
    "WHERE c.expires_at IS NULL OR c.expires_at > %s",
    "WHERE (c.expires_at IS NULL OR c.expires_at > %s) AND c.reservation_id IS DISTINCT FROM %s",
)

# Asked only where something is kept.
_RELEASING = """
SELECT space_id, (date_part('epoch', lower(occupied)) / 60)::int8, (date_part('epoch', upper(occupied)) / 60)::int8,
       (date_part('epoch', expires_at) / 60)::int8
FROM booking_claim WHERE release_id IS NOT NULL AND active AND space_id = ANY(%s::bigint[]) AND expires_at > %s
  AND occupied && tstzrange(%s, %s) ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Busy:
    """What is taken in a window, by space, as sorted spans in minutes since 1970.

    ``releasing``: of that, what was cancelled and is kept for a while (取消処理中): from, until, and free from then on.
    """

    by_space: dict[int, Spans]
    releasing: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)

    def of(self, room: RoomFacts) -> Spans:
        """Return a room's taken time over all its spaces: sorted, merged, not touching."""
        if len(room.space_ids) == 1:
            return merged(self.by_space.get(room.space_ids[0], []))
        return merged(span for space_id in room.space_ids for span in self.by_space.get(space_id, []))

    def free_at(self, room: RoomFacts, starts: int, ends: int) -> int | None:
        """Return when ``[starts, ends)`` is free again, in minutes since 1970, where nothing but releases keeps it."""
        latest = 0
        for space_id in room.space_ids if self.releasing else ():
            kept = {(since, until): free for since, until, free in self.releasing.get(space_id, ())}
            for span in self.by_space.get(space_id, ()):
                if span[0] < ends and starts < span[1]:
                    if span not in kept:
                        return None
                    latest = max(latest, kept[span])
        return latest or None

    def kept_in(self, room: RoomFacts, starts: int, ends: int) -> list[tuple[int, int, int]]:
        """Return what releases keep of ``[starts, ends)``: from, until, and free from then on; sorted."""
        kept = {
            (max(since, starts), min(until, ends), free)
            for space_id in room.space_ids
            for since, until, free in self.releasing.get(space_id, ())
            if since < ends and starts < until
        }
        return sorted(kept)


def busy_between(
    *,
    space_ids: Iterable[int],
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    besides: int | None = None,
) -> Busy:
    """Read what is taken on these spaces between two instants. A hold whose time is over counts as free.

    ``besides``: the reservation that is about to be changed; its own time counts as free.
    """
    by_space: dict[int, Spans] = {}
    query, values = (_BUSY, []) if besides is None else (_BUSY_BESIDES, [besides])
    with connection.cursor() as cursor:
        cursor.execute(query, [sorted(set(space_ids)), starts_at, ends_at, now, *values])
        for space_id, starts, ends in cursor.fetchall():
            by_space.setdefault(space_id, []).append((starts, ends))
        released = [space_id for space_id in by_space if space_id < 0]
        if not released:
            return Busy(by_space)
        for space_id in released:
            by_space.setdefault(-space_id, []).extend(by_space.pop(space_id))
        cursor.execute(_RELEASING, [[-space_id for space_id in released], now, starts_at, ends_at])
        releasing: dict[int, list[tuple[int, int, int]]] = {}
        for space_id, starts, ends, free_at in cursor.fetchall():
            releasing.setdefault(space_id, []).append((starts, ends, free_at))
    return Busy(by_space, releasing)


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


class DayFree(NamedTuple):
    """A room's day in minutes of that day: when it is open, what of it is free, and the rest.

    ``releasing``: of the rest, what is kept until an instant (in minutes since 1970) and then free.
    """

    day: date
    open: tuple[tuple[int, int], ...]
    free: Spans
    busy: Spans
    releasing: list[tuple[int, int, int]] | tuple[()] = ()


def read_busy(
    *, rooms: Sequence[RoomFacts], first: date, days: int, now: datetime, besides: int | None = None
) -> Busy:
    """Read what is taken in these rooms on ``days`` local days from ``first``, and as long after as a use that
    begins on them can last (past midnight, lengthened, with its pause). ``besides`` as in ``busy_between``."""
    if not rooms:
        return Busy({})
    zone, last = rooms[0].zone, first + timedelta(days=days - 1)
    past_midnight = latest_end(rooms, first, last) - DAY_MINUTES
    return busy_between(
        space_ids=(space_id for room in rooms for space_id in room.space_ids),
        starts_at=datetime.combine(first, datetime.min.time(), zone),
        ends_at=moment(last, DAY_MINUTES, zone) + timedelta(minutes=past_midnight) + _AFTER,
        now=now,
        besides=besides,
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
    answer = []
    known: list[OpenDay] = []
    frames: list[_Frame] = []
    for room in rooms:
        opened = open_days(room, window)
        # Rooms of one hall mostly share their hours: what follows from them is worked out once.
        if opened != known:
            known, frames = opened, _frames(opened, window, room.zone, present)
        swept = _sweep(frames, busy.of(room))
        answer.append((room, _with_releases(swept, frames, busy, room) if busy.releasing else swept))
    return answer


def _with_releases(
    days: list[DayFree], frames: Sequence[_Frame], busy: Busy, room: RoomFacts
) -> list[DayFree]:
    found = []
    for day, frame in zip(days, frames, strict=True):
        kept = [
            (since - frame.midnight, until - frame.midnight, free)
            for opens, _, closes in frame.instants
            for since, until, free in busy.kept_in(room, opens, closes)
        ]
        found.append(day._replace(releasing=kept) if kept else day)
    return found


class _Frame(NamedTuple):
    """A day's opening periods in minutes of the day; and in minutes since 1970: from, not past from, until."""

    day: date
    periods: tuple[tuple[int, int], ...]
    midnight: int
    instants: list[tuple[int, int, int]]


def _frames(opened: Sequence[OpenDay], window: Sequence[date], zone: ZoneInfo, present: int) -> list[_Frame]:
    frames = []
    for day, open_day in zip(window, opened, strict=True):
        instants = []
        for opens, closes in open_day.periods:
            # Wall-clock minutes, so that a day on which clocks change is right too.
            starts, ends = epoch_minutes(day, opens, zone), epoch_minutes(day, closes, zone)
            instants.append((starts, min(max(starts, present), ends), ends))
        frames.append(_Frame(day, open_day.periods, epoch_minutes(day, 0, zone), instants))
    return frames


def _sweep(frames: Sequence[_Frame], busy: Spans) -> list[DayFree]:
    """Go once through the days and the busy times (merged) together."""
    answer = []
    index, count = 0, len(busy)
    for day, periods, midnight, instants in frames:
        free: Spans = []
        rest: Spans = []
        for rest_from, at, closes in instants:
            while index < count and busy[index][1] <= at:
                index += 1
            ahead = index
            while at < closes:
                until, then = busy[ahead] if ahead < count and busy[ahead][0] < closes else (closes, closes)
                if at < until:
                    if rest_from < at:
                        rest.append((rest_from - midnight, at - midnight))
                    free.append((at - midnight, until - midnight))
                    rest_from = until
                at = then
                ahead += 1
            if rest_from < closes:
                rest.append((rest_from - midnight, closes - midnight))
        answer.append(DayFree(day, periods, free, rest))
    return answer
