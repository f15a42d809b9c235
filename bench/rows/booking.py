"""Rows 6 and 8: a complete booking over HTTP."""

from __future__ import annotations

from functools import lru_cache, partial

from django.db import connection

from bench.bare.booking import SCHEMA
from bench.comparing import Row, in_turn, median
from bench.load import Result, drive
from bench.stage import Stage, say
from bench.wishes import Wishes, bare_requests, product_requests

MUST_RATE, MUST_P95, MUST_HOLD = 0.25, 12.0, 0.9


def over_http(stage: Stage) -> list[Row]:
    """Complete bookings over HTTP, 8 connections, against a bare WSGI application with six statements."""
    bare, product, _ = _measured(stage)
    ratio = median([one.rate for one in product]) / median([one.rate for one in bare])
    p50 = median([one.percentile(50) for one in bare])
    p95 = median([one.percentile(95) for one in product])
    return [
        Row(
            "6",
            "complete booking, HTTP, 8 connections",
            f"bare WSGI {median([one.rate for one in bare]):.0f}/s",
            f"{median([one.rate for one in product]):.0f}/s",
            f"{ratio:.2f}",
            f">= {MUST_RATE}",
            ratio >= MUST_RATE,
        ),
        Row(
            "6 p95",
            "the same, p95",
            f"bare WSGI p50 {p50:.2f} ms",
            f"{p95:.1f} ms",
            f"{p95 / p50:.1f}",
            f"<= {MUST_P95:.0f}",
            p95 / p50 <= MUST_P95,
        ),
    ]


def many_connections(stage: Stage) -> list[Row]:
    """Complete bookings with 32 connections instead of 8."""
    _, eight, many = _measured(stage)
    one, other = median([run.rate for run in eight]), median([run.rate for run in many])
    return [
        Row(
            "8",
            "complete booking, 32 connections",
            f"8 connections {one:.0f}/s",
            f"{other:.0f}/s",
            f"{other / one:.2f}",
            f">= {MUST_HOLD}",
            other / one >= MUST_HOLD,
        )
    ]


@lru_cache(maxsize=1)
def _measured(stage: Stage) -> tuple[list[Result], list[Result], list[Result]]:
    """Bare with 8 connections, product with 8 and with 32, in turn."""
    _ = stage.residents
    _fill_bare(stage)
    wishes = Wishes(stage)
    connection.close()
    with (
        stage.bare("bench.bare.booking:application", "bare") as bare,
        stage.product() as product,
    ):

        def run(port: int, connections: int, seconds: float = stage.seconds) -> Result:
            requests = bare_requests if port == bare.port else partial(product_requests, stage)
            result = drive(
                port, partial(requests, wishes), connections=connections, seconds=seconds, expected=(201,)
            )
            wishes.use(sum(result.statuses.values()))
            if result.wrong:
                raise RuntimeError(f"Unexpected answers {result.statuses}: {result.wrong[0]}")
            return result

        for port in (bare.port, product.port):
            run(port, 8, 1.0)
        sides = in_turn(
            partial(run, bare.port, 8),
            partial(run, product.port, 8),
            partial(run, product.port, 32),
            rounds=stage.rounds,
        )
    return sides[0], sides[1], sides[2]


def _fill_bare(stage: Stage) -> None:
    """Give the reference as many reservations on as many rooms as the town has."""
    with stage.connect() as own:
        say("Writing the reference's reservations …")
        own.execute(SCHEMA)
        town = stage.town.schema_name
        own.execute(f"INSERT INTO bare.room SELECT id FROM {town}.facilities_space")
        own.execute(
            "INSERT INTO bare.reservation (room_id, during, price_yen, purpose) "
            f"SELECT space_id, occupied, 1000, '会議' FROM {town}.booking_claim WHERE active"
        )
        for table in ("room", "reservation"):
            own.execute(f"VACUUM (ANALYZE) bare.{table}")
