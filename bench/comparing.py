"""Rows of the table: what was measured against what, and whether it reaches the goal."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """One line of the table. ``reached`` None: not measured here, and ``why`` says why."""

    number: str
    what: str
    reference: str
    measured: str
    ratio: str
    must: str
    reached: bool | None
    why: str = ""


def medians(*ways: Callable[[], T], rounds: int, of: Callable[[T], float]) -> list[float]:
    """Run the ways in turn (A B A B …) and return the median of each."""
    seen: list[list[float]] = [[] for _ in ways]
    for _ in range(rounds):
        for index, way in enumerate(ways):
            seen[index].append(of(way()))
    return [statistics.median(values) for values in seen]


def in_turn(*ways: Callable[[], T], rounds: int) -> list[list[T]]:
    """Run the ways in turn (A B A B …) and return all results of each."""
    seen: list[list[T]] = [[] for _ in ways]
    for _ in range(rounds):
        for index, way in enumerate(ways):
            seen[index].append(way())
    return seen


def milliseconds(act: Callable[[], object], times: int) -> list[float]:
    """Return how long each of ``times`` runs of ``act`` took."""
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begin) * 1000)
    return taken


def median(values: list[float]) -> float:
    """Return the median."""
    return statistics.median(values)
