"""Rosters (名簿): written by who represents a group, seen by few, each look by staff recorded, deleted in time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db import connection, transaction

from accounts.actors import Actor
from accounts.errors import MemberNotFound, RosterTooLong
from accounts.groups.services import locked, require_representative
from accounts.models import RosterEntry, RosterViewing
from accounts.queries import folded
from accounts.services import normal_name

MOST_PEOPLE = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """A person as written on a roster. ``facts``: what the rules ask and that holds for this person."""

    name: str
    name_kana: str = ""
    facts: frozenset[str] = frozenset()
    post: str = ""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another group with some of the same people. ``share`` is of the shorter roster of the two."""

    group_id: int
    shared: int
    share: Fraction


def as_compared(name: str) -> str:
    """Return a name as rosters are compared: without spaces, whatever the width and variant of its characters."""
    return folded(name)[:400]


@transaction.atomic
def add_to_roster(*, group_id: int, lines: Sequence[Line], actor: Actor) -> int:
    """Write people on a roster who are not on it yet (name and reading); return how many were new.

    Raises GroupNotFound, NotRepresentative, RosterTooLong.
    """
    locked(group_id, actor)
    known = {_person(name, kana) for name, kana in _names(group_id)}
    new: list[RosterEntry] = []
    for line in lines:
        entry = RosterEntry(group_id=group_id, **_columns(line))
        if _person(entry.name, entry.name_kana) not in known:
            known.add(_person(entry.name, entry.name_kana))
            new.append(entry)
    if len(known) > MOST_PEOPLE:
        raise RosterTooLong
    RosterEntry.objects.bulk_create(new)
    return len(new)


@transaction.atomic
def change_on_roster(*, group_id: int, entry_id: int, line: Line, actor: Actor) -> None:
    """Change a person on a roster; one of another name is another person. Raises GroupNotFound, NotRepresentative,
    MemberNotFound.
    """
    locked(group_id, actor)
    entry = RosterEntry.objects.filter(pk=entry_id, group_id=group_id).first()
    if entry is None:
        raise MemberNotFound
    columns = _columns(line)
    if columns["folded"] != entry.folded:
        RosterEntry.with_struck.create(
            group_id=group_id, name=entry.name, folded=entry.folded, is_struck=True
        )
    RosterEntry.objects.filter(pk=entry_id).update(**columns)


@transaction.atomic
def remove_from_roster(*, group_id: int, entry_ids: Collection[int], actor: Actor) -> None:
    """Take people off a roster. Raises GroupNotFound, NotRepresentative."""
    locked(group_id, actor)
    RosterEntry.objects.filter(group_id=group_id, pk__in=entry_ids).update(
        is_struck=True, name_kana="", facts=[], post=""
    )


def forget_struck(group_id: int) -> int:
    """Delete who was struck off a roster, now that staff have looked at it as it is. Returns how many."""
    return RosterEntry.with_struck.filter(group_id=group_id, is_struck=True).delete()[0]


@transaction.atomic
def set_fact(
    *, group_id: int, fact: str, entry_ids: Collection[int], among: Collection[int], actor: Actor
) -> None:
    """Say for which people ``among`` those shown a fact holds: for ``entry_ids`` and no others.

    Raises GroupNotFound, NotRepresentative.
    """
    locked(group_id, actor)
    entries = list(RosterEntry.objects.filter(group_id=group_id, pk__in=among))
    for entry in entries:
        others = [one for one in entry.facts if one != fact]
        entry.facts = sorted([*others, fact]) if entry.pk in entry_ids else others
    RosterEntry.objects.bulk_update(entries, ["facts"])


def roster_of(*, group_id: int, actor: Actor) -> list[RosterEntry]:
    """Return a roster for who represents the group. Staff use ``view_roster``. Raises NotRepresentative."""
    require_representative(group_id, actor)
    return list(RosterEntry.objects.filter(group_id=group_id))


@transaction.atomic
def view_roster(*, group_id: int, staff_id: int, now: datetime) -> list[RosterEntry]:
    """Return a roster for a member of staff, and record who looked when."""
    record_viewing(group_id=group_id, staff_id=staff_id, what=RosterViewing.What.ROSTER, now=now)
    return list(RosterEntry.objects.filter(group_id=group_id))


def record_viewing(*, group_id: int, staff_id: int, what: str, now: datetime) -> None:
    """Record that a member of staff looked at a roster or at evidence that may hold one."""
    RosterViewing.objects.create(group_id=group_id, staff_id=staff_id, what=what, seen_at=now)


def viewings_of(group_id: int, limit: int = 100) -> list[RosterViewing]:
    """Return which staff looked at a group's roster, newest first."""
    return list(RosterViewing.objects.select_related("staff").filter(group_id=group_id)[:limit])


def roster_counts(group_id: int) -> tuple[int, dict[str, int]]:
    """Return how many people are on a roster, and for how many each fact holds: numbers, no names."""
    found: dict[str, int] = {}
    entries = list(RosterEntry.objects.filter(group_id=group_id).values_list("facts", flat=True))
    for fact in (one for facts in entries for one in facts):
        found[fact] = found.get(fact, 0) + 1
    return len(entries), found


_OVERLAPS = """
WITH mine AS (SELECT DISTINCT folded FROM accounts_rosterentry WHERE group_id = %s),
shared AS (
    SELECT e.group_id, count(DISTINCT e.folded) AS shared
    FROM accounts_rosterentry e JOIN mine ON mine.folded = e.folded
    JOIN accounts_group g ON g.id = e.group_id AND g.ended_at IS NULL
    WHERE e.group_id <> %s GROUP BY e.group_id
)
SELECT s.group_id, s.shared, (SELECT count(*) FROM mine),
    (SELECT count(DISTINCT o.folded) FROM accounts_rosterentry o WHERE o.group_id = s.group_id)
FROM shared s
"""


def overlaps_of(group_id: int) -> list[Overlap]:
    """Return the groups that have people of this group's roster on theirs, the most alike first.

    People are told apart by their names alone. What counts is the shorter roster, so that nobody escapes by writing
    more people on one of the two; who was struck off since staff looked at it still counts.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OVERLAPS, [group_id, group_id])
        rows = cursor.fetchall()
    found = [
        Overlap(other, shared, Fraction(shared, min(mine, theirs))) for other, shared, mine, theirs in rows
    ]
    return sorted(found, key=lambda one: (-one.share, one.group_id))


def delete_roster(group_id: int) -> int:
    """Delete a roster that is no longer needed; return how many people were on it. The record of looks stays."""
    return RosterEntry.with_struck.filter(group_id=group_id).delete()[0]


def _names(group_id: int) -> Sequence[tuple[str, str]]:
    return list(RosterEntry.objects.filter(group_id=group_id).values_list("name", "name_kana"))


def _person(name: str, kana: str) -> tuple[str, str]:
    return as_compared(name), as_compared(kana)


def _columns(line: Line) -> dict[str, object]:
    name = normal_name(line.name)[:100]
    return {
        "name": name,
        "name_kana": normal_name(line.name_kana)[:100],
        "folded": as_compared(name),
        "facts": sorted(line.facts),
        "post": line.post,
    }
