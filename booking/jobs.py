"""Background work of booking, registered with the worker."""

from __future__ import annotations

from django.utils import timezone

from booking.services import expire_holds
from tenants.jobs import periodic


@periodic("booking.expire_holds", cron="* * * * *")
def sweep_holds() -> None:
    """Once a minute, free what expired holds still occupy."""
    expire_holds(now=timezone.now())
