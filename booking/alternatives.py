"""What could be had instead of a time that cannot: another time, another room of the hall, another hall.

One query for the claims of all candidates; the rules are asked only about those that are free.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Literal

from django.db import connection

from booking.applications import assess
from booking.claiming import look_at
from booking.parties import Party
from booking.standing import classes_of
from booking.wishes import Foreseen, Wish
from facilities.asking import fitting_details
from facilities.details import Details
from facilities.errors import NoRulesYet
from facilities.queries import RoomFacts, open_rooms
from facilities.room_rules import Asker, open_on, times_on
from tenants.errors import Refusal

MOST_CANDIDATES = 6
# How many of each kind are offered for one wish.
MOST_OF_A_KIND = {"time": 2, "room": 2, "hall": 1}
# What speaks against the applicant or the day of applying: no other room helps.
_NO_HELP = {
    "window_closed", "already_started", "not_received_now", "not_yet_open", "limit", "class_not_accepted",
    "case_not_accepted", "channel_not_accepted", "prohibited", "out_of_stock",
}  # fmt: skip

Kind = Literal["time", "room", "hall"]


@dataclass(frozen=True, slots=True)
class Alternative:
    """A room and time that is free, could be had by the rules, and what it costs in yen (None: not known yet)."""

    kind: Kind
    wish: Wish
    price_yen: int | None

    @property
    def key(self) -> str:
        """How forms name it: ``12-2027-04-06-540-720``."""
        wish = self.wish
        return f"{wish.room.id}-{wish.day.isoformat()}-{wish.starts}-{wish.ends}"


@dataclass(frozen=True, slots=True)
class _Candidate:
    kind: Kind
    wish: Wish


def alternatives_to(
    foreseen: Sequence[Foreseen], *, party: Party, channel: str, now: datetime, complete: bool = True
) -> list[tuple[Alternative, ...]]:
    """Return for each wish what could be had instead on the same day: nothing for those that are not refused.

    None of it overlaps another of the wishes; two wishes may be offered the same. Limits are told when it is taken.
    ``complete`` as in ``booking.applications.assess``.
    """
    problems = [place for place, one in enumerate(foreseen) if _helps(one)]
    if not problems:
        return [()] * len(foreseen)
    class_of, rooms = classes_of(party), open_rooms()
    own = _spans_of(foreseen)
    candidates = {
        place: [one for one in _candidates(foreseen[place].wish, rooms) if not _overlaps(one.wish, own)]
        for place in problems
    }
    free = _free(candidates, now)

    def chosen(place: int) -> Iterator[Alternative]:
        left = dict(MOST_OF_A_KIND)
        for one in free[place]:
            if left[one.kind] and (found := _as_alternative(one, class_of, channel, now, complete)):
                left[one.kind] -= 1
                yield found

    return [tuple(chosen(place)) if place in free else () for place in range(len(foreseen))]


def _helps(one: Foreseen) -> bool:
    """Whether something else could be had where this cannot."""
    if one.state != "refused" or one.refusal is None:
        return False
    reasons = one.refusal.facts.get("reasons") or ()
    return one.refusal.code == "slot_taken" or (
        bool(reasons) and not any(reason.code in _NO_HELP for reason in reasons)
    )


def _candidates(wish: Wish, rooms: Sequence[RoomFacts]) -> Iterator[_Candidate]:
    """What might do instead, best first."""
    plain = _plain(wish)
    for starts, ends in islice(_other_times(plain), MOST_CANDIDATES):
        yield _Candidate("time", replace(plain, starts=starts, ends=ends))
    fitting = sorted((room for room in rooms if _fits(room, wish)), key=lambda room: _unlike(room, wish))
    here = [room for room in fitting if room.facility_id == wish.room.facility_id]
    elsewhere = [room for room in fitting if room.facility_id != wish.room.facility_id]
    for room in here[:MOST_CANDIDATES]:
        yield _Candidate("room", replace(wish, room=room))
    for room in elsewhere[:MOST_CANDIDATES]:
        yield _Candidate("hall", replace(wish, room=room))


def _plain(wish: Wish) -> Wish:
    """The wish without what lengthens it: another slot is taken as it is."""
    said = wish.details
    return Wish(
        wish.room,
        wish.day,
        wish.starts + said.early_minutes,
        wish.ends - said.extension_minutes,
        replace(said, early_minutes=0, extension_minutes=0),
    )


def _other_times(wish: Wish) -> Iterator[tuple[int, int]]:
    """Other times of the room on the day: as long as the wish where it is lent by the hour; the nearest first."""
    if _is_closed(wish.room, wish.day):
        return
    times, length = times_on(wish.room, wish.day), wish.ends - wish.starts
    found = [(one.starts, one.ends) for one in (*times.slots, *times.named) if times.kind == "slots"]
    found += [(one.starts, one.ends) for one in times.named]
    if times.kind == "hours":
        found += [(one.starts, one.starts + length) for one in times.slots]
    wished = (wish.starts, wish.ends)
    different = {time for time in found if time != wished}
    yield from sorted(
        different,
        key=lambda time: (abs(time[1] - time[0] - length), abs(time[0] - wish.starts), time),
    )


def _fits(room: RoomFacts, wish: Wish) -> bool:
    """Whether another room is open and large enough."""
    if room.id == wish.room.id or not room.space_ids or set(room.space_ids) & set(wish.room.space_ids):
        return False
    people = wish.details.headcount
    large = people is None or room.capacity is None or room.capacity >= people
    return large and not _is_closed(room, wish.day)


def _is_closed(room: RoomFacts, day: date) -> bool:
    try:
        return open_on(room, day).closed is not None
    except NoRulesYet:
        return True


def _unlike(room: RoomFacts, wish: Wish) -> tuple[bool, int, int]:
    """How unlike the wished room another one is: by how many people it takes."""
    if room.capacity is None or wish.room.capacity is None:
        return (True, 0, room.id)
    return (False, abs(room.capacity - wish.room.capacity), room.id)


_Spans = Mapping[tuple[date, int], list[tuple[int, int]]]


def _spans_of(foreseen: Iterable[Foreseen]) -> _Spans:
    """The times the other wishes need, by day and space."""
    spans: dict[tuple[date, int], list[tuple[int, int]]] = defaultdict(list)
    for one in foreseen:
        if one.state != "refused":
            for space in one.wish.room.space_ids:
                spans[one.wish.day, space].append((one.wish.starts, _needed_until(one.wish)))
    return spans


def _needed_until(wish: Wish) -> int:
    return wish.ends + wish.room.turnaround_minutes


def _overlaps(wish: Wish, own: _Spans) -> bool:
    return any(
        starts < _needed_until(wish) and wish.starts < ends
        for space in wish.room.space_ids
        for starts, ends in own.get((wish.day, space), ())
    )


def _free(candidates: Mapping[int, Sequence[_Candidate]], now: datetime) -> dict[int, list[_Candidate]]:
    """Those nobody has: one query for all."""
    flat = [(place, one) for place, found in candidates.items() for one in found]
    looks = [
        (index, one.wish.room.space_ids, one.wish.starts_at, one.wish.room.occupied_until(one.wish.ends_at))
        for index, (_, one) in enumerate(flat)
    ]
    with connection.cursor() as cursor:
        seen = look_at(cursor, looks, now)
    free: dict[int, list[_Candidate]] = {place: [] for place in candidates}
    for index, (place, one) in enumerate(flat):
        if not seen[index][0]:
            free[place].append(one)
    return free


def _as_alternative(
    one: _Candidate, class_of: Callable[[RoomFacts, date], str], channel: str, now: datetime, complete: bool
) -> Alternative | None:
    """The candidate with its price, if the rules allow it."""
    wish = one.wish
    try:
        own_class = class_of(wish.room, wish.day)
        said = fitting_details(wish.room, wish.day, wish.details, own_class=own_class)
        assessed = assess(
            room=wish.room,
            starts_at=wish.starts_at,
            ends_at=wish.ends_at,
            asker=Asker(own_class, channel, now, said),
            complete=complete,
        )
    except Refusal:
        return None
    price = assessed.quote.total_yen if assessed.quote else None
    return Alternative(one.kind, replace(wish, details=said), price)


def instead_of(key: str, wish: Wish, rooms: Mapping[int, RoomFacts], *, own_class: str) -> Wish | None:
    """Return the wish an alternative's key stands for, for somebody who wished ``wish``; None for nonsense."""
    parts = key.split("-")
    if len(parts) != 6 or not all(part.isdecimal() and len(part) < 10 for part in parts):
        return None
    room = rooms.get(int(parts[0]))
    try:
        day = date.fromisoformat("-".join(parts[1:4]))
    except ValueError:
        return None
    starts, ends = int(parts[4]), int(parts[5])
    if room is None or not 0 <= starts < ends <= 4320:
        return None
    said = _said_for(wish, starts, ends)
    return Wish(room, day, starts, ends, fitting_details(room, day, said, own_class=own_class))


def _said_for(wish: Wish, starts: int, ends: int) -> Details:
    """What was said, without a lengthening where the time is another one."""
    same = (starts, ends) == (wish.starts, wish.ends)
    return wish.details if same else replace(wish.details, early_minutes=0, extension_minutes=0)
