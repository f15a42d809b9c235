"""Whose uses count together under a limit: the applicant's, a person's, a household's, those of groups alike."""

from __future__ import annotations

from collections.abc import Collection, Set
from dataclasses import dataclass
from typing import Any

from booking.parties import Party
from facilities.group_rules import groups_sharing_members

_LOCK_HALLS = """
SELECT 1 FROM facilities_facility WHERE key = ANY(%s) OR %s ORDER BY id FOR NO KEY UPDATE
"""
_LOCK_GROUPS = "SELECT 1 FROM accounts_group WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE"
_LOCK_RESIDENT = "SELECT 1 FROM accounts_resident WHERE id = %s FOR NO KEY UPDATE"
_LOCK_HOUSEHOLD = """
SELECT 1 FROM accounts_household
WHERE id = (SELECT household_id FROM accounts_householdmember WHERE resident_id = %s) FOR NO KEY UPDATE
"""
_HOUSEHOLD = """
SELECT o.resident_id FROM accounts_householdmember m
JOIN accounts_householdmember o ON o.household_id = m.household_id WHERE m.resident_id = %s
"""
ALL_HALLS = "*"


@dataclass(frozen=True, slots=True)
class Circle:
    """A party, the persons of its household and the groups with the same members, as far as limits ask for them."""

    party: Party
    household: frozenset[int]
    groups: frozenset[int]

    def counts(self, whose: str, resident_id: int, group_id: int | None) -> bool:
        """Whether a use of a resident (for a group) is one of those that ``Limit.whose`` speaks of."""
        if whose == "everyone":
            return True
        if whose == "person":
            return resident_id == self.party.resident_id
        if whose == "household":
            return resident_id in self.household
        if self.party.group_id is None:
            return group_id is None and resident_id == self.party.resident_id
        return group_id == self.party.group_id or (whose == "members" and group_id in self.groups)


def circle_of(cursor: Any, party: Party, asked: Set[str], halls: Collection[str], *, lock: bool) -> Circle:
    """Return with whom a party counts together under limits of these words (``Limit.whose``).

    With ``lock`` whatever is counted stays as it is until the transaction ends: nobody else who counts the same gets
    past. ``halls`` are the keys of those where everyone's uses count together (ALL_HALLS: all there are). The order
    is that of docs/locking.md: halls, groups, residents, households.
    """
    groups = {party.group_id} if party.group_id is not None else set()
    if "members" in asked and party.group_id is not None:
        groups |= set(groups_sharing_members(party.group_id))
    if lock:
        if halls:
            cursor.execute(_LOCK_HALLS, [list(halls), ALL_HALLS in halls])
        if groups and asked & {"applicant", "members"}:
            cursor.execute(_LOCK_GROUPS, [sorted(groups)])
        if asked - {"everyone"}:
            cursor.execute(_LOCK_RESIDENT, [party.resident_id])
        if "household" in asked:
            cursor.execute(_LOCK_HOUSEHOLD, [party.resident_id])
    household = {party.resident_id}
    if "household" in asked:
        household |= _ids(cursor, _HOUSEHOLD, [party.resident_id])
    return Circle(party, frozenset(household), frozenset(groups))


def _ids(cursor: Any, query: str, values: Any) -> set[int]:
    cursor.execute(query, values)
    return {row[0] for row in cursor.fetchall()}
