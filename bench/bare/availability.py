"""The limit for availability: the same answer, byte for byte, from a bare WSGI application.

Busy times as plain integers from one query, one sweep per room, orjson. The opening times come ready from a file:
no tenant, no rules, no framework.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import orjson

from bench.bare.connections import connection

Spans = list[tuple[int, int]]

_CLOCK = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(2 * 1440 + 1)]
_BUSY = """
SELECT c.space_id, (date_part('epoch', lower(c.occupied)) / 60)::int8,
       (date_part('epoch', upper(c.occupied)) / 60)::int8
FROM unnest(%s::bigint[]) s(id) JOIN booking_claim c
  ON int8range(c.space_id, c.space_id, '[]') && int8range(s.id, s.id, '[]')
 AND c.occupied && tstzrange(%s, %s) AND c.active
WHERE c.expires_at IS NULL OR c.expires_at > now()
"""


class World:
    """What the product would work out: rooms with their spaces, opening times by day."""

    def __init__(self, path: Path) -> None:
        facts = orjson.loads(path.read_bytes())
        self.zone = ZoneInfo(facts["zone"])
        self.rooms: dict[str, list[tuple[int, list[int]]]] = facts["rooms"]
        self.open: dict[str, list[list[int]]] = facts["open"]

    def answer(self, hall: str, first: date, days: int) -> bytes:
        """Return the availability of a hall as JSON."""
        rooms = self.rooms[hall]
        midnights = [
            datetime.combine(first + timedelta(days=offset), datetime.min.time(), self.zone)
            for offset in range(days + 1)
        ]
        busy = _read(sorted({one for _, spaces in rooms for one in spaces}), midnights[0], midnights[-1])
        window = [
            (
                (first + timedelta(days=offset)).isoformat(),
                self.open[(first + timedelta(days=offset)).isoformat()],
                int(midnights[offset].timestamp()) // 60,
            )
            for offset in range(days)
        ]
        present = int(time.time()) // 60 + 1
        return orjson.dumps(
            {
                "time_zone": self.zone.key,
                "rooms": [
                    {"room": number, "days": _sweep(_merged(busy, spaces), window, present)}
                    for number, spaces in rooms
                ],
            }
        )


def _read(spaces: list[int], starts: datetime, ends: datetime) -> dict[int, Spans]:
    found: dict[int, Spans] = {}
    for space, one, other in connection().execute(_BUSY, [spaces, starts, ends]).fetchall():
        found.setdefault(space, []).append((one, other))
    return found


def _merged(busy: dict[int, Spans], spaces: list[int]) -> Spans:
    joined: Spans = []
    for starts, ends in sorted(span for space in spaces for span in busy.get(space, ())):
        if joined and starts <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(ends, joined[-1][1]))
        else:
            joined.append((starts, ends))
    return joined


def _sweep(busy: Spans, window: list[tuple[str, list[list[int]], int]], present: int) -> list[dict[str, Any]]:
    """One pass over the room's busy times, day after day."""
    answer = []
    index, count = 0, len(busy)
    for day, periods, midnight in window:
        free, taken = [], []
        for opens, closes in periods:
            at, until = midnight + opens, midnight + closes
            begins = at
            if present > at:
                at = min(present, until)
            while index < count and busy[index][1] <= at:
                index += 1
            look = index
            while look < count and busy[look][0] < until:
                if busy[look][0] > at:
                    free.append((at, busy[look][0]))
                at = max(at, busy[look][1])
                look += 1
            if at < until:
                free.append((at, until))
            for one, other in free:
                if begins < one:
                    taken.append((_CLOCK[begins - midnight], _CLOCK[one - midnight]))
                begins = other
            if begins < until:
                taken.append((_CLOCK[begins - midnight], _CLOCK[closes]))
        answer.append(
            {
                "date": day,
                "open": [(_CLOCK[opens], _CLOCK[closes]) for opens, closes in periods],
                "free": [(_CLOCK[one - midnight], _CLOCK[other - midnight]) for one, other in free],
                "busy": taken,
            }
        )
    return answer


_world: World | None = None


def world() -> World:
    """Return the facts in BENCH_WORLD, read once."""
    global _world
    if _world is None:
        _world = World(Path(os.environ["BENCH_WORLD"]))
    return _world


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """GET ?facility=…&from=…&days=…, as the product's API."""
    asked = parse_qs(environ["QUERY_STRING"])
    body = world().answer(asked["facility"][0], date.fromisoformat(asked["from"][0]), int(asked["days"][0]))
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
