"""What the rules in effect say about waiting for a room's times, and which rooms are of a kind.

The day of use decides which version of the rules answers. Every function raises NoRulesYet when none is in effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from facilities import ordinance
from facilities.ordinance import Waiting
from facilities.ordinance.telling.waiting import say_terms
from facilities.periods import local
from facilities.queries import RoomFacts
from facilities.rules import rules_of


def waiting_terms(room: RoomFacts, day: date) -> Waiting:
    """Return what holds for waiting for a room's times on a day of use."""
    return ordinance.waiting_terms(room.rules_on(day), facility=room.facility_key, room=room.key)


def waiting_words(room: RoomFacts, day: date, language: str) -> str:
    """Return these terms in plain words, as residents read them."""
    words = say_terms(waiting_terms(room, day))
    return words.ja if language == "ja" else words.en


def free_again(room: RoomFacts, *, cancelled_at: datetime, starts_at: datetime) -> datetime | None:
    """Return when a time is free that is cancelled while others wait for it; None: at once, there is no time left."""
    day, _ = local(starts_at, room.zone)
    terms = waiting_terms(room, day)
    return ordinance.free_again(terms, cancelled_at=cancelled_at, starts_at=starts_at, zone=room.zone)


def alike(room: RoomFacts, rooms: Sequence[RoomFacts], day: date) -> list[RoomFacts]:
    """Return those of ``rooms`` that are of one kind with ``room`` on a day: of the same hall, lent at the same times,
    applied for in the same way and at the same price. The room itself is among them where it is in ``rooms``."""
    kind = _kind(room, day)
    return [other for other in rooms if other.facility_id == room.facility_id and _kind(other, day) == kind]


def _kind(room: RoomFacts, day: date) -> object:
    hall = rules_of(room.version_on(day)).facilities.get(room.facility_key)
    found = hall.rooms.get(room.key) if hall else None
    return room.key if found is None else (found.time, found.application, found.fee)
