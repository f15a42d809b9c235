"""Row 9, and the same speed with one municipality and with many."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import cycle

from django.db import connections

from bench.comparing import Row, in_turn, median
from bench.databases import ALONE, MAIN
from bench.load import Result, drive, request
from bench.stage import TOWN_HOST, Stage
from bench.towns import many, small_host

MUST_OVERHEAD, MUST_SAME = 0.75, 0.9
# The goal says "the same speed"; nine tenths is what the scatter of a run lets one see.
HOSTS, MUNICIPALITIES = 50, 200


def overhead(stage: Stage) -> list[Row]:
    """A view with one query: the product's tenancy over 50 hosts, against plain Django."""
    town = stage.town
    many(stage, HOSTS)
    hosts = [small_host(number) for number in range(1, HOSTS + 1)]
    connections.close_all()
    application = "bench.tenancy.wsgi:application"
    plain = {"DJANGO_SETTINGS_MODULE": "bench.tenancy.settings_plain"}
    tenants = {"DJANGO_SETTINGS_MODULE": "bench.tenancy.settings_tenants"}
    with (
        stage.bare(application, town.schema_name, plain) as one,
        stage.bare(application, town.schema_name, tenants) as other,
    ):
        sides = [partial(_drive, stage, server.port, hosts, "/") for server in (one, other)]
        for side in sides:
            side()
        rates = [
            median([result.rate for result in results]) for results in in_turn(*sides, rounds=stage.rounds)
        ]
    return [_row("9", f"tenancy, view with one query, {HOSTS} hosts", "plain Django", rates, MUST_OVERHEAD)]


def many_municipalities(stage: Stage) -> list[Row]:
    """Availability with one municipality, and with 200."""
    _ = stage.town
    many(stage, MUNICIPALITIES)
    hosts = [small_host(number) for number in range(1, MUNICIPALITIES + 1)]
    small = f"/api/v1/availability?facility=hall-1&from={stage.first_day}&days=31"
    connections.close_all()
    with stage.product(ALONE) as one, stage.product(MAIN) as other:
        for server, asked in ((one, [small_host(0)]), (other, hosts)):
            _warm(server.port, asked, small)
        large = _compared(
            stage,
            partial(_drive, stage, one.port, [TOWN_HOST], stage.availability_path()),
            partial(_drive, stage, other.port, [TOWN_HOST], stage.availability_path()),
        )
        spread = _compared(
            stage,
            partial(_drive, stage, one.port, [small_host(0)], small),
            partial(_drive, stage, other.port, hosts, small),
        )
    return [
        _row(
            "many",
            f"availability of the large town beside {MUNICIPALITIES} others",
            "alone",
            large,
            MUST_SAME,
        ),
        _row(
            "many hosts",
            f"availability of a small hall, {MUNICIPALITIES} hosts in turn",
            "one host",
            spread,
            MUST_SAME,
        ),
    ]


def _compared(stage: Stage, *sides: partial[Result]) -> list[float]:
    for side in sides:
        side()
    return [median([result.rate for result in results]) for results in in_turn(*sides, rounds=stage.rounds)]


def _warm(port: int, hosts: Sequence[str], path: str) -> None:
    """Ask each host so often that every worker has read its rules."""
    asked = [
        request("GET", path, host=host) for host in hosts for _ in range(max(20, 1600 // len(hosts) // 8))
    ]
    drive(port, lambda: asked, connections=8)


def _drive(stage: Stage, port: int, hosts: Sequence[str], path: str) -> Result:
    asked = [request("GET", path, host=host) for host in hosts]
    result: Result = drive(port, lambda: cycle(asked), connections=8, seconds=stage.seconds)
    if result.wrong:
        raise RuntimeError(f"Unexpected answers {result.statuses}: {result.wrong[0]}")
    return result


def _row(number: str, what: str, reference: str, rates: Sequence[float], must: float) -> Row:
    ratio = rates[1] / rates[0]
    return Row(
        number,
        what,
        f"{reference} {rates[0]:.0f}/s",
        f"{rates[1]:.0f}/s",
        f"{ratio:.2f}",
        f">= {must}",
        ratio >= must,
    )
