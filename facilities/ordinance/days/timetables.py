"""The pieces in which time is rented: slots, combinations of slots, or hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from facilities.ordinance.answers import DaySlots, OpenDay, Slot
from facilities.ordinance.days.calendars import say_spans
from facilities.ordinance.document.calendar_clauses import HourTime, RunTime, SlotTime, TimeToRent
from facilities.ordinance.document.clauses import AnyDays, Conditional
from facilities.ordinance.document.values import write_span
from facilities.ordinance.facts import Facts
from facilities.ordinance.holidays import DayBook
from facilities.ordinance.reasons import Reason, reason_of


def day_slots(
    time: TimeToRent, book: DayBook, day: date, open_day: OpenDay, facts: Facts | None = None
) -> DaySlots:
    """The pieces of a day that lie wholly within one open period.

    Without `facts` everything that somebody may rent that day.
    """
    named = tuple(
        as_slot(slot)
        for slot in slots_of_day(time, book, day, facts)
        if any(starts <= slot.time[0] and slot.time[1] <= ends for starts, ends in open_day.periods)
    )
    hours = hours_of_day(time, book, day, facts)
    if not hours:
        return DaySlots("slots", named)
    longest = [one.maximum for one in hours]
    periods = tuple((one, _inside(open_day.periods, one.time)) for one in hours)
    cells = _cells(
        tuple((one.step, spans) for one, spans in periods),
        min(one.minimum or one.step for one in hours),
        None if None in longest else max(one or 0 for one in longest),
    )
    return replace(cells, named=named) if named else cells


def slots_of_day(
    time: TimeToRent, book: DayBook, day: date, facts: Facts | None = None
) -> tuple[SlotTime, ...]:
    """The slots the document has for a day, open or not; of the same key the first that fits.

    Without `facts` those of every case.
    """
    today: dict[str, SlotTime] = {}
    for slot in time.slots:
        if slot.key not in today and _holds(slot, slot.days, book, day, facts):
            today[slot.key] = slot
    return tuple(slot for slot in today.values() if today.keys() >= set(slot.combines))


def hours_of_day(
    time: TimeToRent, book: DayBook, day: date, facts: Facts | None = None
) -> tuple[HourTime, ...]:
    """The ways in which hours are lent on a day: the first that fits, and others for other hours.

    Without `facts` those of every case.
    """
    found: list[HourTime] = []
    for one in time.hours:
        if not any(one.time == other.time for other in found if not _asks(other, facts)) and _holds(
            one, one.days, book, day, facts
        ):
            found.append(one)
            if not one.time and not _asks(one, facts):
                break
    return tuple(found)


def hours_for(
    time: TimeToRent, book: DayBook, day: date, facts: Facts | None, span: tuple[int, int]
) -> HourTime | None:
    """The way in which hours are lent for a use, or None where they are not."""
    rules = hours_of_day(time, book, day, facts)
    return next((one for one in rules if _inside((span,), one.time) == (span,)), None)


def _asks(rule: Conditional, facts: Facts | None) -> bool:
    """Whether it is open if the rule holds, for want of facts."""
    return facts is None and bool(rule.when or rule.unless)


def _holds(rule: Conditional, days: AnyDays, book: DayBook, day: date, facts: Facts | None) -> bool:
    return (not days or book.means(days, day)) and (facts is None or facts.meets(rule))


def _inside(
    periods: tuple[tuple[int, int], ...], spans: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, int], ...]:
    """The part of the periods that lies in the spans (none written: all of it)."""
    if not spans:
        return periods
    cut = ((max(a, c), min(b, d)) for a, b in periods for c, d in spans)
    return tuple((starts, ends) for starts, ends in cut if starts < ends)


def as_slot(slot: SlotTime) -> Slot:
    """The answer for a slot of the document."""
    return _slot(slot.key, slot.name, slot.name_en or slot.name, *slot.time, slot.combines)


_slot = lru_cache(maxsize=4096)(Slot)
"""The same slot on many days is one object."""


@lru_cache(maxsize=1024)
def _cells(
    grids: tuple[tuple[int, tuple[tuple[int, int], ...]], ...], minimum: int, maximum: int | None
) -> DaySlots:
    cells: dict[tuple[int, int], Slot] = {}
    step = min(one for one, _ in grids)
    for own, periods in grids:
        for opens, closes in periods:
            for starts in range(opens, closes - own + 1, own):
                taken = any(starts < end and begin < starts + own for begin, end in cells)
                if not taken:
                    text = write_span((starts, starts + own))
                    cells[starts, starts + own] = Slot(text, text, text, starts, starts + own)
    return DaySlots("hours", tuple(cells[span] for span in sorted(cells)), step, minimum, maximum)


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


def slot_keys(pieces: Sequence[SlotTime]) -> tuple[str, ...]:
    """The keys of the pieces of a time, and of the slots they combine."""
    return tuple(key for piece in pieces for key in piece.keys)


def refuse_time(
    time: TimeToRent, book: DayBook, open_day: OpenDay, facts: Facts, pieces: Sequence[SlotTime]
) -> Reason | None:
    """Why the time of `facts` (its day and span) cannot be rented on an open day, or None.

    `pieces` are the slots that make it up.
    """
    day, span = facts.day or date.min, facts.span or (0, 0)
    if pieces and any(opens <= span[0] and span[1] <= closes for opens, closes in open_day.periods):
        return None
    hours = hours_of_day(time, book, day, facts)
    if hours:
        found = hours_for(time, book, day, facts, span) or hours[0]
        return _refuse_hours(found, open_day, *span)
    offered = day_slots(time, book, day, open_day, facts).slots
    names = "、".join(f"{slot.name_ja} {write_span((slot.starts, slot.ends))}" for slot in offered)
    if not time.slots:
        return Reason("not_lent", {})
    return reason_of("not_a_slot", time.slots[0], slots=names or "—")


def _refuse_hours(hours: HourTime, open_day: OpenDay, starts: int, ends: int) -> Reason | None:
    periods = _inside(open_day.periods, hours.time)
    period = next((one for one in periods if one[0] <= starts < ends <= one[1]), None)
    length = ends - starts
    if period is None:
        if periods != open_day.periods:
            return reason_of("outside_lent", hours, hours=say_spans(periods) or "—")
        text = say_spans(open_day.periods)
        return Reason(
            "outside_hours", {"hours": text}, open_day.reasons[0].article, open_day.reasons[0].assumed
        )
    if length < (hours.minimum or hours.step):
        return reason_of("too_short", hours, minutes=hours.minimum or hours.step)
    if hours.maximum is not None and length > hours.maximum:
        return reason_of("too_long", hours, minutes=hours.maximum)
    begins, step = (period[0] if hours.counted_from == "opening" else 0), hours.start_step or hours.step
    if (starts - begins) % step:
        code = "not_on_step" if hours.counted_from == "opening" else "not_on_the_clock"
        return reason_of(code, hours, step=step)
    if length % hours.step:
        code = "not_on_step" if step == hours.step else "not_so_long"
        return reason_of(code, hours, step=hours.step)
    return None


def refuse_run(run: RunTime, book: DayBook, first: date, days: int) -> Reason | None:
    """Why a run of so many consecutive days from `first` on cannot be rented, or None."""
    if days < (run.minimum or 1):
        return reason_of("run_too_short", run, days=run.minimum or 1)
    if run.maximum is not None and days > run.maximum:
        return reason_of("run_too_long", run, days=run.maximum)
    if days % run.step:
        return reason_of("run_step", run, days=run.step)
    if run.starts and not book.means(run.starts, first):
        return reason_of("run_starts", run)
    if run.ends and not book.means(run.ends, first + timedelta(days=days - 1)):
        return reason_of("run_ends", run)
    return None
