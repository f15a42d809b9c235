"""People and groups: log-ins, residents, staff, tokens; groups (団体) and who acts for them; what they are told."""

from __future__ import annotations

from accounts.models.groups import Group, Membership
from accounts.models.households import Household, HouseholdMember
from accounts.models.line import LineAccount, LineCode, LineFriend
from accounts.models.notices import (
    Channel,
    Notice,
    NoticeChoice,
    NoticeSettings,
    NoticeText,
    SilentRooms,
)
from accounts.models.people import ApiToken, Resident, Staff, User, UserManager
from accounts.models.rosters import GroupInvitation, RosterEntry, RosterViewing

__all__ = [
    "ApiToken",
    "Channel",
    "Group",
    "GroupInvitation",
    "Household",
    "HouseholdMember",
    "LineAccount",
    "LineCode",
    "LineFriend",
    "Membership",
    "Notice",
    "NoticeChoice",
    "NoticeSettings",
    "NoticeText",
    "Resident",
    "RosterEntry",
    "RosterViewing",
    "SilentRooms",
    "Staff",
    "User",
    "UserManager",
]
