"""Background work of booking, registered with the worker."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.utils import timezone

from booking.basket.services import forget_baskets
from booking.displacing import lapse_offers
from booking.exempting.carrying import carry_standing
from booking.exempting.standing import STANDING_JOB
from booking.idempotency import forget_answers
from booking.overdue import lapse_dues, remind_of_dues
from booking.penalties.recording import FOLLOW_JOB, follow_offence
from booking.refund_news import tell_of_refund
from booking.reviewing.lateness import lapse_applications, warn_reviewers
from booking.reviewing.permits import unsettled_permits
from booking.series.intentions import JOB as INTENTIONS_JOB
from booking.series.intentions import renew_openings, try_intentions
from booking.series.planning import forget_drafts
from booking.services import expire_holds
from booking.settled import tell_of_payment
from booking.trials import JOB, forget_trials, run_trial
from booking.waiting.freeing import tell_freed
from booking.waiting.offering import advance_all, advance_release
from booking.waiting.releasing import ADVANCE_JOB, TELL_JOB
from tenants.jobs import enqueue, job, periodic


@periodic("booking.expire_holds", cron="* * * * *")
def sweep_holds() -> None:
    """Once a minute, free what expired holds still occupy."""
    expire_holds(now=timezone.now())


@job(ADVANCE_JOB)
def carry_release_on(release_id: int) -> None:
    """Make the next offer of a released time, let one expire, or free the time; may run again."""
    advance_release(release_id=release_id, now=timezone.now())


@job(TELL_JOB)
def tell_who_waits() -> None:
    """Tell who waits for a time that is free now; may run again."""
    tell_freed(now=timezone.now())


@periodic("booking.look_after_waits", cron="* * * * *")
def look_after_waits() -> None:
    """Once a minute, carry on what a job of its own missed, and tell who waits for what became free in any way."""
    advance_all(now=timezone.now())
    tell_freed(now=timezone.now())


@job(FOLLOW_JOB)
def follow_what_was_recorded(offence_id: int) -> None:
    """Work out what follows from an offence; may run again."""
    follow_offence(offence_id=offence_id, now=timezone.now())


@periodic("booking.lapse_offers", cron="* * * * *")
def sweep_offers() -> None:
    """Once a minute, cancel what was to move for official use and whose applicant did not answer in time."""
    lapse_offers(now=timezone.now())


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


@job(INTENTIONS_JOB)
def try_what_opens() -> None:
    """Try the dates of series whose window opens now; may run again."""
    try_intentions(now=timezone.now())


@periodic("booking.look_after_intentions", cron="* * * * *")
def look_after_intentions() -> None:
    """Once a minute, try what a job of its own missed."""
    try_intentions(now=timezone.now())


@periodic("booking.renew_openings", cron="7 17 * * *")
def renew_what_opens() -> None:
    """Once a night (02:07 in Tokyo), work out openings anew, and delete what was planned and never applied for."""
    renew_openings(now=timezone.now())
    forget_drafts(now=timezone.now())
    forget_baskets(now=timezone.now())


@job(settings.CHARGE_SETTLED_JOB)
def hear_of_payment(subject: str) -> None:
    """Tell whoever booked that a charge is paid; may run again."""
    tell_of_payment(subject=UUID(subject), now=timezone.now())


@job(settings.REFUND_NEWS_JOB)
def hear_of_refund(subject: str) -> None:
    """Tell whoever booked how a refund stands; may run again."""
    tell_of_refund(subject=UUID(subject), now=timezone.now())


@periodic("booking.lapse_dues", cron="* * * * *")
def sweep_dues() -> None:
    """Once a minute, do what follows from the days to pay that are over."""
    lapse_dues(now=timezone.now())


@periodic("booking.remind_of_dues", cron="*/10 * * * *")
def remind_who_pays() -> None:
    """Every ten minutes, remind of what is due soon, from the municipality's hour on."""
    remind_of_dues(now=timezone.now())


@periodic("booking.look_after_reviews", cron="* * * * *")
def look_after_reviews() -> None:
    """Once a minute, end what was not decided before its use began, and warn of what should be decided now."""
    lapse_applications(now=timezone.now())
    warn_reviewers(now=timezone.now())


@job(STANDING_JOB)
def carry_standing_exemption(standing_id: int) -> None:
    """Let a standing exemption reach what its group has booked already; may run again."""
    carry_standing(standing_id=standing_id, now=timezone.now())


@periodic("booking.look_after_permits", cron="*/5 * * * *")
def look_after_permits() -> None:
    """Every five minutes, settle the permits that a job of their own missed."""
    for ref in unsettled_permits(now=timezone.now()):
        enqueue(settings.PERMIT_JOB, ref=str(ref))
