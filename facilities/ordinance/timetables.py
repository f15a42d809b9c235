"""The pieces in which time is rented: slots, combinations of slots, or hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from facilities.ordinance.answers import DaySlots, OpenDay, Slot
from facilities.ordinance.calendar_clauses import HourTime, SlotTime, TimeToRent
from facilities.ordinance.calendars import say_spans
from facilities.ordinance.holidays import DayBook
from facilities.ordinance.reasons import Reason, reason_of
from facilities.ordinance.values import write_span


def day_slots(time: TimeToRent, book: DayBook, day: date, open_day: OpenDay) -> DaySlots:
    """The pieces of a day that lie wholly within one open period."""
    if time.hours:
        hours = time.hours
        return _cells(hours.step, hours.minimum or hours.step, hours.maximum, open_day.periods)
    fitting = tuple(
        as_slot(slot)
        for slot in slots_of_day(time, book, day)
        if any(starts <= slot.time[0] and slot.time[1] <= ends for starts, ends in open_day.periods)
    )
    return DaySlots("slots", fitting)


def slots_of_day(time: TimeToRent, book: DayBook, day: date) -> tuple[SlotTime, ...]:
    """The slots the document has for a day, open or not."""
    today = [slot for slot in time.slots if not slot.days or book.means(slot.days, day)]
    keys = {slot.key for slot in today}
    return tuple(slot for slot in today if keys.issuperset(slot.combines))


def as_slot(slot: SlotTime) -> Slot:
    """The answer for a slot of the document."""
    return _slot(slot.key, slot.name, slot.name_en or slot.name, *slot.time, slot.combines)


_slot = lru_cache(maxsize=4096)(Slot)
"""The same slot on many days is one object."""


@lru_cache(maxsize=1024)
def _cells(step: int, minimum: int, maximum: int | None, periods: tuple[tuple[int, int], ...]) -> DaySlots:
    cells = []
    for opens, closes in periods:
        for starts in range(opens, closes - step + 1, step):
            text = write_span((starts, starts + step))
            cells.append(Slot(text, text, text, starts, starts + step))
    return DaySlots("hours", tuple(cells), step, minimum, maximum)


def cover(slots: Sequence[SlotTime], starts: int, ends: int) -> tuple[SlotTime, ...]:
    """The slots that make up a time exactly, a combination counting as one; fewest pieces first.

    Consecutive slots belong together also over the pause between them. Empty when the time is not
    made of slots.
    """
    single = sorted((slot for slot in slots if not slot.combines), key=lambda slot: slot.time)
    first = next((index for index, slot in enumerate(single) if slot.time[0] == starts), None)
    last = next((index for index, slot in enumerate(single) if slot.time[1] == ends), None)
    if first is None or last is None or last < first:
        return ()
    wanted = single[first : last + 1]
    best: list[tuple[SlotTime, ...] | None] = [()] + [None] * len(wanted)
    for end in range(1, len(wanted) + 1):
        best[end] = (*(best[end - 1] or ()), wanted[end - 1])
        for combination in (slot for slot in slots if slot.combines):
            begin = end - len(combination.combines)
            keys = tuple(slot.key for slot in wanted[max(begin, 0) : end])
            before = best[begin] if begin >= 0 else None
            if before is not None and keys == combination.combines and len(before) + 1 < len(best[end] or ()):
                best[end] = (*before, combination)
    return best[-1] or ()


def count_slots(pieces: Sequence[SlotTime]) -> int:
    """How many single slots the pieces of a time are."""
    return sum(len(piece.combines) or 1 for piece in pieces)


def refuse_time(
    time: TimeToRent,
    day_answer: DaySlots,
    open_day: OpenDay,
    pieces: Sequence[SlotTime],
    starts: int,
    ends: int,
) -> Reason | None:
    """Why a time cannot be rented on an open day, or None. `pieces` are the slots that cover it."""
    if time.hours:
        return _refuse_hours(time.hours, open_day, starts, ends)
    offered = {slot.key for slot in day_answer.slots}
    inside = any(opens <= starts and ends <= closes for opens, closes in open_day.periods)
    if pieces and inside and all(piece.key in offered for piece in pieces):
        return None
    names = "、".join(f"{slot.name_ja} {write_span((slot.starts, slot.ends))}" for slot in day_answer.slots)
    return reason_of("not_a_slot", time.slots[0], slots=names or "—")


def _refuse_hours(hours: HourTime, open_day: OpenDay, starts: int, ends: int) -> Reason | None:
    period = next((one for one in open_day.periods if one[0] <= starts < ends <= one[1]), None)
    length = ends - starts
    if period is None:
        text = say_spans(open_day.periods)
        return Reason(
            "outside_hours", {"hours": text}, open_day.reasons[0].article, open_day.reasons[0].assumed
        )
    if length < (hours.minimum or hours.step):
        return reason_of("too_short", hours, minutes=hours.minimum or hours.step)
    if hours.maximum is not None and length > hours.maximum:
        return reason_of("too_long", hours, minutes=hours.maximum)
    if (starts - period[0]) % hours.step or length % hours.step:
        return reason_of("not_on_step", hours, step=hours.step)
    return None
