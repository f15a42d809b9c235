"""Reads about halls and rooms. A room comes with everything a booking needs to know of it, in one query."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from facilities.errors import FacilityNotFound, NoRulesYet, RoomNotFound, RulesNotFound
from facilities.models import Facility, RuleBook, RuleVersion, Space
from facilities.ordinance import Rules
from facilities.rules import rules_of
from tenants.context import current_zone


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """A room as booking sees it. ``versions`` are (effective from, rule version id), oldest first."""

    id: int
    key: str
    name: str
    name_en: str
    capacity: int | None
    note: str
    turnaround_minutes: int
    is_open: bool
    facility_id: int
    facility_key: str
    facility_name: str
    facility_name_en: str
    facility_phone: str
    rule_book_id: int
    space_ids: tuple[int, ...]
    versions: tuple[tuple[date, int], ...]
    zone: ZoneInfo

    def occupied_until(self, ends_at: datetime) -> datetime:
        """Return the end of a use with the room's turnaround after it."""
        return ends_at + timedelta(minutes=self.turnaround_minutes)

    def version_on(self, day: date) -> int:
        """Return the id of the rule version in effect on ``day``. Raises NoRulesYet."""
        found = 0
        for effective_from, version_id in self.versions:
            if effective_from <= day:
                found = version_id
        if not found:
            raise NoRulesYet
        return found

    def versions_between(self, first: date, last: date) -> list[int]:
        """Return the ids of the rule versions that are in effect on some day from ``first`` to ``last``."""
        begun = [version_id for effective_from, version_id in self.versions if effective_from <= first]
        return begun[-1:] + [each for begins, each in self.versions if first < begins <= last]

    def rules_on(self, day: date) -> Rules:
        """Return the compiled rules in effect on ``day``. Raises NoRulesYet, also when they do not know the room."""
        rules = rules_of(self.version_on(day))
        hall = rules.facilities.get(self.facility_key)
        if hall is None or self.key not in hall.rooms:
            raise NoRulesYet
        return rules


_ROOMS = """
SELECT r.id, r.key, r.name, r.name_en, r.capacity, r.note, r.turnaround_minutes, r.is_open AND f.is_open,
       f.id, f.key, f.name, f.name_en, f.phone, f.rule_book_id,
       ARRAY(SELECT s.space_id FROM facilities_roomspace s WHERE s.room_id = r.id ORDER BY s.space_id),
       ARRAY(SELECT v.effective_from FROM facilities_ruleversion v
             WHERE v.rule_book_id = f.rule_book_id AND v.withdrawn_at IS NULL
             ORDER BY v.effective_from, v.number),
       ARRAY(SELECT v.id FROM facilities_ruleversion v
             WHERE v.rule_book_id = f.rule_book_id AND v.withdrawn_at IS NULL
             ORDER BY v.effective_from, v.number)
FROM facilities_room r JOIN facilities_facility f ON f.id = r.facility_id
"""


def _rooms(where: str, values: Sequence[Any]) -> list[RoomFacts]:
    zone = current_zone()
    with connection.cursor() as cursor:
        cursor.execute(f"{_ROOMS} WHERE {where} ORDER BY f.position, f.id, r.position, r.id", values)
        rows = cursor.fetchall()
    return [_facts(row, zone) for row in rows]


def _facts(row: Sequence[Any], zone: ZoneInfo) -> RoomFacts:
    *plain, space_ids, effective_from, version_ids = row
    versions = tuple(zip(effective_from, version_ids, strict=True))
    facts: tuple[Any, ...] = (*plain, tuple(space_ids), versions, zone)
    return RoomFacts(*facts)


def open_facilities() -> list[Facility]:
    """Return the halls residents may see, in their order."""
    return list(Facility.objects.filter(is_open=True))


def facility_by_key(key: str) -> Facility:
    """Return a hall by its key. Raises FacilityNotFound."""
    facility = Facility.objects.filter(key=key, is_open=True).first()
    if facility is None:
        raise FacilityNotFound
    return facility


