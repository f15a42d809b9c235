"""One hall on one day, as its manager sees it: rooms, who comes when, what is free between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.db.models import Q

from booking.availability import Spans, free_within, merged
from booking.models import Claim, Closure, Reservation
from booking.queries import unpriced
from facilities.errors import NoRulesYet
from facilities.ordinance import OpenDay, Reason
from facilities.ordinance.document.values import DAY_MINUTES
from facilities.periods import local_end, moment
from facilities.queries import RoomFacts, rooms_of
from facilities.room_rules import open_on
from locks.queries import AccessState, access_states
from payments.queries import PaymentState, payment_states

Status = Reservation.Status


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """Something that occupies a room, in minutes of the day (it may begin before or end after the day).

    ``free_at``: a cancelled time that others wait for is kept until then.
    """

    kind: Literal["reservation", "hold", "closure", "shared", "releasing"]
    starts: int
    ends: int
    who: str
    ref: UUID | None = None
    closure_id: int | None = None
    number: str = ""
    phone: str = ""
    purpose: str = ""
    headcount: int | None = None
    attendance: str = ""
    payment: PaymentState | None = None
    access: AccessState | None = None
    free_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SheetRoom:
    """A room's day: opening times until midnight, entries in order, free gaps within opening times (minutes of the
    day)."""

    room: RoomFacts
    open: tuple[tuple[int, int], ...]
    closed: Reason | None
    entries: tuple[SheetEntry, ...]
    gaps: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class DaySheet:
    """A hall's day. ``opens`` and ``closes`` span all its rooms (minutes of the day)."""

    day: date
    rooms: tuple[SheetRoom, ...]
    opens: int
    closes: int


def day_sheet(*, facility_id: int, day: date, now: datetime) -> DaySheet:
    """Return the day sheet of a hall.

    An entry of another room that uses the same space (half and whole) appears as ``shared``.
    """
    rooms = rooms_of(facility_id)
    reservations = _reservations(facility_id, rooms, day, now)
    closures = _closures(facility_id, rooms, day)
    kept = _kept(rooms, day, now)
    refs = [row.ref for row in reservations]
    payments, access = payment_states(refs), access_states(refs)
    by_id = {room.id: room for room in rooms}
    sheets = []
    for room in rooms:
        entries = [
            _entry(row, room, day, payments.get(row.ref), access.get(row.ref))
            for row in reservations
            if row.room_id == room.id or _share(room, by_id.get(row.room_id))
        ]
        entries += [
            _closure_entry(row, day, room)
            for row in closures
            if set(room.space_ids) & {claim.space_id for claim in row.claims.all()}
        ]
        entries += _kept_entries(kept, room, day)
        sheets.append(_sheet_room(room, day, sorted(entries, key=lambda entry: (entry.starts, entry.ends))))
    times = [span for sheet in sheets for span in sheet.open]
    times += [(entry.starts, entry.ends) for sheet in sheets for entry in sheet.entries]
    return DaySheet(
        day,
        tuple(sheets),
        max(min((span[0] for span in times), default=540), 0),
        min(max((span[1] for span in times), default=1320), DAY_MINUTES),
    )


def _reservations(
    facility_id: int, rooms: Sequence[RoomFacts], day: date, now: datetime
) -> list[Reservation]:
    if not rooms:
        return []
    zone = rooms[0].zone
    live = Q(status=Status.CONFIRMED) | Q(status=Status.HOLD, held_until__gt=now)
    return list(
        Reservation.objects.select_related("resident", "room")
        .filter(live, room__facility_id=facility_id)
        .filter(starts_at__lt=moment(day, DAY_MINUTES, zone), ends_at__gt=moment(day, 0, zone))
        .order_by("starts_at", "id")
    )


def _closures(facility_id: int, rooms: Sequence[RoomFacts], day: date) -> list[Closure]:
    if not rooms:
        return []
    zone = rooms[0].zone
    return list(
        Closure.objects.filter(facility_id=facility_id, lifted_at__isnull=True)
        .filter(starts_at__lt=moment(day, DAY_MINUTES, zone), ends_at__gt=moment(day, 0, zone))
        .prefetch_related("claims")
        .order_by("starts_at", "id")
    )


def _kept(rooms: Sequence[RoomFacts], day: date, now: datetime) -> list[Claim]:
    """What releases keep of the day."""
    if not rooms:
        return []
    zone = rooms[0].zone
    spaces = {space_id for room in rooms for space_id in room.space_ids}
    claims = Claim.objects.filter(active=True, release__isnull=False, expires_at__gt=now, space_id__in=spaces)
    window = (moment(day, 0, zone), moment(day, DAY_MINUTES, zone))
    return list(claims.filter(occupied__overlap=window).select_related("release").order_by("id"))


def _kept_entries(kept: Sequence[Claim], room: RoomFacts, day: date) -> list[SheetEntry]:
    """Each time a release keeps of a room, once."""
    entries = {}
    for claim in kept:
        release = claim.release
        if release is None or claim.space_id not in room.space_ids:
            continue
        starts = local_end(max(claim.occupied.lower, release.starts_at), day, room.zone)
        ends = local_end(min(claim.occupied.upper, release.ends_at), day, room.zone)
        if starts < ends:
            entries[starts, ends] = SheetEntry("releasing", starts, ends, "", free_at=release.free_at)
    return list(entries.values())


def _share(room: RoomFacts, other: RoomFacts | None) -> bool:
    return other is not None and bool(set(room.space_ids) & set(other.space_ids))


def _entry(
    row: Reservation, room: RoomFacts, day: date, payment: PaymentState | None, access: AccessState | None
) -> SheetEntry:
    starts, ends = local_end(row.starts_at, day, room.zone), local_end(row.ends_at, day, room.zone)
    if row.room_id != room.id:
        return SheetEntry("shared", starts, ends, row.room.name, ref=row.ref, number=row.number)
    return SheetEntry(
        "hold" if row.status == Status.HOLD else "reservation",
        starts,
        ends,
        row.resident.name,
        ref=row.ref,
        number=row.number,
        phone=row.resident.phone,
        purpose=row.purpose,
        headcount=row.headcount,
        attendance=row.attendance,
        payment=payment or (unpriced(row) if row.status == Status.CONFIRMED else None),
        access=access,
    )


def _closure_entry(row: Closure, day: date, room: RoomFacts) -> SheetEntry:
    starts, ends = local_end(row.starts_at, day, room.zone), local_end(row.ends_at, day, room.zone)
    return SheetEntry("closure", starts, ends, row.reason, closure_id=row.pk)


def _sheet_room(room: RoomFacts, day: date, entries: list[SheetEntry]) -> SheetRoom:
    try:
        open_day = open_on(room, day)
    except NoRulesYet:
        open_day = OpenDay((), None, ())
    busy = merged((entry.starts, entry.ends) for entry in entries)
    periods = tuple(
        (starts, min(ends, DAY_MINUTES)) for starts, ends in open_day.periods if starts < DAY_MINUTES
    )
    gaps: Spans = [gap for span in periods for gap in free_within(busy, *span)]
    return SheetRoom(room, periods, open_day.closed, tuple(entries), tuple(gaps))
