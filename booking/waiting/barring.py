"""Who gave up a time that others wait for cannot have it again: neither by an offer nor by booking it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import Membership
from booking.applications import Assessed
from booking.models import Release
from booking.parties import Party
from facilities.group_rules import groups_sharing_members

# Any room on a space of the released one: who gave up half a hall cannot have the whole one back.
_RELEASED = """
SELECT DISTINCT w.place, z.resident_id, z.group_id
FROM unnest(%s::int[], %s::bigint[], %s::timestamptz[], %s::timestamptz[]) w(place, room_id, starts_at, ends_at)
JOIN facilities_roomspace a ON a.room_id = w.room_id
JOIN facilities_roomspace b ON b.space_id = a.space_id
JOIN booking_release z ON z.room_id = b.room_id AND z.starts_at < w.ends_at AND z.ends_at > w.starts_at
"""


@dataclass(frozen=True, slots=True)
class Barred:
    """Who cannot have back what was given up: these people for themselves, and anybody for these groups."""

    resident_ids: frozenset[int]
    group_ids: frozenset[int]

    def concerns(self, party: Party) -> bool:
        """Whether this party would take it back. Whoever gave it up cannot have it for any group either."""
        return party.resident_id in self.resident_ids or party.group_id in self.group_ids


def barred_after(*, resident_id: int, group_id: int | None) -> Barred:
    """Return who is barred when this resident gives a time up, for themselves or for a group.

    With a group: it, its people, and all groups whose lists of members overlap so much that they count as the same.
    """
    if group_id is None:
        return Barred(frozenset({resident_id}), frozenset())
    people = Membership.objects.filter(group_id=group_id, ended_at=None).values_list("resident_id", flat=True)
    alike = groups_sharing_members(group_id)
    return Barred(frozenset({resident_id, *people}), frozenset({group_id, *alike}))


def barred_from(release: Release) -> Barred:
    """Return who cannot have the time of a release."""
    return barred_after(resident_id=release.resident_id, group_id=release.group_id)


def taken_back(cursor: Any, wanted: Sequence[Assessed], party: Party) -> set[int]:
    """Return the places of what this party gave up itself while others waited for it."""
    if not wanted:
        return set()
    columns = [
        list(range(len(wanted))),
        [one.room.id for one in wanted],
        [one.starts_at for one in wanted],
        [one.occupied_until for one in wanted],
    ]
    cursor.execute(_RELEASED, columns)
    return {
        place
        for place, resident_id, group_id in cursor.fetchall()
        if barred_after(resident_id=resident_id, group_id=group_id).concerns(party)
    }
