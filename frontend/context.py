"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def municipality(request: HttpRequest) -> dict[str, Any]:
    """Give templates ``municipality`` (None on the public host)."""
    return {"municipality": getattr(request, "tenant", None)}
