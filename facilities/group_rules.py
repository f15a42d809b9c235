"""What the rules say of a group: under which class it books, and which groups count as the same."""

from __future__ import annotations

from collections.abc import Sequence
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
SELECT kind, applicant_class, valid_from, valid_until FROM facilities_groupregistration
WHERE group_id = %s AND rule_book_id = %s AND state = 'registered'
ORDER BY valid_until DESC NULLS FIRST, id DESC
"""


@dataclass(frozen=True, slots=True)
class Registered:
    """A registration of a group under a rule book, and on which days it holds."""

    kind: str
    applicant_class: str
    valid_from: date
    valid_until: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it is valid on a day of use."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


def registered_under(group_id: int, rule_book_id: int) -> tuple[Registered, ...]:
    """Return a group's registrations under a rule book, the one that holds longest first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_REGISTERED, [group_id, rule_book_id])
        return tuple(Registered(*row) for row in cursor.fetchall())


def standing_among(registered: Sequence[Registered], room: RoomFacts, day: date) -> Standing:
    """Return how a group with these registrations stands under the rules of a room on a day of use.

    A registration holds in the halls whose rules name its kind; one of no kind (the rules have none, staff decided)
    in the halls that name none. It must be valid on the day of use.
    """
    valid = [one for one in registered if one.holds_on(day)]
    kinds = _kinds_of(room, day) if valid else frozenset()
    found = next((one for one in valid if one.kind in kinds), None)
    return Standing(found.applicant_class, True, found.valid_until) if found else NOT_REGISTERED


def standing_of(group_id: int, room: RoomFacts, day: date) -> Standing:
    """Return how a group stands under the rules of a room on a day of use, as ``standing_among``. One query."""
    return standing_among(registered_under(group_id, room.rule_book_id), room, day)


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
