"""Reads about groups and their people. Rosters are read in ``accounts.groups.rosters``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.errors import GroupNotFound
from accounts.models import Group, GroupInvitation, Membership


@dataclass(frozen=True, slots=True)
class MembershipView:
    """A group as one of its people sees it."""

    group_id: int
    ref: UUID
    name: str
    role: str

    @property
    def is_representative(self) -> bool:
        """Whether this person represents the group."""
        return self.role == Membership.Role.REPRESENTATIVE


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who acts for a group, or sees what it does."""

    membership_id: int
    resident_id: int
    name: str
    name_kana: str
    phone: str
    email: str
    role: str
    since: datetime
    has_login: bool


def memberships_of(*, resident_id: int) -> list[MembershipView]:
    """Return the groups a resident belongs to, in the order of their names. One query."""
    rows = Membership.objects.filter(resident_id=resident_id, ended_at=None, group__ended_at=None)
    found = rows.values_list("group_id", "group__ref", "group__name", "role")
    return [MembershipView(*row) for row in found.order_by("group__name_kana", "group__name", "group_id")]


def membership_of(*, resident_id: int, ref: UUID) -> MembershipView:
    """Return a group to which a resident belongs. Raises GroupNotFound, also for the groups of others."""
    found = [one for one in memberships_of(resident_id=resident_id) if one.ref == ref]
    if not found:
        raise GroupNotFound
    return found[0]


def group_by_ref(ref: UUID) -> Group:
    """Return a group, ended or not. Raises GroupNotFound."""
    group = Group.objects.filter(ref=ref).first()
    if group is None:
        raise GroupNotFound
    return group


def members_of(group_id: int) -> list[Member]:
    """Return who belongs to a group now: the representative first, then by name."""
    order = {role: place for place, role in enumerate(Membership.Role.values)}
    rows = Membership.objects.filter(group_id=group_id, ended_at=None).select_related("resident__user")
    members = [_member(row) for row in rows.order_by("resident__name_kana", "resident__name", "pk")]
    return sorted(members, key=lambda one: order[one.role])


def _member(row: Membership) -> Member:
    who = row.resident
    return Member(
        row.pk,
        who.pk,
        who.name,
        who.name_kana,
        who.phone,
        who.email,
        row.role,
        row.since,
        who.user_id is not None,
    )


def representative_of(group_id: int) -> Member | None:
    """Return who represents a group; None when nobody does (any more)."""
    return next((one for one in members_of(group_id) if one.role == Membership.Role.REPRESENTATIVE), None)


def open_invitations(group_id: int) -> list[GroupInvitation]:
    """Return the invitations that were neither accepted nor withdrawn, expired ones too, newest first."""
    return list(GroupInvitation.objects.filter(group_id=group_id, accepted_at=None, withdrawn_at=None))
