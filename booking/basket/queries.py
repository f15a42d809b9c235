"""Reads of what was applied for at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.actors import Actor
from booking.errors import ReservationNotFound
from booking.models import Application, Reservation
from booking.parties import theirs
from facilities.queries import RoomFacts, rooms_among


@dataclass(frozen=True, slots=True)
class Part:
    """One reservation of an application, with its room."""

    reservation: Reservation
    room: RoomFacts


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """An application with all its reservations, by time."""

    application: Application
    parts: Sequence[Part]

    @property
    def price_yen(self) -> int | None:
        """What they cost together, in yen; None while the price of one is open."""
        prices = [part.reservation.price_yen for part in self.parts]
        return None if None in prices else sum(yen for yen in prices if yen)


def application_view(*, ref: UUID, actor: Actor) -> ApplicationView:
    """Return an application the actor may see; for staff, the caller checks the halls. Raises ReservationNotFound."""
    rows = Application.objects.select_related("resident", "group").filter(ref=ref)
    if actor.kind == "resident":
        rows = rows.filter(theirs(actor.id))
    application = rows.first()
    if application is None:
        raise ReservationNotFound
    found = list(Reservation.objects.filter(application=application).order_by("starts_at", "room_id"))
    rooms = rooms_among({row.room_id for row in found})
    return ApplicationView(application, [Part(row, rooms[row.room_id]) for row in found])
