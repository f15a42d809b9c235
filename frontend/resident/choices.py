"""Times as pages offer and read them: ``13:00-17:00`` in an address or a form, minutes inside."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from booking.calendar import RoomDay, SlotState
from facilities.ordinance.document.values import LATEST

_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_LONGER = re.compile(r"(?:(?P<early>[0-9]{1,3})\+)?(?P<time>[^+]*)(?:\+(?P<later>[0-9]{1,3}))?")
_HALVES = ((0, 720, "morning"), (720, 1020, "afternoon"), (1020, LATEST + 1, "evening"))


@dataclass(frozen=True, slots=True)
class StartGroup:
    """The hours of one part of the day (morning, afternoon, evening) at which a booking may begin."""

    part: str
    slots: tuple[SlotState, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A room's time in the table of a day."""

    slot: SlotState
    time: str


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room in the list of a day: its cells (rooms by slot) or its free spans in minutes (rooms by the hour)."""

    day: RoomDay
    cells: tuple[Cell, ...]
    spans: tuple[tuple[int, int], ...]

    @property
    def is_free(self) -> bool:
        """Whether anything is left to book."""
        return bool(self.day.free)


def read_clock(text: str) -> int | None:
    """Return minutes of the day for ``9:00`` or ``０９：００`` (24:00 is the end of the day, 34:00 the next day at
    10:00), else None."""
    match = _CLOCK.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not match:
        return None
    hours, minutes = int(match[1]), int(match[2])
    return hours * 60 + minutes if minutes < 60 and hours * 60 + minutes <= LATEST else None


def read_time(text: str) -> tuple[int, int] | None:
    """Return (start, end) in minutes for ``13:00-17:00``, else None."""
    starts, dash, ends = unicodedata.normalize("NFKC", text).partition("-")
    first, last = read_clock(starts), read_clock(ends)
    return (first, last) if dash and first is not None and last is not None and first < last else None


def write_time(starts: int, ends: int) -> str:
    """Return ``13:00-17:00``."""
    return "-".join(f"{at // 60}:{at % 60:02}" for at in (starts, ends))


@dataclass(frozen=True, slots=True)
class ChosenTime:
    """A time as forms carry it: minutes of the day, and how much longer it is made before and after."""

    starts: int
    ends: int
    early_minutes: int = 0
    extension_minutes: int = 0

    @property
    def whole(self) -> tuple[int, int]:
        """The time with what lengthens it."""
        return self.starts - self.early_minutes, self.ends + self.extension_minutes

    def __str__(self) -> str:
        """``13:00-17:00``, made longer ``30+13:00-17:00+60``."""
        before = f"{self.early_minutes}+" if self.early_minutes else ""
        after = f"+{self.extension_minutes}" if self.extension_minutes else ""
        return f"{before}{write_time(self.starts, self.ends)}{after}"


def read_chosen(text: str) -> ChosenTime | None:
    """Return the time a form carries, else None."""
    match = _LONGER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    period = read_time(match["time"]) if match else None
    if not match or period is None:
        return None
    chosen = ChosenTime(*period, int(match["early"] or 0), int(match["later"] or 0))
    return chosen if chosen.whole[0] >= 0 else None


def start_groups(room_day: RoomDay) -> list[StartGroup]:
    """Return the hours of a room's day by part of the day; hours that are over are left out."""
    shown = [slot for slot in room_day.slots if slot.state != "past"]
    groups = [
        StartGroup(part, tuple(slot for slot in shown if first <= slot.starts < last))
        for first, last, part in _HALVES
    ]
    return [group for group in groups if group.slots]


def free_spans(room_day: RoomDay) -> list[tuple[int, int]]:
    """Return the free times of a room's day, joined where they touch."""
    spans: list[tuple[int, int]] = []
    for slot in sorted(room_day.free, key=lambda slot: slot.starts):
        if spans and spans[-1][1] >= slot.starts:
            spans[-1] = (spans[-1][0], max(spans[-1][1], slot.ends))
        else:
            spans.append((slot.starts, slot.ends))
    return spans


def rows_of(room_days: Sequence[RoomDay]) -> list[RoomRow]:
    """Return one row per room for the page of a whole hall on one day."""
    return [
        RoomRow(
            one,
            tuple(Cell(slot, write_time(slot.starts, slot.ends)) for slot in one.slots),
            tuple(free_spans(one)),
        )
        for one in room_days
    ]


def columns_of(room_days: Sequence[RoomDay]) -> tuple[SlotState, ...]:
    """Return the slots all rooms of the day share, as columns of a table; nothing when they differ."""
    open_days = [one for one in room_days if one.slots]
    if not open_days or any(one.kind == "hours" for one in open_days):
        return ()
    first = open_days[0]
    keys = [(slot.key, slot.starts, slot.ends) for slot in first.slots]
    same = all([(slot.key, slot.starts, slot.ends) for slot in one.slots] == keys for one in open_days)
    return first.slots if same and len(keys) <= 5 else ()
