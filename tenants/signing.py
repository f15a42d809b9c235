"""Signed values that are worthless in every municipality but the one that signed them."""

from __future__ import annotations

from typing import Any

from django.core import signing

from tenants.context import current_schema


def _salt(purpose: str) -> str:
    return f"{current_schema()}:{purpose}"


def sign(value: Any, *, purpose: str) -> str:
    """Return ``value`` (JSON) as a signed token of the current municipality for one ``purpose``."""
    return signing.dumps(value, salt=_salt(purpose))


def unsign(token: str, *, purpose: str, max_age_seconds: int | None = None) -> Any:
    """Return the signed value. Raises signing.BadSignature for any other municipality, purpose or age."""
    return signing.loads(token, salt=_salt(purpose), max_age=max_age_seconds)
