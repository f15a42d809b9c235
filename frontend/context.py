"""What every template may use."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from booking.queries import ReservationView, open_hold
from frontend.resident.acting import NOBODY, Acting, acting_of
from frontend.resident.people import resident_of


def municipality(request: HttpRequest) -> dict[str, Any]:
    """Give templates ``municipality`` (None on the public host), ``open_hold`` and ``acting``, asked for when used."""
    tenant = getattr(request, "tenant", None)

    @cache
    def unfinished() -> ReservationView | None:
        resident = resident_of(request) if tenant is not None and hasattr(request, "user") else None
        return open_hold(resident_id=resident.pk, now=timezone.now()) if resident else None

    @cache
    def acting() -> Acting:
        return acting_of(request) if tenant is not None and hasattr(request, "user") else NOBODY

    return {"municipality": tenant, "open_hold": unfinished, "acting": acting}
