"""People and groups: log-ins, residents, staff, tokens; groups (団体) and who acts for them."""

from __future__ import annotations

from accounts.models.groups import Group, Membership
from accounts.models.households import Household, HouseholdMember
from accounts.models.people import ApiToken, Resident, Staff, User, UserManager
from accounts.models.rosters import GroupInvitation, RosterEntry, RosterViewing

__all__ = [
    "ApiToken",
    "Group",
    "GroupInvitation",
    "Household",
    "HouseholdMember",
    "Membership",
    "Resident",
    "RosterEntry",
    "RosterViewing",
    "Staff",
    "User",
    "UserManager",
]
