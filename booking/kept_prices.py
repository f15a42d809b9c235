"""Reservations that keep the rules and the price they were made with, whatever is published later."""

from __future__ import annotations

from datetime import date

from booking.models import Reservation
from facilities.periods import moment
from tenants.context import current_zone

_STANDING = (Reservation.Status.CONFIRMED, Reservation.Status.HOLD)


def count_made_under(*, rule_version_id: int) -> int:
    """Return how many standing reservations were made under a version of the rules."""
    return Reservation.objects.filter(rule_version_id=rule_version_id, status__in=_STANDING).count()


def count_made_from(*, rule_book_id: int, day: date) -> int:
    """Return how many standing reservations of a rule book's halls begin on ``day`` or later."""
    begins = moment(day, 0, current_zone())
    rows = Reservation.objects.filter(room__facility__rule_book_id=rule_book_id, status__in=_STANDING)
    return rows.filter(starts_at__gte=begins).count()
