"""People and groups: log-ins, residents, staff, tokens; groups (団体) and who acts for them."""

from __future__ import annotations

from accounts.models.groups import Group, Membership
from accounts.models.people import ApiToken, Resident, Staff, User, UserManager

__all__ = ["ApiToken", "Group", "Membership", "Resident", "Staff", "User", "UserManager"]
