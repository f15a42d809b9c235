"""What the worker does for doors. A job carries the subject's id, never a code."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from locks.reconcile import heal, reconcile_subject
from tenants.jobs import job, periodic


@job("locks.reconcile")
def reconcile_access(subject: str) -> None:
    """Bring about at once what was just wanted or withdrawn."""
    reconcile_subject(subject=UUID(subject), now=timezone.now())


@periodic("locks.heal", cron="* * * * *")
def heal_access() -> None:
    """Every minute: what is missing, to be tried again, beginning or over."""
    heal(clock=timezone.now)
