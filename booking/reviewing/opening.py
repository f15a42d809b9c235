"""An application begins to wait for its review, or no longer waits; a permit is wanted, or no longer true."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from booking.models import Permit, Reservation, Review
from facilities.ordinance import ReviewAnswer
from tenants.jobs import enqueue

OPEN = (Review.State.APPLIED, Review.State.REVIEWED)
# How an open review ends when its application ends otherwise than by a decision (the verbs of booking.records).
_ENDED = {
    "cancel": Review.State.WITHDRAWN,
    "displace": Review.State.WITHDRAWN,
    "lapse": Review.State.LAPSED,
}


def open_review(reservation: Reservation, answer: ReviewAnswer, *, now: datetime) -> None:
    """Put an application before the reviewers. One that waits already (it was changed) keeps its place in the queue
    and is looked at anew. Called in the transaction that wrote the reservation.
    """
    reasons = [reason.to_dict() for reason in answer.reasons]
    anew = Review.objects.filter(reservation_id=reservation.pk, state__in=OPEN).update(
        state=Review.State.APPLIED,
        reasons=reasons,
        decide_by=answer.decide_by,
        reviewer=None,
        reviewed_at=None,
        warned_at=None,
    )
    if not anew:
        Review.objects.create(
            reservation_id=reservation.pk, reasons=reasons, decide_by=answer.decide_by, applied_at=now
        )


def need_no_review(reservation: Reservation, *, now: datetime) -> None:
    """What was changed so that the rules permit it at once leaves the queue."""
    Review.objects.filter(reservation_id=reservation.pk, state__in=OPEN).update(
        state=Review.State.WITHDRAWN, closed_at=now
    )


def close_papers(reservation: Reservation, *, verb: str, now: datetime) -> None:
    """What follows for review and permit when a reservation ends by ``verb``. Called where its row is ended."""
    state = _ENDED.get(verb)
    if state is None:
        return
    Review.objects.filter(reservation_id=reservation.pk, state__in=OPEN).update(state=state, closed_at=now)
    Permit.objects.filter(reservation_id=reservation.pk, revoked_at__isnull=True).update(
        revoked_at=now, revoked_because="cancelled"
    )


def want_permit(reservation: Reservation) -> None:
    """Let the worker issue, renew or revoke the permit of a reservation, once this transaction is committed."""
    enqueue(settings.PERMIT_JOB, ref=str(reservation.ref))


def renew_permit(reservation: Reservation) -> None:
    """A reservation with a permit was changed: the old one is revoked and a new one issued, where it says otherwise."""
    if Permit.objects.filter(reservation_id=reservation.pk, revoked_at__isnull=True).exists():
        want_permit(reservation)
