"""Who may book what for whom: residents for themselves, staff at their halls for anybody."""

from __future__ import annotations

from uuid import UUID

from accounts.callers import Caller
from accounts.errors import ResidentNotFound
from accounts.models import Resident
from accounts.services import register_resident
from booking.errors import ReservationNotFound
from booking.queries import ReservationView, reservation_for_staff, reservation_of
from facilities.queries import room_facts
from frontend.api.errors import InvalidInput, NotARegisteredResident, OtherHall
from frontend.api.inputs import HoldInput
from frontend.api.sentences import say


def check_hirer(caller: Caller, sent: HoldInput) -> None:
    """Refuse a resident who books for others, and staff who do not say for whom or work elsewhere.

    Raises InvalidInput, OtherHall, RoomNotFound.
    """
    if caller.staff is None:
        named = [name for name in ("resident", "resident_id", "channel") if getattr(sent, name) is not None]
        if named:
            raise InvalidInput([{"pointer": f"/{name}", "detail": say("staff_only")} for name in named])
        return
    if (sent.resident is None) == (sent.resident_id is None):
        raise InvalidInput([{"pointer": "/resident", "detail": say("one_resident")}])
    if not caller.staff.is_admin and not caller.staff.works_at(room_facts(sent.room).facility_id):
        raise OtherHall


def hirer_id(caller: Caller, sent: HoldInput) -> int:
    """Return for whom is booked; a new resident is written, so call this in the booking's transaction.

    Raises ResidentNotFound, NotARegisteredResident.
    """
    if caller.staff is None:
        if caller.resident_id is None:
            raise NotARegisteredResident
        return caller.resident_id
    if sent.resident is not None:
        return register_resident(**sent.resident.model_dump()).pk
    resident_id = sent.resident_id or 0
    if not Resident.objects.filter(pk=resident_id).exists():
        raise ResidentNotFound
    return resident_id


def channel(caller: Caller, sent: HoldInput) -> str:
    """Return how the application reached us."""
    return "api" if caller.staff is None else sent.channel or "desk"


def reservation_seen_by(caller: Caller, ref: UUID) -> ReservationView:
    """Return a reservation: a resident's own, or one at a hall where staff work. Raises ReservationNotFound."""
    if caller.staff is None:
        if caller.resident_id is None:
            raise NotARegisteredResident
        return reservation_of(resident_id=caller.resident_id, ref=ref)
    view = reservation_for_staff(ref=ref)
    if not caller.staff.works_at(view.room.facility_id):
        raise ReservationNotFound
    return view


def check_hall(caller: Caller, ref: UUID) -> None:
    """Let staff act only at their halls; residents are checked by the service itself. Raises ReservationNotFound."""
    if caller.staff is not None and not caller.staff.is_admin:
        reservation_seen_by(caller, ref)
