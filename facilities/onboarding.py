"""A new municipality's halls, rooms and spaces, from its rules document."""

from __future__ import annotations

from datetime import datetime

from facilities.models import Facility, Room, RoomSpace, RuleBook, RuleVersion, Space
from facilities.ordinance import document as ordinance
from facilities.services import read_rules


def seed_facilities(*, text: str, now: datetime) -> None:
    """Create the rule book, its first version, and the halls, rooms and spaces the document names.

    Runs inside the new municipality, in the transaction that creates it. The first version is in effect from the
    day the document says. Raises InvalidRules, CasesFailed.
    """
    document = read_rules(text)
    book = RuleBook.objects.create(key="main", name=document.municipality.name)
    RuleVersion.objects.create(
        rule_book=book, number=1, text=text, effective_from=document.effective_from, published_at=now
    )
    for position, entry in enumerate(document.facilities):
        row = Facility.objects.create(
            key=entry.key,
            rule_book=book,
            name=entry.name,
            name_kana=entry.name_kana or "",
            name_en=entry.name_en or "",
            address=entry.address or "",
            phone=entry.phone or "",
            position=position,
        )
        _seed_rooms(entry, row)


def _seed_rooms(entry: ordinance.Facility, facility: Facility) -> None:
    spaces = {
        space.key: Space.objects.create(facility=facility, key=space.key, name=space.name)
        for space in entry.all_spaces()
    }
    for position, room in enumerate(entry.rooms):
        row = Room.objects.create(
            facility=facility,
            key=room.key,
            name=room.name,
            name_en=room.name_en or "",
            capacity=room.capacity,
            note=room.note or "",
            turnaround_minutes=room.turnaround,
            position=position,
        )
        RoomSpace.objects.bulk_create(RoomSpace(room=row, space=spaces[key]) for key in room.occupies)
