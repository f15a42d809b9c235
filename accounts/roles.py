"""Who may do what: residents their own, a hall manager at their halls, an admin everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.actors import Actor
from accounts.models import Staff


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A member of staff at work. ``facility_ids`` are a manager's halls; an admin works at all of them."""

    id: int
    user_id: int
    name: str
    role: str
    facility_ids: frozenset[int]

    @property
    def is_admin(self) -> bool:
        """Whether this is a municipality admin (所管課)."""
        return self.role == Staff.Role.ADMIN

    @property
    def actor(self) -> Actor:
        """The person as services want to know them."""
        return Actor("staff", self.id)

    def works_at(self, facility_id: int) -> bool:
        """Whether this person may see and change what happens at a hall."""
        return self.is_admin or facility_id in self.facility_ids


def staff_member(user: Any) -> StaffMember | None:
    """Return the active member of staff behind a log-in of this municipality, or None. One query."""
    if not getattr(user, "is_authenticated", False):
        return None
    rows = list(
        Staff.objects.filter(user_id=user.pk, is_active=True, user__is_active=True).values_list(
            "id", "name", "role", "facilities__facility_id"
        )
    )
    if not rows:
        return None
    staff_id, name, role, _ = rows[0]
    return StaffMember(staff_id, user.pk, name, role, frozenset(row[3] for row in rows if row[3] is not None))
