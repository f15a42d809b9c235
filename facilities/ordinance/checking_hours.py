"""Whether what is lent can be had at all: its time lies within the opening hours of some day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from facilities.ordinance.calendar_clauses import Calendar, SlotTime
from facilities.ordinance.document import Ordinance
from facilities.ordinance.mistakes import Mistake
from facilities.ordinance.values import DAY_MINUTES, write_span

Spans = Sequence[tuple[int, int]]


def check_hours(document: Ordinance) -> Iterator[Mistake]:
    """Slots that fit into no day of any room they are lent in."""
    used: dict[str, list[Calendar]] = {}
    for facility in document.facilities:
        for room in facility.rooms:
            calendar = document.calendars.get(room.calendar or facility.calendar)
            if calendar:
                used.setdefault(room.time or facility.time or "", []).append(calendar)
    for name, time in document.times.items():
        open_hours = [_spans(calendar) for calendar in used.get(name, ())]
        for index, slot in enumerate(time.slots):
            if open_hours and not any(_reach(spans, slot) for spans in open_hours):
                yield (
                    ("times", name, "slots", index, "time"),
                    f"区分「{slot.name}」({write_span(slot.time)}) は、どの日の開館時間にも入りません。"
                    "区分の時刻か、calendars の hours を直してください。",
                    f"The slot “{slot.key}” ({write_span(slot.time)}) lies within the opening hours of no day.",
                )


def _spans(calendar: Calendar) -> Spans:
    exceptions = (span for one in calendar.hours.exceptions for span in one.open)
    return (*calendar.hours.usual, *exceptions)


def _reach(spans: Spans, slot: SlotTime) -> bool:
    """Whether some opening time, joined over midnight with those of the days after, holds the slot."""
    starts, ends = slot.time
    until = max((end for begin, end in spans if begin <= starts < end), default=0)
    for day in range(1, (ends - 1) // DAY_MINUTES + 1):
        offset = day * DAY_MINUTES
        if until >= offset:
            until = max([until, *(end + offset for begin, end in spans if begin + offset <= until)])
    return until >= ends
