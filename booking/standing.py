"""In which class somebody applies: their own, or the one their group is registered in at the hall."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from booking import records
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
