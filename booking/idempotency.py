"""A repeated write request is answered, not carried out again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import connection

from booking.errors import KeyReused
from booking.models import IdempotencyKey
from booking.transactions import all_or_nothing

Answer = tuple[int, dict[str, Any]]

_CLAIM_KEY = """
INSERT INTO booking_idempotencykey (scope, key, request_hash, created_at) VALUES (%s, %s, %s, %s)
ON CONFLICT DO NOTHING RETURNING id
"""
_KEEP_ANSWER = "UPDATE booking_idempotencykey SET status = %s, answer = %s::jsonb WHERE id = %s"
_FIND_ANSWER = "SELECT request_hash, status, answer FROM booking_idempotencykey WHERE scope = %s AND key = %s"


def request_hash(*parts: bytes) -> bytes:
    """Return the fingerprint of a request (method, path, body …)."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def run_once(
    *, scope: str, key: str, request_hash: bytes, now: datetime, act: Callable[[], Answer]
) -> tuple[int, dict[str, Any], bool]:
    """Carry out ``act`` once for (``scope``, ``key``) and return (status, answer, whether it is a replay).

    1. The key is written in the transaction of the act: a second request with it waits until the first is decided.
    2. A refusal raised by ``act`` rolls everything back, the key too: nothing happened, so it may be tried again.
    3. The same key for another request raises KeyReused. Without a key the act is simply carried out.
    """
    with all_or_nothing():
        if not key:
            return (*act(), False)
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM_KEY, [scope, key, request_hash, now])
            claimed = cursor.fetchone()
            if claimed is None:
                return _replay(cursor, scope, key, request_hash)
            status, answer = act()
            cursor.execute(_KEEP_ANSWER, [status, orjson.dumps(answer).decode(), claimed[0]])
        return status, answer, False


def forget_answers(*, now: datetime) -> int:
    """Delete answers older than two days: nobody repeats a request that long, and they hold what people wrote."""
    return IdempotencyKey.objects.filter(created_at__lt=now - timedelta(days=2)).delete()[0]


def _replay(cursor: Any, scope: str, key: str, request_hash: bytes) -> tuple[int, dict[str, Any], bool]:
    cursor.execute(_FIND_ANSWER, [scope, key])
    stored_hash, status, answer = cursor.fetchone()
    if bytes(stored_hash) != request_hash:
        raise KeyReused
    return status, orjson.loads(answer) if isinstance(answer, str | bytes) else answer, True
