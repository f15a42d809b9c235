"""What the booking rows ask for: times nobody has yet, each asked for once, in an order that looks like a crowd."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count, islice
from uuid import UUID

import orjson

from bench.load import request
from bench.stage import TOWN_HOST, Stage
from bench.town import HALLS, SignedIn

# Rooms of one space only, so that no wish meets another; days after those that are filled.
_FIRST_ROOM, _LAST_ROOM = 2, 28
_FIRST_DAY, _LAST_DAY = 31, 85


@dataclass(frozen=True)
class Wish:
    """One hour of one room (its id and its only space), as text with the town's offset."""

    room: int
    space: int
    starts_at: str
    ends_at: str


class Wishes:
    """Hands out each wish once, also over several runs on the same database."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._all = _all_wishes(stage)
        self._note = stage.data / "wishes-used"
        self.used = int(self._note.read_text()) if self._note.exists() else 0

    def ahead(self) -> Iterator[Wish]:
        """Yield the wishes not used so far. Report with ``use`` how many were taken."""
        return islice(self._all, self.used, None)

    def use(self, many: int) -> None:
        """Note that this many of ``ahead`` were sent."""
        self.used += many
        self._note.write_text(str(self.used))
        if self.used > len(self._all) - 5000:
            raise RuntimeError("No free time is left to book: start with a fresh --data folder.")


def _all_wishes(stage: Stage) -> list[Wish]:
    world = orjson.loads(stage.world.read_bytes())
    days = [stage.first_day + timedelta(days=offset) for offset in range(_FIRST_DAY, _LAST_DAY)]
    wishes = [
        Wish(room, spaces[0], f"{day}T{hour:02}:00:00+09:00", f"{day}T{hour + 1:02}:00:00+09:00")
        for number in range(1, HALLS + 1)
        for room, spaces in world["rooms"][f"hall-{number}"][_FIRST_ROOM : _LAST_ROOM + 1]
        for day in days
        if world["open"][day.isoformat()]
        for hour in range(9, 21)
    ]
    random.Random(3).shuffle(wishes)
    return wishes


def booking_request(wish: Wish, who: SignedIn, number: int, *, chance: random.Random) -> bytes:
    """Return a booking as a signed-in browser sends it."""
    body = {
        "room": wish.room,
        "starts_at": wish.starts_at,
        "ends_at": wish.ends_at,
        "purpose": f"会議 {number}",
        "headcount": 12,
    }
    headers = {
        "Cookie": who.cookie,
        "X-CSRFToken": who.csrf,
        "Origin": f"https://{TOWN_HOST}",
        "Idempotency-Key": str(UUID(int=chance.getrandbits(128), version=4)),
    }
    return request("POST", "/api/v1/reservations", host=TOWN_HOST, headers=headers, body=orjson.dumps(body))


def product_requests(stage: Stage, wishes: Wishes) -> Iterator[bytes]:
    """Yield bookings for the product, by the town's residents in turn."""
    chance = random.SystemRandom()
    for number, wish in zip(count(), wishes.ahead(), strict=False):
        who = stage.residents[number % len(stage.residents)]
        yield booking_request(wish, who, number, chance=chance)


def bare_requests(wishes: Wishes) -> Iterator[bytes]:
    """Yield the same bookings for the bare reference."""
    for number, wish in zip(count(), wishes.ahead(), strict=False):
        body = {
            "room": wish.space,
            "starts_at": wish.starts_at,
            "ends_at": wish.ends_at,
            "purpose": f"会議 {number}",
        }
        yield request("POST", "/", host="bare", body=orjson.dumps(body))
