"""Found, change and end groups; invite people, give them roles, part with them, hand over who represents.

Who may: the representative, or staff at the desk (``actor``). A group has one representative at a time, and never
loses the last one but to another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.signing import BadSignature
from django.db import transaction

from accounts.actors import Actor
from accounts.errors import (
    AlreadyInvited,
    AlreadyMember,
    GroupNotFound,
    InvitationNotFound,
    MemberNotFound,
    NotRepresentative,
    RepresentativeStays,
    TooManyInvitations,
)
from accounts.models import Group, GroupInvitation, Membership
from accounts.notices.telling import tell
from accounts.services import normal_name
from tenants.signing import sign, unsign

INVITATION_DAYS = 14
MOST_OPEN_INVITATIONS = 30
_REPRESENTATIVE = Membership.Role.REPRESENTATIVE
_PURPOSE = "group-invitation"


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """What a group says of itself."""

    name: str
    name_kana: str = ""
    purpose: str = ""
    phone: str = ""
    address: str = ""

    def as_stored(self) -> dict[str, str]:
        """The columns of a group."""
        names = {"name": normal_name(self.name), "name_kana": normal_name(self.name_kana)}
        rest = {
            "purpose": self.purpose.strip(),
            "phone": self.phone.strip(),
            "address": normal_name(self.address),
        }
        return names | rest


@transaction.atomic
def found_group(*, facts: GroupFacts, representative_id: int, now: datetime) -> Group:
    """Create a group that a resident represents. It may book once it is registered (facilities.groups)."""
    group = Group.objects.create(**facts.as_stored(), created_at=now)
    Membership.objects.create(group=group, resident_id=representative_id, role=_REPRESENTATIVE, since=now)
    return group


@transaction.atomic
def change_group(*, group_id: int, facts: GroupFacts, actor: Actor) -> None:
    """Change what a group says of itself. Raises GroupNotFound, NotRepresentative."""
    locked(group_id, actor)
    Group.objects.filter(pk=group_id).update(**facts.as_stored())


@transaction.atomic
def invite_member(*, group_id: int, email: str, role: str, actor: Actor, now: datetime) -> GroupInvitation:
    """Ask somebody by mail to act for a group. Only staff invite a representative.

    Raises GroupNotFound, NotRepresentative, AlreadyMember, AlreadyInvited, TooManyInvitations.
    """
    group = locked(group_id, actor)
    if role not in Membership.Role.values or (role == _REPRESENTATIVE and not actor.is_staff):
        raise NotRepresentative
    address = email.strip().lower()
    if Membership.objects.filter(
        group_id=group_id, ended_at=None, resident__user__email__iexact=address
    ).exists():
        raise AlreadyMember
    open_ones = GroupInvitation.objects.filter(group_id=group_id, accepted_at=None, withdrawn_at=None)
    open_ones.filter(expires_at__lte=now).update(withdrawn_at=now)
    if open_ones.filter(email=address).exists():
        raise AlreadyInvited
    if open_ones.count() >= MOST_OPEN_INVITATIONS:
        raise TooManyInvitations
    invitation = GroupInvitation.objects.create(
        group=group,
        email=address,
        role=role,
        invited_by_id=actor.id if actor.kind == "resident" else None,
        created_at=now,
        expires_at=now + timedelta(days=INVITATION_DAYS),
    )
    facts = {"invitation": str(invitation.pk), "until": invitation.expires_at.isoformat()}
    tell("group_invited", now=now, group_ref=group.ref, facts=facts)
    return invitation


def invitation_token(invitation: GroupInvitation) -> str:
    """Return what the link in the mail carries: signed for this municipality, nothing to be guessed or stored."""
    return sign(str(invitation.ref), purpose=_PURPOSE)


def invitation_by_token(token: str, *, now: datetime) -> GroupInvitation:
    """Return the invitation of a link that still holds. Raises InvitationNotFound."""
    try:
        ref = UUID(unsign(token, purpose=_PURPOSE))
    except (BadSignature, ValueError, TypeError):
        raise InvitationNotFound from None
    found = GroupInvitation.objects.select_related("group").filter(
        ref=ref, accepted_at=None, withdrawn_at=None, expires_at__gt=now, group__ended_at=None
    )
    invitation = found.first()
    if invitation is None:
        raise InvitationNotFound
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, resident_id: int, now: datetime) -> Membership:
    """Let the resident who opened a mailed link act for the group. A link works once.

    Who becomes representative this way relieves the one before: somebody without a log-in leaves, others book on.
    Raises InvitationNotFound, AlreadyMember.
    """
    invitation = invitation_by_token(token, now=now)
    _lock(invitation.group_id)
    own = Membership.objects.filter(group_id=invitation.group_id, resident_id=resident_id, ended_at=None)
    if own.exists() and invitation.role != _REPRESENTATIVE:
        raise AlreadyMember
    taken = GroupInvitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not taken.update(accepted_at=now, accepted_by_id=resident_id):
        raise InvitationNotFound
    if invitation.role == _REPRESENTATIVE:
        _relieve(invitation.group_id, resident_id, now)
        own.update(ended_at=now)
    return Membership.objects.create(
        group_id=invitation.group_id, resident_id=resident_id, role=invitation.role, since=now
    )


@transaction.atomic
def withdraw_invitation(*, group_id: int, invitation_id: int, actor: Actor, now: datetime) -> None:
    """Make a link useless. Raises GroupNotFound, NotRepresentative, InvitationNotFound."""
    locked(group_id, actor)
    found = GroupInvitation.objects.filter(pk=invitation_id, group_id=group_id, accepted_at=None)
    if not found.exists():
        raise InvitationNotFound
    found.filter(withdrawn_at=None).update(withdrawn_at=now)


@transaction.atomic
def change_role(*, group_id: int, membership_id: int, role: str, actor: Actor, now: datetime) -> None:
    """Give a member another role; ``representative`` hands over, and who was it books on.

    Raises GroupNotFound, NotRepresentative, MemberNotFound, RepresentativeStays.
    """
    locked(group_id, actor)
    member = _member(group_id, membership_id)
    if role not in Membership.Role.values:
        raise MemberNotFound
    if member.role == role:
        return
    if member.role == _REPRESENTATIVE:
        raise RepresentativeStays
    if role == _REPRESENTATIVE:
        _relieve(group_id, member.resident_id, now)
    Membership.objects.filter(pk=member.pk).update(role=role)


@transaction.atomic
def remove_member(*, group_id: int, membership_id: int, actor: Actor, now: datetime) -> None:
    """Take somebody's right to act for a group. Everybody may go by themselves; the representative hands over first.

    Raises GroupNotFound, NotRepresentative, MemberNotFound, RepresentativeStays.
    """
    _lock(group_id)
    member = _member(group_id, membership_id)
    if not (actor.kind == "resident" and actor.id == member.resident_id):
        require_representative(group_id, actor)
    if member.role == _REPRESENTATIVE:
        raise RepresentativeStays
    Membership.objects.filter(pk=member.pk).update(ended_at=now)


def require_representative(group_id: int, actor: Actor) -> None:
    """Let staff and the representative pass. Raises NotRepresentative."""
    if actor.kind != "resident":
        return
    own = Membership.objects.filter(
        group_id=group_id, resident_id=actor.id, role=_REPRESENTATIVE, ended_at=None
    )
    if not own.exists():
        raise NotRepresentative


def locked(group_id: int, actor: Actor) -> Group:
    """Return a group that stands, locked until the transaction ends, for who may change it.

    Raises GroupNotFound, NotRepresentative.
    """
    group = _lock(group_id)
    require_representative(group_id, actor)
    return group


def _lock(group_id: int) -> Group:
    group = Group.objects.select_for_update(no_key=True).filter(pk=group_id, ended_at=None).first()
    if group is None:
        raise GroupNotFound
    return group


def _member(group_id: int, membership_id: int) -> Membership:
    member = Membership.objects.filter(pk=membership_id, group_id=group_id, ended_at=None).first()
    if member is None:
        raise MemberNotFound
    return member


def _relieve(group_id: int, successor_id: int, now: datetime) -> None:
    """Make room for a new representative."""
    before = Membership.objects.filter(group_id=group_id, role=_REPRESENTATIVE, ended_at=None)
    before = before.exclude(resident_id=successor_id)
    before.filter(resident__user=None).update(ended_at=now)
    before.update(role=Membership.Role.BOOKER)
