"""Background work of booking, registered with the worker."""

from __future__ import annotations

from django.utils import timezone

from booking.idempotency import forget_answers
from booking.services import expire_holds
from booking.trials import JOB, forget_trials, run_trial
from tenants.jobs import job, periodic


@periodic("booking.expire_holds", cron="* * * * *")
def sweep_holds() -> None:
    """Once a minute, free what expired holds still occupy."""
    expire_holds(now=timezone.now())


@periodic("booking.forget_answers", cron="17 18 * * *")
def sweep_answers() -> None:
    """Once a night (03:17 in Tokyo), delete the answers kept for repeated requests."""
    forget_answers(now=timezone.now())


@job(JOB, attempts=3)
def try_rules(trial_id: int) -> None:
    """Try rules on the reservations of a past period; may run again, and then begins anew."""
    run_trial(trial_id=trial_id, now=timezone.now)


@periodic("booking.forget_trials", cron="27 18 * * *")
def sweep_trials() -> None:
    """Once a night (03:27 in Tokyo), delete trials that are eight weeks old."""
    forget_trials(now=timezone.now())
