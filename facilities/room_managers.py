"""Which staff are told of what happens in a room (accounts.notices says who wants to be)."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from accounts.models import Staff
from accounts.notices.choosing import silent_rooms_of, staff_want
from accounts.notices.kinds import Audience, Kind
from facilities.models import FacilityStaff


def staff_told_of(kind: Kind, *, rooms: Collection[tuple[int, int]]) -> list[tuple[Staff, frozenset[int]]]:
    """Return the staff who want to be told ``kind``, each with those of ``rooms`` it concerns them about.

    ``rooms`` are (room, hall). Managers are told of the rooms of their halls, admins of all, both without the rooms
    they do not want to hear of. Where there are no rooms (a group applied), it concerns nobody's room.
    """
    at = dict(rooms)
    wanted = Q(role=Staff.Role.ADMIN)
    if Audience.MANAGERS in kind.audience:
        wanted |= Q(role=Staff.Role.MANAGER, facilities__facility_id__in=set(at.values()))
    people = Staff.objects.filter(wanted, is_active=True, user__is_active=True).select_related("user")
    chosen = {staff: _concerned(staff, at) for staff in people.distinct().order_by("pk")}
    return [(staff, mine) for staff, mine in chosen.items() if (mine or not rooms) and _wants(staff, kind)]


def _wants(staff: Staff, kind: Kind) -> bool:
    choice = staff.notice_choices.filter(kind=kind.key).values_list("wanted", flat=True).first()
    return staff_want(kind, is_admin=staff.role == Staff.Role.ADMIN) if choice is None else choice


def _concerned(staff: Staff, at: dict[int, int]) -> frozenset[int]:
    rooms = frozenset(at) - silent_rooms_of(staff)
    if staff.role == Staff.Role.ADMIN:
        return rooms
    halls = set(FacilityStaff.objects.filter(staff=staff).values_list("facility_id", flat=True))
    return frozenset(room for room in rooms if at[room] in halls)
