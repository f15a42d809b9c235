"""Background work of booking, registered with the worker."""

from __future__ import annotations

from django.utils import timezone

from booking.idempotency import forget_answers
from booking.services import expire_holds
from tenants.jobs import periodic


@periodic("booking.expire_holds", cron="* * * * *")
def sweep_holds() -> None:
    """Once a minute, free what expired holds still occupy."""
    expire_holds(now=timezone.now())


@periodic("booking.forget_answers", cron="17 18 * * *")
def sweep_answers() -> None:
    """Once a night (03:17 in Tokyo), delete the answers kept for repeated requests."""
    forget_answers(now=timezone.now())
