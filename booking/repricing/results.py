"""A finished trial, read: sums by class, room, hall and month, the largest changes, and what is apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from booking.repricing.tallying import EDGES
from booking.repricing.totals import Totals
from facilities.ordinance import Quote, Reason


@dataclass(frozen=True, slots=True)
class Name:
    """What something is called in Japanese and English."""

    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One group of a table."""

    key: str
    name: Name
    totals: Totals


@dataclass(frozen=True, slots=True)
class Place:
    """A room and its hall; ``hall_key`` tells halls of one name apart."""

    room: Name
    hall: Name
    hall_key: str


@dataclass(frozen=True, slots=True)
class Change:
    """Uses that change alike: so many of a room, by a class, from one price to another; with one of them as the
    example (``day``, ``starts``, ``ends``, and the lines of both prices)."""

    place: Place
    applicant_class: Name
    starts: int
    ends: int
    day: date
    count: int
    old: Quote
    new: Quote

    @property
    def difference(self) -> int:
        """How much more (negative: less) each costs, in yen."""
        return self.new.total_yen - self.old.total_yen


@dataclass(frozen=True, slots=True)
class Apart:
    """Uses that cannot be compared, with the reason; ``yen`` is what they cost under their own rules."""

    verdict: str
    code: str
    place: Place
    reasons: tuple[Reason, ...]
    count: int
    yen: int
    day: date
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Group:
    """How many uses have a difference between ``low`` and ``high`` yen, both included (None: without end)."""

    low: int | None
    high: int | None
    count: int


class Result:
    """What ``Tally.to_dict`` wrote, with the names of rooms and classes beside it."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """``data`` also has ``rooms`` (id: names) and ``classes`` (key: names), in the order to show them."""
        self._data = data
        self._cells = [
            ((who, room, month), Totals.from_list(numbers)) for who, room, month, *numbers in data["cells"]
        ]
        self._classes = {key: Name(*names) for key, *names in data["classes"]}
        self._places = {
            room_id: Place(Name(name, name_en), Name(hall, hall_en), hall_key)
            for room_id, name, name_en, hall_key, hall, hall_en in data["rooms"]
        }

    @property
    def total(self) -> Totals:
        """The sum of everything."""
        return _sum(totals for _, totals in self._cells)

    @property
    def begins(self) -> date:
        """The first day of the year in which the uses were asked about."""
        return date.fromisoformat(self._data["begins"])

    def by_class(self) -> list[Row]:
        """The sums by applicant class, in the order of the rules."""
        order = list(self._classes)
        rows = self._rows(lambda who, _room, _month: who, lambda who: self._classes.get(who, Name(who)))
        return sorted(rows, key=lambda row: order.index(row.key) if row.key in order else len(order))

    def by_room(self) -> list[Row]:
        """The sums by room, in the order of the house."""
        rows = self._rows(lambda _who, room, _month: str(room), lambda key: self._places[int(key)].room)
        return self._in_house_order(rows)

    def by_hall(self) -> list[Row]:
        """The sums by hall, in the order of the house."""
        halls = {place.hall_key: place.hall for place in self._places.values()}
        rows = self._rows(lambda _who, room, _month: self._places[room].hall_key, halls.__getitem__)
        order = list(halls)
        return sorted(rows, key=lambda row: order.index(row.key))

    def by_month(self) -> list[Row]:
        """The sums by month of use (key ``2026-05``), oldest first."""
        return sorted(self._rows(lambda _who, _room, month: month, Name), key=lambda row: row.key)

    def cells(self) -> list[tuple[Name, Place, str, Totals]]:
        """The finest sums: class, room, month."""
        return [
            (self._classes.get(who, Name(who)), self._places[room], month, totals)
            for (who, room, month), totals in self._cells
        ]

    def hall_of(self, room_key: str) -> Name:
        """The hall of a room, by the key of its row in ``by_room``."""
        return self._places[int(room_key)].hall

    def groups(self) -> list[Group]:
        """How many uses have which difference, smallest first."""
        lows: list[int | None] = [None, *EDGES]
        highs: list[int | None] = [*(edge - 1 for edge in EDGES), None]
        return [
            Group(low, high, count)
            for low, high, count in zip(lows, highs, self._data["differences"], strict=True)
        ]

    def dearer(self) -> list[Change]:
        """The largest increases, largest first."""
        return [self._change(one) for one in self._data["dearer"]]

    def cheaper(self) -> list[Change]:
        """The largest decreases, largest first."""
        return [self._change(one) for one in self._data["cheaper"]]

    def apart(self, verdict: str) -> list[Apart]:
        """What is not compared, by its verdict (gone, unpriced, baseless), the most frequent first."""
        return [self._apart(one) for one in self._data["apart"] if one["verdict"] == verdict]

    def _rows(self, key_of: Callable[[str, int, str], str], name_of: Callable[[str], Name]) -> list[Row]:
        found: dict[str, Totals] = {}
        for cell, totals in self._cells:
            group = found.setdefault(key_of(*cell), Totals())
            group += totals
        return [Row(key, name_of(key), totals) for key, totals in found.items()]

    def _in_house_order(self, rows: list[Row]) -> list[Row]:
        order = {str(room_id): number for number, room_id in enumerate(self._places)}
        return sorted(rows, key=lambda row: order[row.key])

    def _change(self, one: Mapping[str, Any]) -> Change:
        return Change(
            place=self._places[one["room"]],
            applicant_class=self._classes.get(one["class"], Name(one["class"])),
            starts=one["starts"],
            ends=one["ends"],
            day=date.fromisoformat(one["day"]),
            count=one["count"],
            old=_quote(one["old_lines"], one["old"]),
            new=_quote(one["new_lines"], one["new"]),
        )

    def _apart(self, one: Mapping[str, Any]) -> Apart:
        return Apart(
            verdict=one["verdict"],
            code=one["code"],
            place=self._places[one["room"]],
            reasons=tuple(Reason.from_dict(reason) for reason in one["reasons"]),
            count=one["count"],
            yen=one["yen"],
            day=date.fromisoformat(one["day"]),
            starts=one["starts"],
            ends=one["ends"],
        )


def _quote(lines: list[dict[str, Any]], total: int) -> Quote:
    return Quote.from_dict({"lines": lines, "total_yen": total})


def _sum(parts: Iterable[Totals]) -> Totals:
    whole = Totals()
    for part in parts:
        whole += part
    return whole
