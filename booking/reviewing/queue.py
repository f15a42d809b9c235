"""What reviewers see: applications waiting, the longest first; one application with what was applied for beside it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from booking.models import Reservation, Review
from booking.queries import ReservationView, reservations_for_staff
from booking.reviewing.opening import OPEN
from facilities.ordinance import Reason
from facilities.periods import local

MOST_WAITING = 300
MOST_EARLIER = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """An application before the reviewers: since when, why, how many days to its use, by when it should be decided."""

    view: ReservationView
    state: str
    applied_at: datetime
    days_waiting: int
    days_to_use: int
    decide_by: date | None
    is_late: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """What became of a review, and by whom."""

    state: str
    applied_at: datetime
    decide_by: date | None
    reasons: tuple[Reason, ...]
    opinion: str
    reviewer: str
    reviewed_at: datetime | None
    decider: str
    closed_at: datetime | None
    conditions: str
    refusal_reason: str
    instruction: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether it still has to be decided."""
        return self.state in OPEN


def waiting_applications(
    *, facility_ids: Collection[int] | None, now: datetime, application_id: int | None = None
) -> list[Waiting]:
    """Return what waits for a decision at some halls (None: at all), what waits longest first.

    ``application_id``: only what was applied for at once under it.
    """
    rows = Review.objects.filter(state__in=OPEN, reservation__status=Reservation.Status.APPLIED)
    if facility_ids is not None:
        rows = rows.filter(reservation__room__facility_id__in=facility_ids)
    if application_id is not None:
        rows = rows.filter(reservation__application_id=application_id)
    found = list(rows.order_by("applied_at", "pk")[:MOST_WAITING])
    views = {one.id: one for one in reservations_for_staff(ids=[review.reservation_id for review in found])}
    return [_waiting(review, views[review.reservation_id], now) for review in found]


def count_waiting(*, facility_ids: Collection[int] | None) -> int:
    """Return how many applications wait at some halls (None: at all)."""
    rows = Review.objects.filter(state__in=OPEN, reservation__status=Reservation.Status.APPLIED)
    if facility_ids is not None:
        rows = rows.filter(reservation__room__facility_id__in=facility_ids)
    return rows.count()


def review_record(*, reservation_id: int) -> ReviewRecord | None:
    """Return the latest review of a reservation; None where the rules wanted none."""
    rows = Review.objects.filter(reservation_id=reservation_id).select_related("reviewer", "decider")
    review = rows.order_by("-pk").first()
    if review is None:
        return None
    return ReviewRecord(
        state=review.state,
        applied_at=review.applied_at,
        decide_by=review.decide_by,
        reasons=_reasons(review),
        opinion=review.opinion,
        reviewer=review.reviewer.name if review.reviewer else "",
        reviewed_at=review.reviewed_at,
        decider=review.decider.name if review.decider else "",
        closed_at=review.closed_at,
        conditions=review.conditions,
        refusal_reason=review.refusal_reason,
        instruction=tuple(review.instruction.splitlines()),
    )


def earlier_uses(view: ReservationView) -> list[ReservationView]:
    """Return the last uses of the same group (of the same resident, where none applies), the latest first."""
    who: dict[str, Any] = (
        {"group__ref": view.group.ref}
        if view.group
        else {"resident_id": view.resident.id, "group__isnull": True}
    )
    rows = Reservation.objects.filter(
        **who, status__in=[Reservation.Status.CONFIRMED, Reservation.Status.REFUSED]
    )
    rows = rows.exclude(pk=view.id).filter(created_at__lte=view.created_at)
    ids = list(rows.order_by("-starts_at").values_list("pk", flat=True)[:MOST_EARLIER])
    return sorted(reservations_for_staff(ids=ids), key=lambda one: one.starts_at, reverse=True)


def _waiting(review: Review, view: ReservationView, now: datetime) -> Waiting:
    zone = view.room.zone
    today, use = local(now, zone)[0], local(view.starts_at, zone)[0]
    return Waiting(
        view=view,
        state=review.state,
        applied_at=review.applied_at,
        days_waiting=(today - local(review.applied_at, zone)[0]).days,
        days_to_use=(use - today).days,
        decide_by=review.decide_by,
        is_late=review.warned_at is not None or (review.decide_by is not None and review.decide_by < today),
        reasons=_reasons(review),
    )


def _reasons(review: Review) -> tuple[Reason, ...]:
    return tuple(Reason.from_dict(one) for one in review.reasons)
