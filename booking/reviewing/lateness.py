"""Applications that nobody decided in time: staff are warned, and when the use begins the application lapses."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from accounts.actors import SYSTEM
from booking import records
from booking.models import Reservation, Review
from booking.pricing import forgo_price
from booking.reviewing.opening import OPEN
from booking.telling import tell
from booking.transactions import one_transaction
from facilities.periods import local
from facilities.queries import rooms_among

# How long before the use staff are warned.
WARNED_BEFORE = timedelta(days=3)


def warn_reviewers(*, now: datetime) -> int:
    """Warn staff once of each application whose day of decision has come, or whose use is near. Returns how many."""
    waiting = Review.objects.filter(state__in=OPEN, warned_at__isnull=True)
    near = Q(reservation__starts_at__lte=now + WARNED_BEFORE)
    late = waiting.filter(near | Q(decide_by__lte=(now + timedelta(days=1)).date())).select_related(
        "reservation"
    )
    warned = 0
    rooms = rooms_among({review.reservation.room_id for review in late})
    for review in late.order_by("pk"):
        today, _ = local(now, rooms[review.reservation.room_id].zone)
        is_near = review.reservation.starts_at <= now + WARNED_BEFORE
        if not is_near and (review.decide_by is None or review.decide_by > today):
            continue
        with one_transaction():
            mine = Review.objects.filter(pk=review.pk, state__in=OPEN, warned_at__isnull=True)
            if mine.update(warned_at=now):
                tell("review_late", now=now, reservation_ref=review.reservation.ref)
                warned += 1
    return warned


def lapse_applications(*, now: datetime) -> int:
    """End every application whose use has begun and which nobody decided: its spaces are free, the applicant is told.

    Returns how many.
    """
    rows = Reservation.objects.filter(status=Reservation.Status.APPLIED, starts_at__lte=now)
    lapsed = 0
    for pk in rows.order_by("pk").values_list("pk", flat=True):
        with one_transaction():
            locked = rows.filter(pk=pk).select_for_update(no_key=True, skip_locked=True).first()
            if locked and records.end(locked, verb="lapse", actor=SYSTEM, reason="", now=now):
                forgo_price(locked, reason="期限切れ", actor=SYSTEM, now=now)
                tell("application_lapsed", now=now, reservation_ref=locked.ref)
                lapsed += 1
    return lapsed
