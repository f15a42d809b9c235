"""Writes about halls, rooms and rules: what a municipality admin does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now

from facilities.errors import (
    CasesFailed,
    FacilityNotFound,
    HallsElsewhere,
    InvalidRules,
    KeyTaken,
    RoomHasReservations,
    RoomNotFound,
    RoomsMissing,
)
from facilities.models import Facility, FacilityStaff, Room, RoomSpace, RuleBook, RuleVersion, Space
from facilities.ordinance import InvalidDocument, Ordinance, compile_rules, parse, run_cases
from facilities.reviewing import halls_elsewhere, missing_rooms


def read_rules(text: str) -> Ordinance:
    """Parse a rules document and run its worked cases.

    Raises InvalidRules (facts["problems"]: line, field, reason) or CasesFailed (facts["cases"]).
    """
    try:
        document = parse(text)
    except InvalidDocument as error:
        raise InvalidRules(problems=error.problems) from error
    compile_rules(document)
    failed = [case for case in run_cases(document) if not case.passed]
    if failed:
        raise CasesFailed(cases=failed)
    return document


@transaction.atomic
def publish_rules(
    *,
    rule_book_id: int,
    text: str,
    now: datetime,
    effective_from: date | None = None,
    staff_id: int | None = None,
) -> RuleVersion:
    """Publish a new version of the rules, in effect from ``effective_from`` (default: as the document says).

    Uses from that day on follow it; reservations made before keep their own version.
    Raises InvalidRules, CasesFailed, RoomsMissing (a room in use would have no rules), HallsElsewhere (another rule
    book has a hall of the same key).
    """
    document = read_rules(text)
    book = RuleBook.objects.select_for_update().get(pk=rule_book_id)
    missing = missing_rooms(rule_book_id, document)
    if missing:
        raise RoomsMissing(rooms=missing)
    elsewhere = halls_elsewhere(rule_book_id, document)
    if elsewhere:
        raise HallsElsewhere(halls=elsewhere)
    last = book.versions.aggregate(last=Max("number"))["last"] or 0
    return RuleVersion.objects.create(
        rule_book=book,
        number=last + 1,
        text=text,
        effective_from=effective_from or document.effective_from,
        published_at=now,
        published_by_id=staff_id,
    )


def change_facility(
    *,
    facility_id: int,
    name: str,
    name_kana: str,
    address: str,
    phone: str,
    notice: str,
    barrier_free: str,
    url: str,
    is_open: bool,
) -> None:
    """Change what residents read about a hall. Raises FacilityNotFound."""
    changed = Facility.objects.filter(pk=facility_id).update(
        name=name,
        name_kana=name_kana,
        address=address,
        phone=phone,
        notice=notice,
        barrier_free=barrier_free,
        url=url,
        is_open=is_open,
        changed_at=Now(),
    )
    if not changed:
        raise FacilityNotFound


@transaction.atomic
def add_facility(
    *, rule_book_id: int, key: str, name: str, name_kana: str, address: str, phone: str
) -> Facility:
    """Add a hall under a rule book; its ``key`` must be the document's. Raises KeyTaken."""
    if Facility.objects.filter(key=key).exists():
        raise KeyTaken
    return Facility.objects.create(
        rule_book_id=rule_book_id,
        key=key,
        name=name,
        name_kana=name_kana,
        address=address,
        phone=phone,
        position=Facility.objects.count(),
    )


@transaction.atomic
def add_space(*, facility_id: int, key: str, name: str) -> Space:
    """Add a space (the smallest thing that can be occupied) to a hall. Raises KeyTaken."""
    if Space.objects.filter(facility_id=facility_id, key=key).exists():
        raise KeyTaken
    return Space.objects.create(facility_id=facility_id, key=key, name=name)


@transaction.atomic
def add_room(
    *,
    facility_id: int,
    key: str,
    name: str,
    capacity: int | None,
    space_ids: Sequence[int],
    turnaround_minutes: int = 0,
) -> Room:
    """Add a room that uses these spaces of the same hall. Raises KeyTaken, RoomNotFound (a foreign space)."""
    if Room.objects.filter(facility_id=facility_id, key=key).exists():
        raise KeyTaken
    room = Room.objects.create(
        facility_id=facility_id,
        key=key,
        name=name,
        capacity=capacity,
        turnaround_minutes=turnaround_minutes,
        position=Room.objects.filter(facility_id=facility_id).count(),
    )
    _use_spaces(room, space_ids)
    return room


@transaction.atomic
def change_room(
    *,
    room_id: int,
    name: str,
    capacity: int | None,
    note: str,
    turnaround_minutes: int,
    is_open: bool,
    space_ids: Sequence[int] | None = None,
) -> None:
    """Change a room. Its spaces can change only while it has no reservation, since those froze their claims.

    Raises RoomNotFound, RoomHasReservations.
    """
    room = Room.objects.select_for_update().filter(pk=room_id).first()
    if room is None:
        raise RoomNotFound
    Room.objects.filter(pk=room_id).update(
        name=name, capacity=capacity, note=note, turnaround_minutes=turnaround_minutes, is_open=is_open
    )
    current = set(RoomSpace.objects.filter(room=room).values_list("space_id", flat=True))
    if space_ids is not None and set(space_ids) != current:
        if room.reservations.exists():
            raise RoomHasReservations
        RoomSpace.objects.filter(room=room).delete()
        _use_spaces(room, space_ids)


def _use_spaces(room: Room, space_ids: Sequence[int]) -> None:
    own = set(
        Space.objects.filter(facility_id=room.facility_id, pk__in=space_ids).values_list("pk", flat=True)
    )
    if not own or own != set(space_ids):
        raise RoomNotFound
    RoomSpace.objects.bulk_create(RoomSpace(room=room, space_id=space_id) for space_id in sorted(own))


@transaction.atomic
def assign_staff(*, staff_id: int, facility_ids: Sequence[int]) -> None:
    """Let a hall manager work at exactly these halls. Raises FacilityNotFound (a hall that is not here)."""
    wanted = set(facility_ids)
    if Facility.objects.filter(pk__in=wanted).count() != len(wanted):
        raise FacilityNotFound
    FacilityStaff.objects.filter(staff_id=staff_id).exclude(facility_id__in=wanted).delete()
    FacilityStaff.objects.bulk_create(
        (FacilityStaff(staff_id=staff_id, facility_id=facility_id) for facility_id in sorted(wanted)),
        ignore_conflicts=True,
    )
