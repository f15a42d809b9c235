"""Rows 3 and 4: availability of 30 rooms over 31 days."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import orjson
from django.db import connection

from bench.bare import availability as limit
from bench.comparing import Row, in_turn, median, medians, milliseconds
from bench.load import Result, drive, fetch, request
from bench.stage import TOWN_HOST, Stage
from bench.town import today_of
from booking.availability import free_times
from facilities.queries import rooms_at
from frontend.api import answers
from tenants.context import current_zone, inside
from tenants.models import Municipality

Act = Callable[[], object]

MUST_RATE, MUST_P50, MUST_P95 = 0.50, 2.5, 4.0


def over_http(stage: Stage) -> list[Row]:
    """Availability over HTTP through the whole product, against a bare WSGI application with the same answer."""
    cookie = {"Cookie": stage.residents[0].cookie}
    ask = request("GET", stage.availability_path(), host=TOWN_HOST, headers=cookie)
    schema = stage.town.schema_name
    connection.close()
    with (
        stage.bare("bench.bare.availability:application", schema) as bare,
        stage.product() as product,
    ):
        _check_equal(bare.port, product.port, ask)

        def run(port: int, connections: int) -> Result:
            return drive(port, lambda: iter(lambda: ask, b""), connections=connections, seconds=stage.seconds)

        for port in (bare.port, product.port):
            drive(port, lambda: iter(lambda: ask, b""), connections=8, seconds=1)
        eight = in_turn(partial(run, bare.port, 8), partial(run, product.port, 8), rounds=stage.rounds)
        one = in_turn(partial(run, product.port, 1), rounds=stage.rounds)
    inner = _in_process_limit(stage)
    wrong = [text for side in (*eight, *one) for result in side for text in result.wrong]
    if wrong:
        raise RuntimeError(f"Unexpected answers: {wrong[0]}")
    rates = [median([result.rate for result in side]) for side in eight]
    p50 = median([result.percentile(50) for result in one[0]])
    p95 = median([result.percentile(95) for result in one[0]])
    ratio = rates[1] / rates[0]
    return [
        Row(
            "3",
            "availability 30 rooms x 31 days, HTTP, 8 connections",
            f"bare WSGI {rates[0]:.0f}/s",
            f"{rates[1]:.0f}/s",
            f"{ratio:.2f}",
            f">= {MUST_RATE:.2f}",
            ratio >= MUST_RATE,
        ),
        Row(
            "3 p50",
            "the same, 1 connection, p50",
            f"bare in process {inner:.2f} ms",
            f"{p50:.2f} ms",
            f"{p50 / inner:.2f}",
            f"<= {MUST_P50}",
            p50 / inner <= MUST_P50,
        ),
        Row(
            "3 p95",
            "the same, 1 connection, p95",
            f"bare in process {inner:.2f} ms",
            f"{p95:.2f} ms",
            f"{p95 / inner:.2f}",
            f"<= {MUST_P95}",
            p95 / inner <= MUST_P95,
        ),
    ]


def _check_equal(bare: int, product: int, ask: bytes) -> None:
    """Compare the answers; the past ends at another minute in each, so a few tries are allowed."""
    fetch(product, ask)
    for _ in range(3):
        one, other = fetch(bare, ask), fetch(product, ask)
        if one[0] == other[0] == 200 and orjson.loads(one[1]) == orjson.loads(other[1]):
            return
    raise RuntimeError(f"The reference answers something else: {one[1][:300]!r} / {other[1][:300]!r}")


def _in_process_limit(stage: Stage) -> float:
    os.environ["BENCH_DATABASE"] = stage.cluster.url_of("machinoma_bench")
    os.environ["BENCH_SCHEMA"] = stage.town.schema_name
    os.environ["BENCH_WORLD"] = str(stage.world)
    world = limit.world()
    act = partial(world.answer, "hall-1", stage.first_day, 31)
    milliseconds(act, 30)
    return median(milliseconds(act, 100 if stage.quick else 400))


def growth(stage: Stage) -> list[Row]:
    """Availability in process: ten times the history, twice the days, twice the rooms."""
    # A past window, asked as of then: every day of it is as full as the others, however long it is.
    then = stage.now - timedelta(days=70)
    times = 20 if stage.quick else 60
    with inside(stage.town):
        base = partial(_answer, then, (1,), 31)
        rows = [
            _grown(
                "4 days", "twice the days (62)", base, partial(_answer, then, (1,), 62), stage, times, 2.2
            ),
            _grown(
                "4 rooms", "twice the rooms (60)", base, partial(_answer, then, (1, 2), 31), stage, times, 2.2
            ),
        ]
    return [_with_more_history(stage, base, times), *rows]


def _answer(now: datetime, halls: tuple[int, ...], days: int) -> bytes:
    """The availability as the API makes it, without HTTP."""
    rooms = [room for number in halls for room in rooms_at(f"hall-{number}")]
    times = free_times(rooms=rooms, first=today_of(now), days=days, now=now)
    return orjson.dumps(answers.availability(times, current_zone()))


def _grown(number: str, what: str, base: Act, grown: Act, stage: Stage, times: int, must: float) -> Row:
    one, other = medians(
        partial(milliseconds, base, times),
        partial(milliseconds, grown, times),
        rounds=stage.rounds + 1,
        of=median,
    )
    ratio = other / one
    return Row(
        number,
        f"availability in process, {what}",
        f"{one:.2f} ms",
        f"{other:.2f} ms",
        f"{ratio:.2f}",
        f"<= {must}",
        ratio <= must,
    )


def _with_more_history(stage: Stage, base: Act, times: int) -> Row:
    count = stage.reservations * 10
    grown = stage.grown_town
    return _grown(
        "4 history",
        f"ten times the history ({count:,})",
        _inside(stage.town, base),
        _inside(grown, base),
        stage,
        times,
        1.2,
    )


def _inside(town: Municipality, act: Act) -> Act:
    def run() -> object:
        with inside(town):
            return act()

    return run