def rooms_of(facility_id: int) -> list[RoomFacts]:
    """Return the open rooms of a hall, in their order."""
    return _rooms("f.id = %s AND r.is_open", [facility_id])


def rooms_at(facility_key: str) -> list[RoomFacts]:
    """Return the open rooms of an open hall, in their order, in one query. Raises FacilityNotFound."""
    rooms = _rooms("f.key = %s AND r.is_open AND f.is_open", [facility_key])
    return rooms or rooms_of(facility_by_key(facility_key).pk)


def rooms_by_id(room_ids: Sequence[int]) -> list[RoomFacts]:
    """Return the rooms with these ids that exist and are open, in the order of the house."""
    return _rooms("r.id = ANY(%s::bigint[]) AND r.is_open AND f.is_open", [list(room_ids)])


def open_rooms() -> list[RoomFacts]:
    """Return every open room of the municipality."""
    return _rooms("r.is_open AND f.is_open", [])


def room_by_key(facility_key: str, room_key: str) -> RoomFacts:
    """Return an open room by the keys of its hall and itself. Raises RoomNotFound."""
    rooms = _rooms("f.key = %s AND r.key = %s AND r.is_open AND f.is_open", [facility_key, room_key])
    if not rooms:
        raise RoomNotFound
    return rooms[0]


def room_facts(room_id: int) -> RoomFacts:
    """Return a room, open or not, by id. Raises RoomNotFound."""
    rooms = _rooms("r.id = %s", [room_id])
    if not rooms:
        raise RoomNotFound
    return rooms[0]


def rooms_among(room_ids: Collection[int]) -> dict[int, RoomFacts]:
    """Return these rooms by id, open or not."""
    if not room_ids:
        return {}
    return {room.id: room for room in _rooms("r.id = ANY(%s::bigint[])", [list(room_ids)])}


def staff_facilities(facility_ids: Collection[int] | None) -> list[Facility]:
    """Return halls for staff, open or not, in their order; ``None`` means all of them."""
    facilities = Facility.objects.all()
    return list(facilities if facility_ids is None else facilities.filter(pk__in=facility_ids))


def staff_facility(key: str) -> Facility:
    """Return a hall by its key, open or not. Raises FacilityNotFound."""
    facility = Facility.objects.select_related("rule_book").filter(key=key.replace("\0", "")).first()
    if facility is None:
        raise FacilityNotFound
    return facility


def staff_rooms(facility_id: int) -> list[RoomFacts]:
    """Return all rooms of a hall, open or not, in their order."""
    return _rooms("f.id = %s", [facility_id])


def spaces_of(facility_id: int) -> list[Space]:
    """Return the spaces of a hall in the order they were made."""
    return list(Space.objects.filter(facility_id=facility_id).order_by("pk"))


def rule_versions(rule_book_id: int) -> list[RuleVersion]:
    """Return the versions of a rule book that stand (published and not withdrawn), newest first."""
    return [one for one in published_versions(rule_book_id) if one.withdrawn_at is None]


def published_versions(rule_book_id: int) -> list[RuleVersion]:
    """Return every version of a rule book that was ever published, withdrawn or not, newest first."""
    versions = RuleVersion.objects.filter(rule_book_id=rule_book_id)
    return list(versions.select_related("published_by", "withdrawn_by").order_by("-number"))


def rule_books() -> list[RuleBook]:
    """Return the rule books of the municipality."""
    return list(RuleBook.objects.order_by("pk"))


def rule_book(rule_book_id: int) -> RuleBook:
    """Return one rule book of the municipality. Raises RulesNotFound."""
    book = RuleBook.objects.filter(pk=rule_book_id).first()
    if book is None:
        raise RulesNotFound
    return book


def rule_version(rule_book_id: int, number: int) -> RuleVersion:
    """Return one version of a rule book, withdrawn or not. Raises RulesNotFound."""
    versions = RuleVersion.objects.select_related("rule_book", "published_by", "withdrawn_by")
    version = versions.filter(rule_book_id=rule_book_id, number=number).first()
    if version is None:
        raise RulesNotFound
    return version
