"""For whom somebody acts on the pages: for themselves, or for one of their groups. Kept in the session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone

from accounts.groups.queries import MembershipView, memberships_of
from booking.parties import ACTING_ROLES
from facilities.details import NO_DETAILS, Details
from facilities.group_rules import standing_of
from facilities.groups.queries import registered_among
from facilities.queries import RoomFacts
from facilities.room_rules import Asker
from frontend.resident.days import today
from frontend.resident.people import own_class_of, resident_of

_KEY = "acting_group"


def my_groups(request: HttpRequest) -> list[MembershipView]:
    """Return the groups the signed-in resident belongs to, in the order of their names. One query a request."""
    resident = resident_of(request)
    if resident is None:
        return []
    if not hasattr(request, "_groups"):
        request._groups = memberships_of(resident_id=resident.pk)  # type: ignore[attr-defined]
    groups: list[MembershipView] = request._groups  # type: ignore[attr-defined]
    return groups


def groups_to_act_for(request: HttpRequest) -> list[MembershipView]:
    """Return those of them for which the resident may book: their role allows it, the group is registered.

    Two queries a request for who belongs to a group.
    """
    mine = [one for one in my_groups(request) if one.role in ACTING_ROLES]
    if not mine:
        return []
    if not hasattr(request, "_registered_groups"):
        day = today(timezone.now())
        request._registered_groups = registered_among([one.group_id for one in mine], day)  # type: ignore[attr-defined]
    registered: set[int] = request._registered_groups  # type: ignore[attr-defined]
    return [one for one in mine if one.group_id in registered]


def acting_group(request: HttpRequest) -> MembershipView | None:
    """Return the group the resident acts for on these pages; None: for themselves.

    A group they may no longer act for counts as none, whatever the session says. Without a choice no query is made.
    """
    chosen = request.session.get(_KEY) if hasattr(request, "session") else None
    if chosen is None:
        return None
    return next((one for one in groups_to_act_for(request) if one.group_id == chosen), None)


def acting_group_id(request: HttpRequest) -> int | None:
    """Return the id of the group the resident acts for on these pages; None: for themselves."""
    group = acting_group(request)
    return group.group_id if group else None


def act_for(request: HttpRequest, group_id: int | None) -> None:
    """Act for a group from now on, or (None) for oneself."""
    if group_id is None:
        request.session.pop(_KEY, None)
    else:
        request.session[_KEY] = group_id


def class_at(request: HttpRequest, room: RoomFacts, day: date) -> str:
    """Return the applicant class in which one books a room for a day: the acting group's there, else one's own."""
    group = acting_group(request)
    return standing_of(group.group_id, room, day).applicant_class if group else own_class_of(request)


def asker_at(
    request: HttpRequest, now: datetime, room: RoomFacts, day: date, said: Details = NO_DETAILS
) -> Asker:
    """Return by whose rules the page shows a room's times: the acting group's, one's own, or those of anybody."""
    return Asker(class_at(request, room, day), "web", now, said)


@dataclass(frozen=True, slots=True)
class Acting:
    """What the head of a page says: the groups one may act for, and the one chosen (None: oneself)."""

    groups: tuple[MembershipView, ...]
    group: MembershipView | None


NOBODY = Acting((), None)


def acting_of(request: HttpRequest) -> Acting:
    """Return for whom somebody acts and could act; no query for who is not signed in."""
    return Acting(tuple(groups_to_act_for(request)), acting_group(request))
