"""Background work of payments, registered with the worker: everything that calls a provider."""

from __future__ import annotations

from django.utils.timezone import now as clock_now

from payments.online import looking, reconciling
from payments.online.attempts import CLOSE_JOB, OPEN_JOB
from payments.online.hearing import HEAR_JOB, hear_event
from payments.online.onboarding import ONBOARD_JOB, REFRESH_JOB, onboard, refresh_account, refresh_all
from payments.online.settling import close_attempt, open_attempt
from payments.papers import jobs as _paper_jobs  # noqa: F401 (registers the jobs that issue papers)
from payments.refunds import jobs as _refund_jobs  # noqa: F401 (registers what is done about refunds at night)
from payments.refunds.deciding import SEND_JOB
from payments.refunds.sending import send_refund
from tenants.jobs import job, periodic


@job(OPEN_JOB)
def open_at_provider(attempt_id: int, in_turn: bool = False) -> None:
    """Make the page on which an attempt is paid."""
    open_attempt(attempt_id=attempt_id, now=clock_now(), in_turn=in_turn)


@job(CLOSE_JOB)
def close_at_provider(attempt_id: int, withdraw_first: bool = False) -> None:
    """Close an attempt nobody may pay any more."""
    close_attempt(attempt_id=attempt_id, now=clock_now(), withdraw_first=withdraw_first)


@job(SEND_JOB)
def send(refund_id: int, in_turn: bool = False) -> None:
    """Send a refund back the way its money came."""
    send_refund(refund_id=refund_id, now=clock_now(), in_turn=in_turn)


@job(HEAR_JOB)
def hear(event_pk: int) -> None:
    """Look at what a provider's news are about."""
    hear_event(event_pk=event_pk, now=clock_now())


@job(ONBOARD_JOB, attempts=4)
def prepare_onboarding(payee_id: int, return_url: str, refresh_url: str) -> None:
    """Make a payee's account and the page for its owner."""
    onboard(payee_id=payee_id, return_url=return_url, refresh_url=refresh_url, now=clock_now())


@job(REFRESH_JOB, attempts=4)
def refresh(account: str) -> None:
    """Read what an account can do."""
    refresh_account(account=account, now=clock_now())


@job(reconciling.RECONCILE_JOB, attempts=4)
def reconcile_again(account: str, day: str) -> None:
    """Compare one day of one account again: somebody asked for it."""
    reconciling.reconcile(account=account, day=reconciling.day_of(day), now=clock_now())


@periodic("payments.look_round", cron="*/3 * * * *")
def look_round() -> None:
    """Every three minutes: what is under way at providers."""
    looking.look_round(now=clock_now())


@periodic("payments.ask_round", cron="7,22,37,52 * * * *")
def ask_round() -> None:
    """Every quarter of an hour: news whose delivery was lost."""
    looking.ask_round(now=clock_now())


@periodic("payments.reconcile", cron="20 17 * * *")
def reconcile_days() -> None:
    """Once a night (02:20 in Tokyo): the last days of every account, to the yen."""
    reconciling.reconcile_last_days(now=clock_now())


@periodic("payments.refresh_accounts", cron="50 17 * * *")
def refresh_accounts() -> None:
    """Once a night: what every account can do; and news nobody needs any more are deleted."""
    refresh_all(now=clock_now())
    looking.forget_old_news(now=clock_now())
