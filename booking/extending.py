"""Times made longer before and after (繰上げ・延長), where the rules of a room know that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from booking.availability import Spans, is_free, read_busy
from booking.calendar import RoomDay
from facilities.ordinance import NoPrice, Quote
from facilities.ordinance.document.calendar_clauses import Extension
from facilities.periods import epoch_minutes
from facilities.queries import RoomFacts
from facilities.room_rules import Asker, decide, extensions_on, price

MOST_STEPS = 4


@dataclass(frozen=True, slots=True)
class Extended:
    """A time with what lengthens it: ``starts`` to ``ends`` (minutes of the day) is all of it, both parts included."""

    starts: int
    ends: int
    early_minutes: int
    extension_minutes: int
    quote: Quote | None

    @property
    def price_yen(self) -> int | None:
        """The price of the whole time, in yen, as far as it is known."""
        return self.quote.total_yen if self.quote else None


def extended_times(
    room_day: RoomDay, times: Iterable[tuple[int, int]], *, asker: Asker, besides: int | None = None
) -> Mapping[tuple[int, int], tuple[Extended, ...]]:
    """Return for each of the free ``times`` how it can be made longer now, the shortest first.

    Nothing is read where the rules of the room know no lengthening. At most MOST_STEPS steps to each side.
    ``besides``: the reservation that is about to be changed; its own time counts as free.
    """
    room = room_day.room
    rules = extensions_on(room, room_day.day)
    if not rules:
        return {}
    busy = read_busy(rooms=[room], first=room_day.day, days=1, now=asker.now, besides=besides).of(room)
    pairs = _pairs(rules)
    found = {time: tuple(_longer(room_day, busy, time, pairs, asker)) for time in times}
    return {time: longer for time, longer in found.items() if longer}


def longer_by(room: RoomFacts, day: date) -> tuple[list[int], list[int]]:
    """Return by how many minutes a use of the room can be made longer before and after, shortest first."""
    before, after = _sides(extensions_on(room, day))
    return sorted(before), sorted(after)


def _sides(rules: Sequence[Extension]) -> tuple[set[int], set[int]]:
    before = {minutes for rule in rules if rule.before for minutes in _steps(rule)}
    after = {minutes for rule in rules if rule.after for minutes in _steps(rule)}
    return before, after


def _pairs(rules: Sequence[Extension]) -> list[tuple[int, int]]:
    """Minutes before and after, fewest first."""
    before, after = ({0} | side for side in _sides(rules))
    pairs = {(early, later) for early in before for later in after} - {(0, 0)}
    return sorted(pairs, key=lambda pair: (sum(pair), pair))


def _steps(rule: Extension) -> range:
    furthest = min(rule.maximum or rule.step * MOST_STEPS, rule.step * MOST_STEPS)
    return range(rule.step, furthest + 1, rule.step)


def _longer(
    room_day: RoomDay, busy: Spans, time: tuple[int, int], pairs: list[tuple[int, int]], asker: Asker
) -> Iterator[Extended]:
    room, day = room_day.room, room_day.day
    for early, later in pairs:
        starts, ends = time[0] - early, time[1] + later
        if starts < 0:
            continue
        said = replace(asker.details, early_minutes=early, extension_minutes=later)
        longer = replace(asker, details=said)
        until = epoch_minutes(day, ends, room.zone) + room.turnaround_minutes
        if not is_free(busy, epoch_minutes(day, starts, room.zone), until):
            continue
        if not decide(room, day, starts, ends, longer).allowed:
            continue
        try:
            quote = price(room, day, starts, ends, longer)
        except NoPrice:
            continue
        yield Extended(starts, ends, early, later, quote)
