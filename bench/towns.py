"""Many small municipalities beside the measured one: one hall, five rooms, real rules, no reservations."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.db import connections

from bench.stage import Stage, say
from bench.town import rules_text
from tenants.context import inside_public
from tenants.lg_code import check_digit
from tenants.models import Municipality
from tenants.services import create_municipality

_FIRST_PREFECTURE = 3


def small_code(number: int) -> str:
    """Return the 団体コード of the small municipality with this number."""
    five = f"{_FIRST_PREFECTURE + number // 500:02}{number % 500 + 100:03}"
    return five + check_digit(five)


def small_host(number: int) -> str:
    """Return its host."""
    return f"machi{number}.example.jp"


def small_rules(number: int) -> str:
    """Return its rules document."""
    return rules_text(small_code(number), f"{number}町", halls=1, rooms=5)


def make_small(number: int, now: datetime) -> Municipality:
    """Create it, the way the joint operator does."""
    return create_municipality(
        lg_code=small_code(number),
        name=f"{number}町",
        host=small_host(number),
        rules_text=small_rules(number),
        now=now,
    )


def existing() -> int:
    """Return how many municipalities there are."""
    with inside_public():
        return Municipality.objects.count()


def many(stage: Stage, count: int) -> None:
    """Make sure that the small municipalities 1 … ``count`` exist."""
    with inside_public():
        there = set(Municipality.objects.values_list("lg_code", flat=True))
    missing = [number for number in range(1, count + 1) if small_code(number) not in there]
    if not missing:
        return
    say(f"Creating {len(missing)} municipalities …")
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(_make_and_leave, _with_now(missing, stage.now)))
    connections.close_all()


def _with_now(numbers: list[int], now: datetime) -> Iterator[tuple[int, datetime]]:
    return ((number, now) for number in numbers)


def _make_and_leave(given: tuple[int, datetime]) -> None:
    try:
        make_small(*given)
    finally:
        connections.close_all()
