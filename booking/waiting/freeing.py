"""Telling who waits that a time is free: after a release, and whenever a time became free in another way."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection

from booking.models import Release, Wait
from booking.parties import Party
from booking.telling import tell
from booking.transactions import one_transaction
from booking.waiting.barring import barred_from
from booking.waiting.parts import Part, part_for

Status = Wait.Status

# Waits whose whole time has, in one of their rooms, nothing on any space. LATERAL … OFFSET 0: booking.claiming.
_FREE = """
SELECT w.id FROM booking_wait w WHERE w.status = 'waiting' AND w.starts_at > %s AND w.told_at IS NULL
AND EXISTS (
    SELECT 1 FROM booking_wait_rooms m JOIN facilities_room r ON r.id = m.room_id
    WHERE m.wait_id = w.id AND NOT EXISTS (
        SELECT 1 FROM facilities_roomspace s CROSS JOIN LATERAL (
            SELECT c.expires_at FROM booking_claim c
            WHERE int8range(c.space_id, c.space_id, '[]') && int8range(s.space_id, s.space_id, '[]')
              AND c.occupied && tstzrange(w.starts_at, w.ends_at + r.turnaround_minutes * interval '1 minute')
              AND c.active OFFSET 0
        ) c WHERE s.room_id = r.id AND (c.expires_at IS NULL OR c.expires_at > %s)
    )
) ORDER BY w.id
"""
# Waits that were told, and whose time is taken again in all their rooms; a hold of ten minutes is not yet taken.
_TAKEN_AGAIN = """
SELECT w.id FROM booking_wait w WHERE w.status = 'waiting' AND w.told_at IS NOT NULL
AND NOT EXISTS (
    SELECT 1 FROM booking_wait_rooms m JOIN facilities_room r ON r.id = m.room_id
    WHERE m.wait_id = w.id AND NOT EXISTS (
        SELECT 1 FROM facilities_roomspace s CROSS JOIN LATERAL (
            SELECT c.expires_at, c.release_id FROM booking_claim c
            WHERE int8range(c.space_id, c.space_id, '[]') && int8range(s.space_id, s.space_id, '[]')
              AND c.occupied && tstzrange(w.starts_at, w.ends_at + r.turnaround_minutes * interval '1 minute')
              AND c.active OFFSET 0
        ) c WHERE s.room_id = r.id AND (c.expires_at IS NULL OR c.release_id IS NOT NULL)
    )
)
"""


def tell_freed(*, now: datetime) -> int:
    """Tell who waits for a time that is free now and that they may book; return how many were told.

    A time gets free in many ways: a closure lifted, a booking moved, a hold given back. Each is told once; again only
    after somebody had it in between. Waits whose time has begun are over.
    """
    told = 0
    with one_transaction():
        begun = set(
            Wait.objects.filter(status=Status.WAITING, starts_at__lte=now).values_list("pk", flat=True)
        )
        taken_again, free = _ids(_TAKEN_AGAIN), _ids(_FREE, now, now)
        for wait in locked_waits(begun | taken_again | free):
            row = Wait.objects.filter(pk=wait.pk)
            if wait.pk in begun:
                row.update(status=Status.OVER, updated_at=now)
            elif wait.pk in taken_again:
                row.update(told_at=None)
            elif wait.told_at is None and not _cancelled_it(wait) and (part := part_for(wait, now=now)):
                _tell(wait, part, now)
                told += row.update(told_at=now)
    return told


def locked_waits(ids: Collection[int]) -> list[Wait]:
    """Return those of these waits that are open, their rows locked in ascending order."""
    rows = Wait.objects.select_related("resident", "group").filter(pk__in=ids, status=Status.WAITING)
    return list(rows.select_for_update(of=("self",), no_key=True).order_by("pk")) if ids else []


def _ids(query: str, *values: datetime) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return {row[0] for row in cursor.fetchall()}


def tell_after(release: Release, *, now: datetime) -> int:
    """Tell everybody who waits for some of what a release frees now; return how many were told."""
    touching = Wait.objects.filter(
        status=Status.WAITING, starts_at__lt=release.ends_at, ends_at__gt=release.starts_at
    )
    barred, told = barred_from(release), 0
    for wait in locked_waits(set(touching.values_list("pk", flat=True))):
        if barred.concerns(Party(wait.resident_id, wait.group_id)):
            continue
        part = part_for(wait, now=now, release=release)
        if part:
            _tell(wait, part, now)
            told += Wait.objects.filter(pk=wait.pk).update(told_at=now)
    return told


def _cancelled_it(wait: Wait) -> bool:
    party = Party(wait.resident_id, wait.group_id)
    released: Iterable[Release] = Release.objects.filter(
        room__roomspace__space__roomspace__room__in=wait.rooms.all(),
        starts_at__lt=wait.ends_at,
        ends_at__gt=wait.starts_at,
    ).distinct()
    return any(barred_from(release).concerns(party) for release in released)


def _tell(wait: Wait, part: Part, now: datetime) -> None:
    facts = {
        "path": f"/h/{part.room.facility_key}/{part.room.key}/{part.starts_at.astimezone(part.room.zone).date()}/",
        "room_id": str(part.room.id),
        "starts_at": part.starts_at.isoformat(),
        "ends_at": part.ends_at.isoformat(),
    }
    tell(
        "wait_freed",
        now=now,
        resident_id=wait.resident_id,
        group_ref=wait.group.ref if wait.group else None,
        facts=facts,
    )
