"""Who gets a notice: residents by what they are to the matter, staff by their rooms. Each person once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import Channel, Membership, Resident, Staff
from accounts.notices.choosing import channels_for
from accounts.notices.kinds import Audience, Kind
from facilities.room_managers import staff_told_of
from frontend.mails.occasions import Occasion

_Role = Membership.Role
_ROLES = {
    Audience.BOOKERS: (_Role.REPRESENTATIVE, _Role.BOOKER),
    Audience.REPRESENTATIVES: (_Role.REPRESENTATIVE,),
}


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody who gets a notice by one or more channels. ``rooms`` None: all it is about; else only these."""

    key: str
    name: str
    language: str
    channels: tuple[str, ...]
    address: str = ""
    resident_id: int | None = None
    staff_id: int | None = None
    rooms: frozenset[int] | None = None


def receivers_of(kind: Kind, occasion: Occasion) -> list[Receiver]:
    """Return who gets ``kind`` and how, as they chose."""
    if Audience.INVITED in kind.audience:
        return list(_invited(occasion))
    if kind.for_staff:
        rooms = {(view.room.id, view.room.facility_id) for view in occasion.views}
        told = staff_told_of(kind, rooms=rooms)
        return [_staff(one, mine if rooms else None) for one, mine in told if one.pk != occasion.staff_id]
    people = {one.pk: one for one in _residents(kind, occasion)}
    found = [_resident(one, kind) for one in people.values()]
    return [one for one in found if one.channels]


def _residents(kind: Kind, occasion: Occasion) -> Iterator[Resident]:
    if Audience.APPLICANT in kind.audience and occasion.resident is not None and not _left(occasion):
        yield occasion.resident
    roles = {role for audience in kind.audience for role in _ROLES.get(audience, ())}
    if occasion.group is not None and roles:
        members = Membership.objects.filter(group=occasion.group, ended_at=None, role__in=roles)
        for member in members.select_related("resident__line_friend").order_by("pk"):
            yield member.resident


def _left(occasion: Occasion) -> bool:
    """Whether who applied for a group has left it since: its matters are no longer theirs."""
    if occasion.group is None or occasion.resident is None:
        return False
    theirs = Membership.objects.filter(group=occasion.group, resident=occasion.resident)
    return theirs.exists() and not theirs.filter(ended_at=None).exists()


def _resident(one: Resident, kind: Kind) -> Receiver:
    return Receiver(
        key=f"resident {one.pk}",
        name=one.name,
        language="en" if one.language == "en" else "ja",
        channels=tuple(channels_for(one, kind)),
        address=one.email,
        resident_id=one.pk,
    )


def _staff(one: Staff, rooms: frozenset[int] | None) -> Receiver:
    return Receiver(
        key=f"staff {one.pk}",
        name=one.name,
        language="ja",
        channels=(Channel.MAIL,),
        address=one.user.email,
        staff_id=one.pk,
        rooms=rooms,
    )


def _invited(occasion: Occasion) -> Iterator[Receiver]:
    invitation = occasion.invitation
    if invitation is not None:
        yield Receiver(
            key=f"invitation {invitation.pk}",
            name="",
            language="ja",
            channels=(Channel.MAIL,),
            address=invitation.email,
        )
