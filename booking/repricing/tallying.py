"""What a trial found, summed up while it runs: the order does not matter, and it stays small however many uses."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from booking.repricing.comparing import Comparison
from booking.repricing.totals import Totals
from facilities.ordinance import Quote, Reason

Cell = tuple[str, int, str]
"""Applicant class, room id, month of use (``2026-05``): the finest grouping, of which every other is a sum."""
Kind = tuple[int, str, int, int]
"""Uses that change alike: room id, class, yen under the old rules, yen under the new ones."""

EDGES = (-10_000, -5_000, -1_000, -500, -100, 0, 1, 101, 501, 1_001, 5_001, 10_001)
"""Where the groups of differences in yen begin; the first group is all below the first edge."""
MOST_KINDS = 10


@dataclass(slots=True)
class _Change:
    """Uses that change alike, with the one of the lowest number as the example."""

    count: int
    example: Comparison


@dataclass(slots=True)
class _Apart:
    count: int
    yen: int
    example: Comparison


@dataclass(slots=True)
class Tally:
    """Sums and lists of comparisons."""

    cells: dict[Cell, Totals] = field(default_factory=dict)
    differences: Counter[int] = field(default_factory=Counter)
    kinds: dict[Kind, _Change] = field(default_factory=dict)
    apart: dict[tuple[str, str, int, tuple[str, ...]], _Apart] = field(default_factory=dict)

    def add(self, one: Comparison) -> None:
        """Count one comparison in."""
        use = one.use
        cell = (use.applicant_class, use.room_id, f"{use.day:%Y-%m}")
        self.cells.setdefault(cell, Totals()).add(one)
        if one.verdict != "compared":
            self._set_apart(one)
            return
        self.differences[group_of(one.difference_yen)] += 1
        if one.difference_yen:
            self._note_change(one)

    def total(self) -> Totals:
        """The sum of everything."""
        whole = Totals()
        for part in self.cells.values():
            whole += part
        return whole

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it: the cells, the groups of differences, the largest changes, and what is apart."""
        return {
            "cells": [[*cell, *self.cells[cell].to_list()] for cell in sorted(self.cells)],
            "differences": [self.differences[number] for number in range(len(EDGES) + 1)],
            "dearer": self._largest(1),
            "cheaper": self._largest(-1),
            "apart": [
                _apart_to_dict(key, self.apart[key])
                for key in sorted(self.apart, key=lambda key: (key[0], -self.apart[key].count, *key[1:]))
            ],
        }

    def _note_change(self, one: Comparison) -> None:
        use, old, new = one.use, one.old.quote, one.new.quote
        if old is None or new is None:
            return
        kind = (use.room_id, use.applicant_class, old.total_yen, new.total_yen)
        known = self.kinds.get(kind)
        if known is None:
            self.kinds[kind] = _Change(1, one)
            return
        known.count += 1
        if use.id < known.example.use.id:
            known.example = one

    def _set_apart(self, one: Comparison) -> None:
        said = tuple(reason.sentence("ja") for reason in one.reasons)
        key = (one.verdict, one.code, one.use.room_id, said)
        yen = one.old.quote.total_yen if one.old.quote else one.use.paid_yen or 0
        known = self.apart.get(key)
        if known is None:
            self.apart[key] = _Apart(1, yen, one)
            return
        known.count += 1
        known.yen += yen
        if one.use.id < known.example.use.id:
            known.example = one

    def _largest(self, sign: int) -> list[dict[str, Any]]:
        chosen = [kind for kind in self.kinds if (kind[3] - kind[2]) * sign > 0]
        chosen.sort(key=lambda kind: (-(kind[3] - kind[2]) * sign, -self.kinds[kind].count, kind))
        return [_change_to_dict(kind, self.kinds[kind]) for kind in chosen[:MOST_KINDS]]


def group_of(difference_yen: int) -> int:
    """Which group of ``EDGES`` a difference in yen belongs to."""
    return sum(edge <= difference_yen for edge in EDGES)


def _change_to_dict(kind: Kind, change: _Change) -> dict[str, Any]:
    room_id, applicant_class, old, new = kind
    example = change.example
    return {
        "room": room_id,
        "class": applicant_class,
        "old": old,
        "new": new,
        "count": change.count,
        "id": example.use.id,
        "day": example.use.day.isoformat(),
        "starts": example.use.starts,
        "ends": example.use.ends,
        "old_lines": _lines(example.old.quote),
        "new_lines": _lines(example.new.quote),
    }


def _lines(quote: Quote | None) -> list[dict[str, Any]]:
    return quote.to_dict()["lines"] if quote else []


def _apart_to_dict(key: tuple[str, str, int, tuple[str, ...]], apart: _Apart) -> dict[str, Any]:
    verdict, code, room_id, _said = key
    example = apart.example
    reasons: tuple[Reason, ...] = example.reasons
    return {
        "verdict": verdict,
        "code": code,
        "room": room_id,
        "reasons": [reason.to_dict() for reason in reasons],
        "count": apart.count,
        "yen": apart.yen,
        "id": example.use.id,
        "day": example.use.day.isoformat(),
        "starts": example.use.starts,
        "ends": example.use.ends,
    }
