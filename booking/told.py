"""What the messages about reservations need to know, read when they are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from booking.models import Change, Reservation, Series, Transition
from booking.queries import ReservationView, reservation_for_staff
from facilities.queries import RoomFacts, room_facts

Status = Reservation.Status
# Longer lists are read on the page, not in a message.
MOST_ITEMS = 400


@dataclass(frozen=True, slots=True)
class Before:
    """Where and when a reservation was before its last change."""

    room: RoomFacts
    starts_at: datetime
    ends_at: datetime


def reservations_about(
    *, reservation_ref: UUID | None, application_ref: UUID | None
) -> list[ReservationView]:
    """Return the reservations something is about, by their beginning: the one, or all of the application."""
    if reservation_ref:
        about = Q(ref=reservation_ref)
    elif application_ref:
        about = Q(application__ref=application_ref)
    else:
        return []
    refs = Reservation.objects.filter(about).order_by("starts_at", "id").values_list("ref", flat=True)
    return [reservation_for_staff(ref=ref) for ref in refs[:MOST_ITEMS]]


def statuses_about(ref: UUID) -> set[str]:
    """Return the states of the reservation with this ref, or of those of the application with it."""
    about = Q(ref=ref) | Q(application__ref=ref)
    return set(Reservation.objects.filter(about).values_list("status", flat=True))


def refs_told_about(ref: UUID) -> list[UUID]:
    """Return the refs under which messages about a reservation are kept: its own, and its application's."""
    application = Reservation.objects.filter(ref=ref).values_list("application__ref", flat=True).first()
    return [ref, *([application] if application else [])]


def last_step(reservation_id: int) -> tuple[str, int | None]:
    """Return the reason given with the last step of a reservation, and the member of staff who took it."""
    step = Transition.objects.filter(reservation_id=reservation_id).order_by("-id").first()
    if step is None:
        return "", None
    return step.reason, step.actor_id if step.actor_kind == "staff" else None


def before_last_change(reservation_id: int) -> Before | None:
    """Return where and when a reservation was before it was last changed; None when it never was."""
    change = Change.objects.filter(reservation_id=reservation_id).order_by("-id").first()
    return Before(room_facts(change.room_id), change.starts_at, change.ends_at) if change else None


def owner_of_series(ref: UUID) -> tuple[int, int | None] | None:
    """Return the resident and the group a series belongs to."""
    return Series.objects.filter(ref=ref).values_list("resident_id", "group_id").first()


def rooms_of_series(ref: UUID) -> list[RoomFacts]:
    """Return the rooms a series is wished for."""
    rooms = Series.objects.filter(ref=ref).values_list("rooms", flat=True).order_by("rooms")
    return [room_facts(room) for room in rooms if room]


def to_remind_of(
    *, begins_from: datetime, begins_before: datetime, booked_before: datetime
) -> list[tuple[UUID, datetime]]:
    """Return the confirmed reservations that begin in a span and were made before an instant, with their beginning."""
    found = Reservation.objects.filter(
        status=Status.CONFIRMED,
        starts_at__gte=begins_from,
        starts_at__lt=begins_before,
        created_at__lt=booked_before,
    )
    return list(found.order_by("starts_at", "id").values_list("ref", "starts_at"))
