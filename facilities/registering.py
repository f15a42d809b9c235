"""Halls and rooms that the rules know and nobody has registered yet: found, and registered as the rules say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from facilities.errors import FacilityNotFound, KeyTaken, RoomNotFound
from facilities.models import Facility, Room, RoomSpace, Space
from facilities.ordinance import Ordinance
from facilities.ordinance.document import ordinance
from facilities.reviewing import standing_documents


@dataclass(frozen=True, slots=True)
class Unregistered:
    """A hall of the rules that is not registered (``room`` None), or a room of a registered hall."""

    book_id: int
    hall: ordinance.Facility
    room: ordinance.Room | None


def unregistered(now: datetime, document: tuple[int, Ordinance] | None = None) -> list[Unregistered]:
    """Return what the documents in effect today or to come know and nobody has registered, halls with all their rooms
    as one; of one ``document`` (rule book id, document) only where it is given."""
    rooms = set(Room.objects.values_list("facility__key", "key"))
    owners = dict(Facility.objects.values_list("key", "rule_book_id"))
    found: dict[tuple[str, str], Unregistered] = {}
    for book_id, one in [document] if document else standing_documents(now):
        for hall in one.facilities:
            if hall.key not in owners:
                found.setdefault((hall.key, ""), Unregistered(book_id, hall, None))
            elif owners[hall.key] == book_id:
                for room in hall.rooms:
                    if (hall.key, room.key) not in rooms:
                        found.setdefault((hall.key, room.key), Unregistered(book_id, hall, room))
    return list(found.values())


@transaction.atomic
def register(*, hall_key: str, room_key: str, now: datetime) -> Facility:
    """Register a hall with all its rooms (``room_key`` empty), or one room, as the rules describe them; open at once.

    Raises FacilityNotFound, RoomNotFound (the rules know no such hall or room), KeyTaken (somebody was faster).
    """
    missing = unregistered(now)
    wanted = next((one for one in missing if (one.hall.key, _key(one.room)) == (hall_key, room_key)), None)
    if wanted is None:
        if Room.objects.filter(facility__key=hall_key, key=room_key).exists():
            raise KeyTaken
        if Facility.objects.filter(key=hall_key).exists():
            raise RoomNotFound if room_key else KeyTaken
        raise FacilityNotFound
    if wanted.room is None:
        return register_hall(wanted.hall, rule_book_id=wanted.book_id, position=Facility.objects.count())
    hall = Facility.objects.select_for_update().get(key=hall_key)
    _register_rooms(hall, wanted.hall, [wanted.room], first=Room.objects.filter(facility=hall).count())
    return hall


def register_hall(entry: ordinance.Facility, *, rule_book_id: int, position: int) -> Facility:
    """Register a hall of a document with all its rooms and spaces."""
    hall = Facility.objects.create(
        key=entry.key,
        rule_book_id=rule_book_id,
        name=entry.name,
        name_kana=entry.name_kana or "",
        name_en=entry.name_en or "",
        address=entry.address or "",
        phone=entry.phone or "",
        position=position,
    )
    _register_rooms(hall, entry, entry.rooms, first=0)
    return hall


def _key(room: ordinance.Room | None) -> str:
    return room.key if room else ""


def _register_rooms(
    hall: Facility, entry: ordinance.Facility, rooms: Iterable[ordinance.Room], *, first: int
) -> None:
    rooms = list(rooms)
    needed = {key for room in rooms for key in room.occupies}
    spaces = {space.key: space for space in Space.objects.filter(facility=hall)}
    for space in entry.all_spaces():
        if space.key in needed and space.key not in spaces:
            spaces[space.key] = Space.objects.create(facility=hall, key=space.key, name=space.name)
    for position, room in enumerate(rooms, start=first):
        row = Room.objects.create(
            facility=hall,
            key=room.key,
            name=room.name,
            name_en=room.name_en or "",
            capacity=room.capacity,
            note=room.note or "",
            turnaround_minutes=room.turnaround,
            position=position,
        )
        RoomSpace.objects.bulk_create(RoomSpace(room=row, space=spaces[key]) for key in room.occupies)
