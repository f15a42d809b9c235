"""Background work: enqueue inside the caller's transaction, run inside the right municipality.

A job carries a schema name and ids, never personal data. The queue (procrastinate) lives in schema public; a
tenant's search path does not contain public, so the queue is named with its schema here. Migration
``tenants.0002`` gives procrastinate's function its own search path.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

import orjson
from django.db import connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from tenants import logs
from tenants.context import current_schema, each_municipality, inside, municipality_of

_log = logging.getLogger(__name__)

_ENQUEUE = """
SELECT unnest(public.procrastinate_defer_jobs_v1(ARRAY[
    ROW('default', %s, 0, NULL, NULL, %s::jsonb, %s)::public.procrastinate_job_to_defer_v1
]))
"""


def job(name: str, *, attempts: int = 8) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function as the job ``name``; it runs inside the municipality that enqueued it.

    A failed run is tried again with growing pauses (at most ``attempts`` times), so a job must be idempotent.
    """

    def register(function: Callable[..., None]) -> Callable[..., None]:
        @wraps(function)
        def run(*, schema: str, **arguments: Any) -> None:
            with inside(municipality_of(schema)):
                logs.municipality.set(schema)
                function(**arguments)

        app.task(name=name, retry=RetryStrategy(max_attempts=attempts, exponential_wait=3))(run)
        return function

    return register


def periodic(name: str, *, cron: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a function to run by the clock inside every municipality, one after another.

    ``cron`` is in UTC. A municipality where it fails is logged and does not stop the others.
    """

    def register(function: Callable[[], None]) -> Callable[[], None]:
        def run(timestamp: int) -> None:
            for municipality in each_municipality():
                logs.municipality.set(municipality.schema_name)
                try:
                    function()
                except Exception:
                    _log.exception("periodic_job_failed", extra={"job": name})

        app.periodic(cron=cron)(app.task(name=name, queueing_lock=name)(run))
        return function

    return register


def enqueue(name: str, *, at: datetime | None = None, **arguments: Any) -> int:
    """Put the job ``name`` on the queue for the current municipality, in the current transaction.

    ``at``: not before this instant. ``arguments`` must be JSON (ids and plain values). Returns the job's id.
    """
    payload = orjson.dumps({"schema": current_schema(), **arguments}).decode()
    with connection.cursor() as cursor:
        cursor.execute(_ENQUEUE, [name, payload, at])
        row = cursor.fetchone()
    return int(row[0])
