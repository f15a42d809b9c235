"""Which part of the time somebody waits for can be rented: whole slots, or hours in steps. Pure."""

from __future__ import annotations

from booking.availability import Spans, is_free
from facilities.ordinance import DaySlots

# So many are asked of the rules, longest first.
MOST_PARTS = 12


def parts_that_fit(
    times: DaySlots, *, wanted: tuple[int, int], busy: Spans, turnaround: int
) -> list[tuple[int, int]]:
    """Return the times that can be rented inside ``wanted`` beside what is ``busy`` (merged): longest, then earliest.

    Minutes of the day. A time is a slot, several slots one after the other, or hours from the shortest to the longest
    use; the room's pause after it (``turnaround``) must be free as well. At most ``MOST_PARTS``.
    """
    found = {(slot.starts, slot.ends) for slot in (*times.slots, *times.named) if slot.combines}
    found |= _runs([(slot.starts, slot.ends) for slot in times.named if not slot.combines], touching=False)
    cells = [(slot.starts, slot.ends) for slot in times.slots if not slot.combines]
    if times.kind == "slots":
        found |= _runs(cells, touching=False)
    else:
        longest = times.maximum or max((ends for _, ends in cells), default=0)
        found |= {
            (starts, ends)
            for starts, ends in _runs(cells, touching=True)
            if (times.minimum or 0) <= ends - starts <= longest
        }
    fitting = [
        (starts, ends)
        for starts, ends in found
        if wanted[0] <= starts and ends <= wanted[1] and is_free(busy, starts, ends + turnaround)
    ]
    return sorted(fitting, key=lambda span: (span[0] - span[1], span[0]))[:MOST_PARTS]


def _runs(pieces: list[tuple[int, int]], *, touching: bool) -> set[tuple[int, int]]:
    """Every time made of consecutive pieces; hours have to touch, slots may have a pause between them."""
    pieces = sorted(pieces)
    runs = set()
    for first, (starts, ends) in enumerate(pieces):
        runs.add((starts, ends))
        for begins, closes in pieces[first + 1 :]:
            if begins < ends or (touching and begins != ends):
                break
            ends = closes
            runs.add((starts, ends))
    return runs
