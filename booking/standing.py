"""How somebody stands at a hall: the class they apply in, and whether their group is registered there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from booking import records
from booking.applications import Assessed
from booking.parties import Party
from facilities.group_rules import standing_of
from facilities.queries import RoomFacts


def classes_of(party: Party) -> Callable[[RoomFacts, date], str]:
    """Return how to find the class of an applicant in a room on a day; each hall and version of rules is asked once.

    Raises ReservationNotFound for nobody.
    """
    own_class = records.anybody(party).applicant_class
    known: dict[tuple[int, int], str] = {}

    def class_of(room: RoomFacts, day: date) -> str:
        if party.group_id is None:
            return own_class
        key = (room.facility_id, room.version_on(day))
        if key not in known:
            known[key] = standing_of(party.group_id, room, day).applicant_class
        return known[key]

    return class_of


def unregistered(wanted: Sequence[Assessed], party: Party) -> list[int]:
    """Return the places of what a group applies for without a registration at that hall on the day of use.

    Whoever books for a group that nobody looked at would have limits of its own, as often as they found a name.
    """
    if party.group_id is None:
        return []
    known: dict[tuple[int, date], bool] = {}
    for one in wanted:
        key = (one.room.facility_id, one.day)
        if key not in known:
            known[key] = standing_of(party.group_id, one.room, one.day).registered
    return [place for place, one in enumerate(wanted) if not known[one.room.facility_id, one.day]]
