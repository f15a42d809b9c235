"""Where a page ended, signed: only the municipality that wrote it, for the same list, can go on from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.signing import BadSignature

from frontend.api.errors import InvalidCursor
from tenants.signing import sign, unsign


def cursor_after(place: tuple[datetime, int], *, listing: str) -> str:
    """Return the cursor for what follows ``place`` (start, id of the last row) in a ``listing``."""
    return sign([place[0].isoformat(), place[1]], purpose=f"cursor:{listing}")


def place_of(cursor: str | None, *, listing: str) -> tuple[datetime, int] | None:
    """Return the place a cursor stands for; None for the first page. Raises InvalidCursor."""
    if cursor is None:
        return None
    try:
        value: Any = unsign(cursor, purpose=f"cursor:{listing}")
        return datetime.fromisoformat(value[0]), int(value[1])
    except (BadSignature, UnicodeError, ValueError) as error:
        raise InvalidCursor from error
