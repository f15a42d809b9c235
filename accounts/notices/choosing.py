"""What people want to be told of, and by which channels."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Channel, LineAccount, NoticeChoice, Resident, SilentRooms, Staff
from accounts.notices.errors import NoWayLeft
from accounts.notices.kinds import KINDS, Audience, Kind

MAIL, LINE, NONE = Channel.MAIL, Channel.LINE, Channel.NONE


@dataclass(frozen=True, slots=True)
class Wish:
    """One line of the page on which people choose: a kind, and for each channel whether they want it."""

    kind: Kind
    wanted: Mapping[str, bool]


def kinds_for_residents() -> list[Kind]:
    """Return the kinds residents get, in the order of the catalogue; an invitation nobody can choose is left out."""
    return [kind for kind in KINDS.values() if not kind.for_staff and Audience.INVITED not in kind.audience]


def kinds_for_staff(*, is_admin: bool) -> list[Kind]:
    """Return the kinds a hall manager or an admin can get. An admin may ask for everything managers get."""
    found = [kind for kind in KINDS.values() if kind.for_staff]
    return found if is_admin else [kind for kind in found if Audience.MANAGERS in kind.audience]


def ways_to(resident: Resident) -> list[Channel]:
    """Return the channels by which a resident can be reached now."""
    friend = getattr(resident, "line_friend", None)
    by_line = friend is not None and friend.follows and LineAccount.objects.filter(is_active=True).exists()
    return ([MAIL] if resident.email else []) + ([LINE] if by_line else [])


def channels_for(resident: Resident, kind: Kind) -> list[Channel]:
    """Return by which channels a resident is to be told.

    What may be switched off is told as they chose. The rest is told in one way at least: by mail where nothing they
    chose is left; ``none`` when there is no way to reach them at all, so that staff see it.
    """
    ways = ways_to(resident)
    chosen = dict(resident.notice_choices.filter(kind=kind.key).values_list("channel", "wanted"))
    wanted = [way for way in ways if chosen.get(way, True)]
    return wanted if wanted or kind.optional else ways[:1] or [NONE]


def resident_wishes(resident: Resident) -> list[Wish]:
    """Return what a resident wants, for each kind and each channel that reaches them."""
    ways = ways_to(resident)
    chosen = {(one.kind, one.channel): one.wanted for one in resident.notice_choices.all()}
    return [
        Wish(kind, {way.value: chosen.get((kind.key, way), True) for way in ways})
        for kind in kinds_for_residents()
    ]


@transaction.atomic
def choose_for_resident(*, resident: Resident, wanted: Collection[tuple[str, str]]) -> None:
    """Keep what a resident wants: (kind, channel) of everything ticked, for the channels that reach them now.

    Raises NoWayLeft, with the kinds in ``facts["kinds"]``, where something that cannot be switched off has no way left.
    """
    ways = ways_to(resident)
    kinds = kinds_for_residents()
    without = [
        kind.key
        for kind in kinds
        if ways and not kind.optional and not any((kind.key, way.value) in wanted for way in ways)
    ]
    if without:
        raise NoWayLeft(kinds=without)
    _keep(
        [
            NoticeChoice(
                resident=resident, kind=kind.key, channel=way, wanted=(kind.key, way.value) in wanted
            )
            for kind in kinds
            for way in ways
        ],
        ["resident", "kind", "channel"],
    )


def staff_want(kind: Kind, *, is_admin: bool) -> bool:
    """Return what staff get who said nothing: managers all of it, admins what waits for a decision."""
    return Audience.ADMINS in kind.audience if is_admin else True


def staff_wishes(staff: Staff) -> list[Wish]:
    """Return what a member of staff wants by mail, for each kind."""
    admin = staff.role == Staff.Role.ADMIN
    chosen = dict(staff.notice_choices.values_list("kind", "wanted"))
    return [
        Wish(kind, {MAIL.value: chosen.get(kind.key, staff_want(kind, is_admin=admin))})
        for kind in kinds_for_staff(is_admin=admin)
    ]


@transaction.atomic
def choose_for_staff(*, staff: Staff, wanted: Collection[str], silent_rooms: Iterable[int]) -> None:
    """Keep the kinds a member of staff wants, and the rooms they do not want to be told of."""
    kinds = kinds_for_staff(is_admin=staff.role == Staff.Role.ADMIN)
    _keep(
        [NoticeChoice(staff=staff, kind=kind.key, channel=MAIL, wanted=kind.key in wanted) for kind in kinds],
        ["staff", "kind", "channel"],
    )
    SilentRooms.objects.update_or_create(staff=staff, defaults={"room_ids": sorted(set(silent_rooms))})


def silent_rooms_of(staff: Staff) -> frozenset[int]:
    """Return the rooms a member of staff does not want to be told of."""
    row = SilentRooms.objects.filter(staff=staff).first()
    return frozenset(row.room_ids) if row else frozenset()


def _keep(rows: list[NoticeChoice], unique: list[str]) -> None:
    NoticeChoice.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=unique, update_fields=["wanted"]
    )
