"""What the rules say of a group: under which class it books, and which groups count as the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from facilities.errors import NoRulesYet
from facilities.groups.queries import groups_alike
from facilities.queries import RoomFacts


@dataclass(frozen=True, slots=True)
class Standing:
    """How a group stands under a room's rules on a day: the class it books in (empty: the usual one)."""

    applicant_class: str
    registered: bool
    valid_until: date | None


NOT_REGISTERED = Standing("", False, None)

_REGISTERED = """
SELECT kind, applicant_class, valid_until FROM facilities_groupregistration
WHERE group_id = %s AND rule_book_id = %s AND state = 'registered'
AND valid_from <= %s AND (valid_until IS NULL OR valid_until >= %s)
ORDER BY valid_until DESC NULLS FIRST, id DESC
"""


def standing_of(group_id: int, room: RoomFacts, day: date) -> Standing:
    """Return how a group stands under the rules of a room on a day of use.

    A registration holds in the halls whose rules name its kind; one of no kind (the rules have none, staff decided)
    in the halls that name none. It must be valid on the day of use. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(_REGISTERED, [group_id, room.rule_book_id, day, day])
        found = cursor.fetchall()
    kinds = _kinds_of(room, day) if found else frozenset()
    for kind, applicant_class, valid_until in found:
        if kind in kinds:
            return Standing(applicant_class, True, valid_until)
    return NOT_REGISTERED


def groups_sharing_members(group_id: int) -> list[int]:
    """Return the ids of the other groups that count as the same by their rosters (``same_group_share``), ascending.

    People are compared by name. One query for a group with whom nobody shares anyone.
    """
    return sorted(one.group.pk for one in groups_alike(group_id) if one.same)


def _kinds_of(room: RoomFacts, day: date) -> frozenset[str]:
    """The kinds of registration a room's hall knows; the kind without a name where it knows none."""
    try:
        registrations = room.rules_on(day).facility(room.facility_key).registrations
    except NoRulesYet:
        return frozenset({""})
    return frozenset(registrations) or frozenset({""})
