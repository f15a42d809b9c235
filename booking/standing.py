"""How somebody stands at a hall: the class they apply in, and whether their group is registered there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from booking import records
from booking.applications import Assessed
from booking.parties import Party
from facilities.group_rules import Registered, Standing, registered_under, standing_among
from facilities.queries import RoomFacts


def classes_of(party: Party) -> Callable[[RoomFacts, date], str]:
    """Return how to find the class of an applicant in a room on a day; each rule book is asked once.

    Raises ReservationNotFound for nobody.
    """
    return classes_among(party, records.anybody(party).applicant_class)


def classes_among(party: Party, own_class: str) -> Callable[[RoomFacts, date], str]:
    """Return the same as ``classes_of`` where the resident's own class is known already."""
    if party.group_id is None:
        return lambda room, day: own_class
    standing = _standings(party.group_id)
    return lambda room, day: standing(room, day).applicant_class


def unregistered(wanted: Sequence[Assessed], party: Party) -> list[int]:
    """Return the places of what a group applies for without a registration at that hall on the day of use.

    Whoever books for a group that nobody looked at would have limits of its own, as often as they found a name.
    """
    if party.group_id is None:
        return []
    standing = _standings(party.group_id)
    return [place for place, one in enumerate(wanted) if not standing(one.room, one.day).registered]


def _standings(group_id: int) -> Callable[[RoomFacts, date], Standing]:
    """How a group stands in rooms on days; its registrations under a rule book are read once."""
    known: dict[int, tuple[Registered, ...]] = {}

    def standing(room: RoomFacts, day: date) -> Standing:
        if room.rule_book_id not in known:
            known[room.rule_book_id] = registered_under(group_id, room.rule_book_id)
        return standing_among(known[room.rule_book_id], room, day)

    return standing
