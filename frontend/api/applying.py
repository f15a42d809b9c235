"""Who may book what for whom: residents for themselves, staff at their halls for anybody."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied

from accounts.callers import Caller
from accounts.errors import ResidentNotFound
from accounts.groups.queries import group_by_ref, membership_of
from accounts.models import Resident
from accounts.roles import StaffMember
from accounts.services import register_resident
from booking.errors import ReservationNotFound
from booking.parties import Party
from booking.queries import ReservationView, reservation_for_staff, reservation_of
from facilities.queries import room_facts
from frontend.api.errors import InvalidInput, NotARegisteredResident, OtherHall
from frontend.api.inputs import HirerInput, KnownHirerInput
from frontend.api.sentences import say


def check_hirer(caller: Caller, sent: KnownHirerInput, room_ids: Iterable[int]) -> None:
    """Refuse a resident who books for others, and staff who do not say for whom or work elsewhere.

    Raises InvalidInput, OtherHall, RoomNotFound.
    """
    if caller.staff is None:
        names = ("resident", "resident_id", "channel", "override_reason")
        refuse_for_residents(caller, **{name: getattr(sent, name, None) for name in names})
        return
    if isinstance(sent, HirerInput):
        if (sent.resident is None) == (sent.resident_id is None):
            raise InvalidInput([{"pointer": "/resident", "detail": say("one_resident")}])
    elif sent.resident_id is None:
        raise InvalidInput([{"pointer": "/resident_id", "detail": say("missing")}])
    check_rooms(caller, room_ids)


def refuse_for_residents(caller: Caller, **said: object) -> None:
    """Refuse a resident who says what only staff may say. Raises InvalidInput."""
    named = [name for name, value in said.items() if value] if caller.staff is None else []
    if named:
        raise InvalidInput([{"pointer": f"/{name}", "detail": say("staff_only")} for name in named])


def check_rooms(caller: Caller, room_ids: Iterable[int]) -> None:
    """Let staff use only rooms of halls where they work. Raises OtherHall, RoomNotFound."""
    if caller.staff is None or caller.staff.is_admin:
        return
    if not all(caller.staff.works_at(room_facts(room_id).facility_id) for room_id in set(room_ids)):
        raise OtherHall


def resident_calling(caller: Caller) -> int:
    """Return the resident who calls. Raises PermissionDenied for staff, NotARegisteredResident for nobody."""
    if caller.staff is not None:
        raise PermissionDenied
    if caller.resident_id is None:
        raise NotARegisteredResident
    return caller.resident_id


def staff_calling(caller: Caller) -> StaffMember:
    """Return the member of staff who calls. Raises PermissionDenied."""
    if caller.staff is None:
        raise PermissionDenied
    return caller.staff


def halls_of(caller: Caller) -> list[int] | None:
    """Return the halls where a member of staff works; None: at all. Raises PermissionDenied for everybody else."""
    staff = staff_calling(caller)
    return None if staff.is_admin else sorted(staff.facility_ids)


def party_of(caller: Caller, sent: KnownHirerInput) -> Party:
    """Return who asks: as ``hirer_id`` and ``group_id``."""
    return Party(hirer_id(caller, sent), group_id(caller, sent))


def group_id(caller: Caller, sent: KnownHirerInput) -> int | None:
    """Return the group that is booked for: one the resident acts for; for staff, any. Raises GroupNotFound."""
    if sent.group is None:
        return None
    if caller.staff is None:
        return membership_of(resident_id=caller.resident_id or 0, ref=sent.group).group_id
    return group_by_ref(sent.group).pk


def hirer_id(caller: Caller, sent: KnownHirerInput) -> int:
    """Return for whom is booked; a new resident is written, so call this in the booking's transaction.

    Raises ResidentNotFound, NotARegisteredResident.
    """
    if caller.staff is None:
        if caller.resident_id is None:
            raise NotARegisteredResident
        return caller.resident_id
    if isinstance(sent, HirerInput) and sent.resident is not None:
        return register_resident(**sent.resident.model_dump()).pk
    resident_id = sent.resident_id or 0
    if not Resident.objects.filter(pk=resident_id).exists():
        raise ResidentNotFound
    return resident_id


def channel(caller: Caller, sent: KnownHirerInput) -> str:
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
