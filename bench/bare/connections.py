"""One autocommit psycopg connection per thread, and nothing else."""

from __future__ import annotations

import os
import threading

import psycopg

_local = threading.local()


def connection() -> psycopg.Connection:
    """Return this thread's connection, with the search path of the measured schema."""
    found = getattr(_local, "connection", None)
    if found is None:
        found = psycopg.connect(
            os.environ["BENCH_DATABASE"],
            autocommit=True,
            options=f"-c search_path={os.environ['BENCH_SCHEMA']}",
        )
        _local.connection = found
    return found
