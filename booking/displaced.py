"""Whether the hall took a booking's time away: then its applicant leaves or changes without cost."""

from __future__ import annotations

from collections.abc import Collection

from booking.applications import Assessed
from booking.models import Change, Displaced, Reservation

Outcome = Displaced.Outcome


def owed_by_hall(reservation_id: int) -> bool:
    """Whether a booking is asked to move, or was moved without being asked, and nothing was chosen since.

    Then cancelling it gives everything back, changing it costs nothing, and neither is held against anybody.
    """
    rows = Displaced.objects.filter(reservation_id=reservation_id).order_by("-pk")
    last = rows.values_list("outcome", "displacement__decided_at").first()
    if last is None or last[0] not in (Outcome.OFFERED, Outcome.MOVED):
        return False
    since = Change.objects.filter(reservation_id=reservation_id, at__gt=last[1])
    return last[0] == Outcome.OFFERED or not since.exists()


def owes_change(reservation: Reservation, new: Assessed) -> bool:
    """Whether the hall owes a booking this change: for no longer than what it took away, for the same use, and with
    nothing more lent. Anything beyond is a change like everybody's, or a moved hour would become a free day.
    """
    last = last_displaced(reservation.pk) if owed_by_hall(reservation.pk) else None
    if last is None:
        return False
    lengths = (reservation.ends_at - reservation.starts_at, last.old_ends_at - last.old_starts_at)
    if new.ends_at - new.starts_at > max(lengths):
        return False
    said, before = new.asker.details, reservation
    same_use = said.purpose in ("", before.purpose_key) and all(
        before.answers.get(key, answer) == answer for key, answer in said.answers.items()
    )
    return same_use and all(number <= before.extras.get(key, 0) for key, number in said.extras.items())


def last_displaced(reservation_id: int) -> Displaced | None:
    """Return what the hall did with a booking last, with its displacement; None when it left it alone."""
    rows = Displaced.objects.select_related("displacement__closure", "old_room__facility")
    return rows.filter(reservation_id=reservation_id).order_by("-pk").first()


def open_offer(reservation_id: int) -> Displaced | None:
    """Return what a booking is asked and has not answered, with its displacement; None when nothing is asked."""
    last = last_displaced(reservation_id)
    return last if last and last.outcome == Outcome.OFFERED else None


def asked_among(reservation_ids: Collection[int]) -> frozenset[int]:
    """Return which of these bookings are asked to move and have not answered. One query."""
    rows = Displaced.objects.filter(reservation_id__in=reservation_ids, outcome=Outcome.OFFERED)
    return frozenset(rows.values_list("reservation_id", flat=True))
