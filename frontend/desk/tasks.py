"""What waits for staff, counted: shown where they begin their day."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import StaffMember
from booking.penalties.queries import waiting_for_staff
from booking.reviewing.queue import count_waiting
from facilities.groups.queries import count_waiting_registrations


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits: its name, how often, and the page where it is done."""

    name: str
    count: int
    address: str


def tasks_of(staff: StaffMember) -> list[Task]:
    """Return what waits for a decision at the halls of this person; what nobody waits for is left out."""
    mine = None if staff.is_admin else staff.facility_ids
    found = [
        Task(_("申込みの審査"), count_waiting(facility_ids=mine), reverse("desk:reviews")),
        Task(_("団体登録の審査"), count_waiting_registrations(facility_ids=mine), reverse("desk:groups")),
        Task(_("異議申出・処分の判断"), waiting_for_staff(mine), reverse("desk:penalties")),
    ]
    return [one for one in found if one.count]
