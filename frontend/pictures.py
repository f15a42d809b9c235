"""Pictures of numbers, drawn by the server as SVG: what stands where.

Widths are percents of the page and heights are pixels, so that letters keep their size on a phone, on a screen and on
paper. Every picture has a title, a description, and its numbers in a table beside it; what is told apart is told apart
by pattern and place, never by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_LEGEND, _NAME, _BAR, _GAP = 30, 24, 22, 14
_WIDEST = 62.0  # percent; the rest is for the number


@dataclass(frozen=True, slots=True)
class Bar:
    """A lying bar: how wide in percent, where its upper edge and its text stand in pixels, and its number in words."""

    width: str
    y: int
    text_y: int
    says: str
    tone: str


@dataclass(frozen=True, slots=True)
class Group:
    """A name and the bars under it."""

    name: str
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Groups of lying bars, one below the other."""

    groups: tuple[Group, ...]
    height: int


@dataclass(frozen=True, slots=True)
class Column:
    """Two standing columns side by side: left edges in percent, upper edges and heights in pixels, and what is below
    them (``mark`` in a second line)."""

    name: str
    mark: str
    middle: str
    left: str
    right: str
    width: str
    old_y: int
    old_height: int
    new_y: int
    new_height: int


@dataclass(frozen=True, slots=True)
class Columns:
    """Pairs of standing columns on one ground line; ``top`` says in words how much the highest line is."""

    columns: tuple[Column, ...]
    top: str
    top_y: int
    ground: int
    height: int


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, how it is written, and which pattern it has (old, new, more, same, less)."""

    number: int
    says: str
    tone: str


def bars(rows: Sequence[tuple[str, Sequence[Amount]]]) -> Bars:
    """Lay out bars for rows of (name, amounts); the largest number is the widest bar. Numbers are not negative."""
    most = max((one.number for _, amounts in rows for one in amounts), default=0) or 1
    groups, y = [], _LEGEND
    for name, amounts in rows:
        drawn = []
        for place, one in enumerate(amounts):
            top = y + _NAME + place * _BAR
            drawn.append(Bar(f"{_WIDEST * one.number / most:.2f}%", top, top + 14, one.says, one.tone))
        groups.append(Group(name, y + 16, tuple(drawn)))
        y += _NAME + len(amounts) * _BAR + _GAP
    return Bars(tuple(groups), y)


def columns(rows: Sequence[tuple[str, str, int, int]], top: str, *, tall: int = 180) -> Columns:
    """Lay out pairs of columns for rows of (name, mark, old, new). Numbers are not negative."""
    most = max((max(old, new) for _, _, old, new in rows), default=0) or 1
    head = _LEGEND + 20
    ground, step = head + tall, 100 / max(len(rows), 1)
    drawn = []
    for place, (name, mark, old, new) in enumerate(rows):
        left, high, higher = place * step, round(tall * old / most), round(tall * new / most)
        drawn.append(
            Column(
                name=name,
                mark=mark,
                middle=f"{left + step / 2:.2f}%",
                left=f"{left + step * 0.1:.2f}%",
                right=f"{left + step * 0.5:.2f}%",
                width=f"{step * 0.38:.2f}%",
                old_y=ground - high,
                old_height=high,
                new_y=ground - higher,
                new_height=higher,
            )
        )
    return Columns(tuple(drawn), top, head, ground, ground + 44)
