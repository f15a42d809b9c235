"""Equipment there is only so much of (借りるもの): one stock for a hall, shared by all its rooms at the same time.

What is asked for is reserved with the room. Two requests at once cannot both have the last one: whoever counts holds
the rows of the hall's rooms, which nobody else locks, after the applicants' rows and before any space.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from booking.applications import Assessed
from facilities.ordinance import AskedExtra, Reason
from facilities.room_rules import asked_for

_LOCK_STOCK = "SELECT id FROM facilities_room WHERE facility_id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"

_LENT = """
SELECT r.facility_id, b.starts_at, b.ends_at, b.extras::text
FROM booking_reservation b JOIN facilities_room r ON r.id = b.room_id
WHERE r.facility_id = ANY(%(halls)s) AND b.extras ?| %(keys)s
  AND (b.status IN ('confirmed', 'applied') OR (b.status = 'hold' AND b.held_until > %(now)s))
  AND b.starts_at < %(until)s AND b.ends_at > %(since)s AND b.id <> ALL(%(besides)s)
"""


@dataclass(frozen=True, slots=True)
class Lent:
    """So many of a thing are out from one instant to another."""

    starts_at: datetime
    ends_at: datetime
    number: int


_Key = tuple[int, str]


def out_of_stock(
    cursor: Any,
    wanted: Mapping[int, Assessed],
    *,
    now: datetime,
    besides: Collection[int] = (),
    lock: bool = True,
) -> dict[int, list[Reason]]:
    """Return, by place, what of several things applied for at once cannot be lent, with how many are left.

    In their order: what an earlier one gets, a later one does not. Nothing is read where nothing scarce is asked for.
    ``lock`` False tells beforehand and decides nothing; ``besides``: reservations that are being changed.
    """
    asked = {place: found for place, one in wanted.items() if (found := list(_scarce(one)))}
    if not asked:
        return {}
    halls = sorted({wanted[place].room.facility_id for place in asked})
    if lock:
        cursor.execute(_LOCK_STOCK, [halls])
    some = [wanted[place] for place in asked]
    keys = {extra.key for found in asked.values() for extra, _ in found}
    lent = _lent(cursor, halls, keys, some, now, besides)
    refused: dict[int, list[Reason]] = {}
    for place, found in asked.items():
        reasons = list(_lacking(wanted[place], found, lent))
        if reasons:
            refused[place] = reasons
            continue
        for extra, number in found:
            one = wanted[place]
            lent.setdefault((one.room.facility_id, extra.key), []).append(
                Lent(one.starts_at, one.ends_at, number)
            )
    return refused


def most_at_once(lent: Iterable[Lent], starts_at: datetime, ends_at: datetime) -> int:
    """Return how many are out at the busiest instant of a time: uses that follow each other share the same thing."""
    steps = []
    for one in lent:
        if one.starts_at < ends_at and starts_at < one.ends_at:
            steps.append((max(one.starts_at, starts_at), one.number))
            steps.append((one.ends_at, -one.number))
    most = out = 0
    # What comes back at an instant is there for who begins then.
    for _, number in sorted(steps):
        out += number
        most = max(most, out)
    return most


def _scarce(one: Assessed) -> Iterable[tuple[AskedExtra, int]]:
    """What is asked for that the hall has only so many of."""
    numbers = {key: number for key, number in one.asker.details.extras.items() if number}
    if not numbers:
        return
    for extra in asked_for(one.room, one.day).extras:
        if extra.stock is not None and extra.key in numbers:
            yield extra, numbers[extra.key]


def _lacking(
    one: Assessed, asked: Sequence[tuple[AskedExtra, int]], lent: Mapping[_Key, Sequence[Lent]]
) -> Iterable[Reason]:
    for extra, number in asked:
        out = most_at_once(lent.get((one.room.facility_id, extra.key), ()), one.starts_at, one.ends_at)
        left = max((extra.stock or 0) - out, 0)
        if number > left:
            params: dict[str, str | int] = {
                "name": extra.name_ja,
                "name_en": extra.name_en,
                "number": left,
                "unit": extra.unit or "",
            }
            yield Reason("out_of_stock", params)


def _lent(
    cursor: Any,
    halls: Sequence[int],
    keys: Collection[str],
    some: Sequence[Assessed],
    now: datetime,
    besides: Collection[int],
) -> dict[_Key, list[Lent]]:
    cursor.execute(
        _LENT,
        {
            "halls": list(halls),
            "keys": sorted(keys),
            "now": now,
            "since": min(one.starts_at for one in some),
            "until": max(one.ends_at for one in some),
            "besides": list(besides),
        },
    )
    found: dict[_Key, list[Lent]] = {}
    for hall, starts_at, ends_at, extras in cursor.fetchall():
        for key, number in orjson.loads(extras).items():
            found.setdefault((hall, key), []).append(Lent(starts_at, ends_at, number))
    return found
