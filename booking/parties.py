"""Who applies: a resident, for themselves or for a group; and whose reservations somebody sees."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from accounts.models import Membership

# Who may book, change and cancel for a group; the others only see.
ACTING_ROLES = frozenset({Membership.Role.REPRESENTATIVE.value, Membership.Role.BOOKER.value})


@dataclass(frozen=True, slots=True)
class Party:
    """Whose reservation it is: the resident's own, or that of the group the resident acts for."""

    resident_id: int
    group_id: int | None = None


def theirs(resident_id: int) -> Q:
    """Match what a resident sees: their own reservations, and all those of the groups they belong to."""
    groups = Membership.objects.filter(resident_id=resident_id, ended_at=None).values("group_id")
    return Q(group=None, resident_id=resident_id) | Q(group__in=groups)


def acts_for(*, resident_id: int, group_id: int) -> bool:
    """Whether a resident may book, change and cancel for a group."""
    return Membership.objects.filter(
        resident_id=resident_id, group_id=group_id, ended_at=None, role__in=ACTING_ROLES, group__ended_at=None
    ).exists()


def representative_of(group_id: int) -> int | None:
    """Return the resident who represents a group; None where it has nobody, or is over."""
    rows = Membership.objects.filter(
        group_id=group_id, ended_at=None, role=Membership.Role.REPRESENTATIVE, group__ended_at=None
    )
    return rows.values_list("resident_id", flat=True).first()
