"""A day sheet laid out as rooms × hours. The columns are pieces of five minutes, placed by classes (desk-grid.css)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from booking.day_sheet import DaySheet, SheetEntry, SheetRoom
from facilities.ordinance import Reason
from facilities.queries import RoomFacts

_PIECE = 5
_DAY = 1440

# Paper, in millimetres: what is left for the rooms, the axis, a line of 7.5 pt, a letter of it, an empty room.
_PAPER, _AXIS, _LINE, _LETTER, _EMPTY_ROW = 160, 245, 3.4, 2.7, 7.5
_STATES_LENGTH = 26  # letters of time, headcount, payment, key and attendance


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of a room's day. ``first``/``last`` are grid lines; ``starts``/``ends`` minutes of the day."""

    kind: Literal["entry", "gap", "past", "shut"]
    starts: int
    ends: int
    first: int
    last: int
    entry: SheetEntry | None = None

    @property
    def size(self) -> str:
        """How much fits into it: ``narrow`` under 90 minutes, ``thin`` under 45."""
        minutes = self.ends - self.starts
        return "thin" if minutes < 45 else "narrow" if minutes < 90 else ""


@dataclass(frozen=True, slots=True)
class Row:
    """A room's day as cells in order of time."""

    room: RoomFacts
    closed: Reason | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """An hour on the axis."""

    minutes: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The whole sheet: ``hours`` is the length of the axis; ``now`` the grid line of the present, if on it."""

    day: date
    hours: int
    ticks: tuple[Tick, ...]
    rows: tuple[Row, ...]
    now: int | None

    @property
    def before(self) -> date:
        """The day before."""
        return self.day - timedelta(days=1)

    @property
    def after(self) -> date:
        """The day after."""
        return self.day + timedelta(days=1)

    @property
    def print_percent(self) -> int:
        """How much the sheet must shrink to fit on one A4 page, landscape: 100, 90 … 60 percent.

        Estimated in millimetres from the length of the texts; a sheet that needs less than 60 takes a second page.
        """
        needed = sum(
            max([_EMPTY_ROW, *(_printed(cell, self.hours) for cell in row.cells)]) for row in self.rows
        )
        fits = next((percent for percent in (100, 90, 80, 70) if needed * percent <= _PAPER * 100), 60)
        return int(fits)

    @property
    def reservations(self) -> list[SheetEntry]:
        """The day's reservations, each once."""
        entries = (cell.entry for row in self.rows for cell in row.cells if cell.entry)
        return [entry for entry in entries if entry.kind == "reservation"]

    @property
    def arrived(self) -> int:
        """How many have come."""
        return sum(entry.attendance == "arrived" for entry in self.reservations)

    @property
    def unpaid(self) -> int:
        """How many have not paid yet."""
        return sum(bool(entry.payment and entry.payment.state == "unpaid") for entry in self.reservations)


def grid_of(sheet: DaySheet, *, present: tuple[date, int]) -> Grid:
    """Lay out a day sheet. ``present`` is today and the minutes of it by the hall's clock.

    The axis spans opening times and reservations; a closure of a whole day is cut to it. A gap that is over is not
    offered.
    """
    opens, closes = _span(sheet)
    axis = opens // 60 * 60
    hours = max(-(-(closes - axis) // 60), 1)
    today, minutes = present
    passed = _DAY if sheet.day < today else minutes if sheet.day == today else 0
    on_axis = sheet.day == today and axis <= minutes < axis + hours * 60
    return Grid(
        sheet.day,
        hours,
        tuple(Tick(at, _line(at, axis), _line(at + 60, axis)) for at in range(axis, axis + hours * 60, 60)),
        tuple(_row(room, axis, axis + hours * 60, passed) for room in sheet.rooms),
        _line(minutes, axis) if on_axis else None,
    )


def _span(sheet: DaySheet) -> tuple[int, int]:
    times = [span for room in sheet.rooms for span in room.open]
    times += [
        (max(entry.starts, 0), min(entry.ends, _DAY))
        for room in sheet.rooms
        for entry in room.entries
        if entry.kind != "closure"
    ]
    return (
        min((span[0] for span in times), default=sheet.opens),
        max((span[1] for span in times), default=sheet.closes),
    )


def _printed(cell: Cell, hours: int) -> float:
    """The height of a cell on paper in millimetres."""
    if cell.entry is None:
        return 0.0
    letters = _STATES_LENGTH + len(cell.entry.who) + len(cell.entry.purpose)
    width = max((cell.last - cell.first) * _PIECE * _AXIS / (hours * 60) - 2, _LETTER * 2)
    return -(-letters * _LETTER // width) * _LINE + 1


def _line(minutes: int, axis: int) -> int:
    return (minutes - axis) // _PIECE + 1


def _row(sheet: SheetRoom, axis: int, end: int, passed: int) -> Row:
    cells = [
        _cell("entry", entry.starts, entry.ends, axis, end, entry)
        for entry in sheet.entries
        if entry.starts < end and entry.ends > axis
    ]
    for starts, ends in sheet.gaps:
        kind: Literal["gap", "past"] = "past" if ends <= passed + _PIECE else "gap"
        cells.append(_cell(kind, starts, ends, axis, end))
    for starts, ends in _shut(sheet, axis, end):
        cells.append(_cell("shut", starts, ends, axis, end))
    return Row(sheet.room, sheet.closed, tuple(sorted(cells, key=lambda cell: (cell.starts, cell.ends))))


def _cell(
    kind: Literal["entry", "gap", "past", "shut"],
    starts: int,
    ends: int,
    axis: int,
    end: int,
    entry: SheetEntry | None = None,
) -> Cell:
    first = _line(max(starts, axis), axis)
    last = max(-(-(min(ends, end) - axis) // _PIECE) + 1, first + 1)
    return Cell(kind, starts, ends, first, last, entry)


def _shut(sheet: SheetRoom, axis: int, end: int) -> list[tuple[int, int]]:
    """The parts of the axis outside opening times that nothing occupies."""
    taken = sorted([*sheet.open, *((entry.starts, entry.ends) for entry in sheet.entries)])
    shut, at = [], axis
    for starts, ends in taken:
        if starts > at:
            shut.append((at, min(starts, end)))
        at = max(at, ends)
    if at < end:
        shut.append((at, end))
    return shut
