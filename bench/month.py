"""Time the month view of a hall in this process: run by a row of the bench, also in an older checkout of the product.

    python month.py SCHEMA HALL DAY TIMES     prints two medians in milliseconds: free times; marks of each day

It stands alone, so that the same file measures both: only what both checkouts know is imported.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, datetime

sys.path.insert(0, os.getcwd())

import django

django.setup()

from booking.availability import free_times  # noqa: E402
from booking.calendar import day_marks  # noqa: E402
from facilities.queries import rooms_at  # noqa: E402
from facilities.room_rules import Asker  # noqa: E402
from tenants.context import inside, inside_public  # noqa: E402
from tenants.models import Municipality  # noqa: E402

DAYS = 31


def main() -> None:
    """Measure and print."""
    schema, hall, day, times = sys.argv[1:]
    now = datetime.fromisoformat(day)
    with inside_public():
        town = Municipality.objects.get(schema_name=schema)
    with inside(town):
        ways = (lambda: _free(hall, now), lambda: _marks(hall, now))
        print(*(f"{_median(way, int(times)):.4f}" for way in ways))


def _free(hall: str, now: datetime) -> object:
    return free_times(rooms=rooms_at(hall), first=_today(now), days=DAYS, now=now)


def _marks(hall: str, now: datetime) -> object:
    asking: dict[str, object] = {"asker": Asker("general", "web", now)}
    if "asker" not in day_marks.__annotations__:
        asking = {"applicant_class": "general", "channel": "web", "now": now}
    return day_marks(rooms=rooms_at(hall), first=_today(now), days=DAYS, **asking)  # type: ignore[arg-type]


def _today(now: datetime) -> date:
    return now.date()


def _median(way: Callable[[], object], times: int) -> float:
    for _ in range(5):
        way()
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        way()
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
