"""The line for a released time: who comes when, and what is to be done next. Pure: no clock, no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

_MINUTE = timedelta(minutes=1)


def drawn(wait_ids: Sequence[int], *, order: str, seed: str) -> list[int]:
    """Return the waits in the order of their offers.

    ``first``: who asked first. ``random``: by the SHA-256 of seed and number, so that anybody who is told the seed
    can draw again and finds the same; who asked when, and how often, changes nothing.
    """
    if order == "first":
        return sorted(wait_ids)
    return sorted(wait_ids, key=lambda one: (sha256(f"{seed}:{one}".encode()).digest(), one))


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place in the line. ``expires_at`` is that of an open offer."""

    rank: int
    state: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next with a release.

    ``offer`` to ``rank`` until ``until``; let the offer of ``rank`` ``expire``; ``rest`` until ``until``; ``free``.
    """

    kind: Literal["offer", "expire", "rest", "free"]
    rank: int = 0
    until: datetime | None = None


FREE = Step("free")


def next_step(places: Sequence[Place], *, free_at: datetime, accept_minutes: int, now: datetime) -> Step:
    """Return what is to be done next at ``now``.

    At most one offer is open. Nobody is offered the time with less than ``accept_minutes`` to answer: an offer that
    would reach past ``free_at``, which everybody was told, is not made.
    """
    for place in places:
        if place.state == "open" and place.expires_at is not None:
            ends = min(place.expires_at, free_at)
            return Step("expire", place.rank) if ends <= now else Step("rest", until=ends)
    if now >= free_at:
        return FREE
    waiting = [place.rank for place in places if place.state == "queued"]
    until = now + timedelta(minutes=accept_minutes)
    if waiting and until <= free_at:
        return Step("offer", min(waiting), min(whole_minute(until), free_at))
    return Step("rest", until=free_at)


def whole_minute(instant: datetime) -> datetime:
    """Return the instant, or the next whole minute after it: what people are told has no seconds."""
    floor = instant.replace(second=0, microsecond=0)
    return floor if floor == instant else floor + _MINUTE
