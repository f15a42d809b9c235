"""Are the database and the worker alive? Asked on a connection of its own, with a clock."""

from __future__ import annotations

import select
import time
from contextlib import closing

import psycopg
from django.db import connection
from psycopg import pq

# Together they keep the answer under the 3 seconds a load balancer waits.
_CONNECT_SECONDS = 2
_ANSWER_SECONDS = 0.8
_HEARTBEAT_SECONDS = 60

_LIVING_WORKERS = (
    f"SELECT count(*) FROM public.procrastinate_workers "  # noqa: S608 (own constant)
    f"WHERE last_heartbeat > now() - interval '{_HEARTBEAT_SECONDS} seconds'"
)


class _Silent(Exception):
    """The database took the connection and then did not answer."""


def vital_signs() -> dict[str, str]:
    """Return ``web``, ``database`` and ``worker``, each ``"alive"`` or a word on what is wrong. Never raises.

    A request's own connection is not used: it may hang in a dead network until TCP gives up.
    """
    try:
        workers = _living_workers()
    except (psycopg.Error, _Silent, ValueError):
        return {"web": "alive", "database": "no answer", "worker": "unknown"}
    if workers is None:
        return {"web": "alive", "database": "not prepared", "worker": "unknown"}
    return {"web": "alive", "database": "alive", "worker": "alive" if workers else "no heartbeat"}


def _living_workers() -> int | None:
    """How many workers live; None when there is no queue yet."""
    settings = connection.get_connection_params()
    for unwanted in ("cursor_factory", "context", "prepare_threshold", "connect_timeout"):
        settings.pop(unwanted, None)
    # ``closing``: psycopg's own ``with`` would commit first, and a silent server does not answer that either.
    with closing(psycopg.connect(**settings, connect_timeout=_CONNECT_SECONDS, autocommit=True)) as asking:
        answer = _ask(asking.pgconn, asking.fileno())
    return int(answer) if answer is not None else None


def _ask(server: pq.abc.PGconn, socket: int) -> bytes | None:
    server.send_query(_LIVING_WORKERS.encode())
    deadline = time.monotonic() + _ANSWER_SECONDS
    while server.is_busy():
        ready, _, _ = select.select([socket], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise _Silent
        server.consume_input()
    result = server.get_result()
    if result is None or result.status != pq.ExecStatus.TUPLES_OK:
        return None
    return result.get_value(0, 0)
