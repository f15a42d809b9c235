"""Whether the hall took a booking's time away: then its applicant leaves or changes without cost."""

from __future__ import annotations

from booking.models import Change, Displaced

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


def last_displaced(reservation_id: int) -> Displaced | None:
    """Return what the hall did with a booking last, with its displacement; None when it left it alone."""
    rows = Displaced.objects.select_related("displacement__closure", "old_room__facility")
    return rows.filter(reservation_id=reservation_id).order_by("-pk").first()


def open_offer(reservation_id: int) -> Displaced | None:
    """Return what a booking is asked and has not answered, with its displacement; None when nothing is asked."""
    last = last_displaced(reservation_id)
    return last if last and last.outcome == Outcome.OFFERED else None
