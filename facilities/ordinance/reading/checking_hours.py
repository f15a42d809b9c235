"""Whether what is lent can be had at all: its time lies within the opening hours of some day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from facilities.ordinance.document.calendar_clauses import Calendar, SlotTime
from facilities.ordinance.document.ordinance import Ordinance
from facilities.ordinance.document.values import DAY_MINUTES, write_span
from facilities.ordinance.reading.mistakes import Mistake

Spans = Sequence[tuple[int, int]]


def check_hours(document: Ordinance) -> Iterator[Mistake]:
    """Slots that fit into no day of a calendar by which they are lent; each once, at the first such room."""
    seen: set[tuple[str, str]] = set()
    for place, facility in enumerate(document.facilities):
        for number, room in enumerate(facility.rooms):
            names = room.time or facility.time or "", room.calendar or facility.calendar
            time, calendar = document.times.get(names[0]), document.calendars.get(names[1])
            if time is None or calendar is None or names in seen:
                continue
            seen.add(names)
            for slot in time.slots:
                if not _reach(_spans(calendar), slot):
                    yield ("facilities", place, "rooms", number), *_say(slot, *names)


def _say(slot: SlotTime, time: str, calendar: str) -> tuple[str, str]:
    span = write_span(slot.time)
    return (
        f"区分「{slot.name}」({span}) は、どの日の開館時間にも入らず、借りられません。"
        f"区分の時刻 (times の {time}) か開館時間 (calendars の {calendar}) を直すか、部屋に time を書いてください。",
        f"The slot “{slot.key}” ({span}) lies within the opening hours of no day. Change times.{time} or "
        f"calendars.{calendar}, or give the room a time of its own.",
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
