"""Halls, rooms and the rules that govern them; the registrations of groups under those rules."""

from __future__ import annotations

from facilities.models.halls import (
    Facility,
    FacilityStaff,
    HallImport,
    Room,
    RoomSpace,
    RuleBook,
    RuleDraft,
    RuleVersion,
    Space,
)
from facilities.models.registrations import Evidence, GroupRegistration

__all__ = [
    "Evidence",
    "Facility",
    "FacilityStaff",
    "GroupRegistration",
    "HallImport",
    "Room",
    "RoomSpace",
    "RuleBook",
    "RuleDraft",
    "RuleVersion",
    "Space",
]
