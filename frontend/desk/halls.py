"""What a member of staff may touch. Anything of a hall they do not work at is not found."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from accounts.roles import StaffMember
from booking.errors import ReservationNotFound
from booking.queries import ReservationView, reservation_for_staff
from facilities.errors import FacilityNotFound, RoomNotFound
from facilities.models import Facility
from facilities.queries import RoomFacts, room_by_key, staff_facilities, staff_facility
from frontend.errors import NoSuchDay


def my_halls(staff: StaffMember) -> list[Facility]:
    """Return the halls this person works at, in their order."""
    return staff_facilities(None if staff.is_admin else staff.facility_ids)


def my_hall(staff: StaffMember, key: str) -> Facility:
    """Return one of this person's halls. Raises FacilityNotFound."""
    facility = staff_facility(key)
    if not staff.works_at(facility.pk):
        raise FacilityNotFound
    return facility


def my_room(staff: StaffMember, facility_key: str, room_key: str) -> RoomFacts:
    """Return an open room of one of this person's halls. Raises RoomNotFound."""
    room = room_by_key(facility_key, room_key)
    if not staff.works_at(room.facility_id):
        raise RoomNotFound
    return room


def my_reservation(staff: StaffMember, ref: UUID) -> ReservationView:
    """Return a reservation at one of this person's halls. Raises ReservationNotFound."""
    reservation = reservation_for_staff(ref=ref)
    if not staff.works_at(reservation.room.facility_id):
        raise ReservationNotFound
    return reservation


def read_day(text: str) -> date:
    """Return the day written as 2026-12-02, within the years a hall plans for. Raises NoSuchDay."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise NoSuchDay from None
    if not 2000 <= day.year < 2200:
        raise NoSuchDay
    return day
