"""iCalendar feeds: secret addresses that can be taken back, and what stands behind each.

A calendar program reads a feed without a log-in and hands it to its maker's servers, so a feed says as little as it
can: no names, no door codes, and for a room only that it is taken.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.roles import staff_member
from booking.errors import FeedNotFound
from booking.models import CalendarFeed, Claim, Closure, Reservation
from booking.parties import theirs
from facilities.periods import local, moment
from facilities.queries import RoomFacts, room_facts, rooms_among, staff_rooms
from tenants.context import current_schema, current_zone

PAST = timedelta(days=30)
FUTURE = timedelta(days=400)
CANCELLED_STAYS = timedelta(days=14)

Kind = CalendarFeed.Kind
Status = Reservation.Status
_STANDING = (Status.CONFIRMED, Status.APPLIED)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One event. ``uid`` never changes; ``room`` and ``facility`` are names; ``updated_at`` is the last change.

    ``is_own``: it is shown to the hirer. ``applied``: it waits for its review. ``group``: the name of the group it is
    for. ``free_at``: a cancelled time is kept until then, and free from then on.
    """

    uid: UUID
    kind: Literal["reservation", "applied", "cancelled", "busy", "closure", "releasing"]
    starts_at: datetime
    ends_at: datetime
    sequence: int
    updated_at: datetime
    room: str = ""
    facility: str = ""
    ref: UUID | None = None
    number: str = ""
    purpose: str = ""
    headcount: int | None = None
    is_own: bool = False
    free_at: datetime | None = None
    group: str = ""


def entry_kind(status: str) -> Literal["reservation", "applied", "cancelled"]:
    """Return what a calendar shows of a reservation with this status; what was not permitted is as if cancelled."""
    if status in (Status.CANCELLED, Status.REFUSED):
        return "cancelled"
    return "applied" if status == Status.APPLIED else "reservation"


def create_feed(*, kind: str, subject_id: int, user_id: int, now: datetime) -> tuple[CalendarFeed, str]:
    """Open a feed of a resident, room or facility for a log-in; returns it and its token, which is not kept.

    An address this log-in had for the same subject stops working: so this is also how one gets a new one.
    """
    subject = {f"{kind}_id": subject_id}
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        CalendarFeed.objects.filter(created_by_id=user_id, revoked_at__isnull=True, **subject).update(
            revoked_at=now
        )
        feed = CalendarFeed.objects.create(
            kind=Kind(kind), created_by_id=user_id, token_hash=_hash(token), created_at=now, **subject
        )
    return feed, token


def revoke_feed(*, feed_id: int, user_id: int, now: datetime) -> None:
    """Make one's own feed useless from now on. A second time changes nothing. Raises FeedNotFound."""
    feeds = CalendarFeed.objects.filter(pk=feed_id, created_by_id=user_id)
    if not feeds.exists():
        raise FeedNotFound
    feeds.filter(revoked_at__isnull=True).update(revoked_at=now)


def feeds_of(*, user_id: int) -> list[CalendarFeed]:
    """Return the usable feeds of a log-in, oldest first."""
    rows = CalendarFeed.objects.filter(created_by_id=user_id, revoked_at__isnull=True)
    return list(rows.select_related("room__facility", "facility").order_by("id"))


def feed_by_token(token: str) -> CalendarFeed:
    """Return the feed behind a token, as long as whoever opened it may still see it. Raises FeedNotFound."""
    rows = CalendarFeed.objects.filter(
        token_hash=_hash(token), revoked_at__isnull=True, created_by__is_active=True
    )
    feed = rows.select_related("created_by", "room__facility", "facility").first()
    if feed is None:
        raise FeedNotFound
    if feed.kind == Kind.FACILITY:
        staff = staff_member(feed.created_by)
        if staff is None or not staff.works_at(feed.facility_id or 0):
            raise FeedNotFound
    return feed


def entries_of(feed: CalendarFeed, *, now: datetime) -> list[FeedEntry]:
    """Return what a feed shows, from 30 days back to 400 days ahead (whole local days), by start."""
    zone = current_zone()
    today = local(now, zone)[0]
    window = (moment(today - PAST, 0, zone), moment(today + FUTURE, 0, zone))
    if feed.kind == Kind.RESIDENT:
        entries = _own(feed.resident_id or 0, window)
    elif feed.kind == Kind.ROOM:
        room = room_facts(feed.room_id or 0)
        entries = [*_busy(room, window), *_kept([room], window, now)]
    else:
        entries = _hall(feed.facility_id or 0, window, now)
    return sorted(entries, key=lambda entry: (entry.starts_at, entry.uid))


def _own(resident_id: int, window: tuple[datetime, datetime]) -> list[FeedEntry]:
    # What was cancelled is left out: some programs would show it struck through for ever.
    rows = Reservation.objects.filter(theirs(resident_id), status__in=_STANDING)
    return _reservations(_within(rows, window), is_own=True)


def _hall(facility_id: int, window: tuple[datetime, datetime], now: datetime) -> list[FeedEntry]:
    rows = Reservation.objects.filter(room__facility_id=facility_id)
    lately = Q(status=Status.CANCELLED, updated_at__gt=now - CANCELLED_STAYS)
    shown = _within(rows.filter(Q(status__in=_STANDING) | lately).distinct(), window)
    closures = Closure.objects.filter(
        facility_id=facility_id, lifted_at__isnull=True, starts_at__lt=window[1], ends_at__gt=window[0]
    )
    return [
        *_reservations(shown, is_own=False),
        *_kept(staff_rooms(facility_id), window, now),
        *(
            FeedEntry(
                _opaque(f"closure:{row.pk}"),
                "closure",
                row.starts_at,
                row.ends_at,
                0,
                row.created_at,
                purpose=row.reason,
            )
            for row in closures
        ),
    ]


def _busy(room: RoomFacts, window: tuple[datetime, datetime]) -> list[FeedEntry]:
    claims = Claim.objects.filter(
        space_id__in=room.space_ids, active=True, expires_at__isnull=True, occupied__overlap=window
    ).select_related("reservation", "closure")
    entries: dict[UUID, FeedEntry] = {}
    for claim in claims:
        row = claim.reservation or claim.closure
        if isinstance(row, Reservation):
            # Not the reservation's own UID: two feeds side by side must not tell whose time it is.
            uid, sequence, changed = _opaque(f"busy:{row.ref}"), row.sequence, row.updated_at
        elif row is not None:
            uid, sequence, changed = _opaque(f"closure:{row.pk}"), 0, row.created_at
        else:
            continue
        entries[uid] = FeedEntry(uid, "busy", row.starts_at, row.ends_at, sequence, changed, room.name)
    return list(entries.values())


def _kept(rooms: Sequence[RoomFacts], window: tuple[datetime, datetime], now: datetime) -> list[FeedEntry]:
    """What was cancelled in these rooms and is kept for a while (取消処理中)."""
    by_space = {space_id: room for room in rooms for space_id in room.space_ids}
    claims = Claim.objects.filter(
        active=True,
        release__isnull=False,
        expires_at__gt=now,
        space_id__in=by_space,
        occupied__overlap=window,
    ).select_related("release")
    entries: dict[UUID, FeedEntry] = {}
    for claim in claims.order_by("id"):
        release = claim.release
        if release is None:
            continue
        begins = max(claim.occupied.lower, release.starts_at)
        ends = min(claim.occupied.upper, release.ends_at)
        if begins < ends:
            uid = _opaque(f"release:{release.ref}:{begins.isoformat()}")
            room = by_space[claim.space_id].name
            changed, free_at = release.started_at, release.free_at
            entries[uid] = FeedEntry(uid, "releasing", begins, ends, 0, changed, room, free_at=free_at)
    return list(entries.values())


def _within(rows: QuerySet[Reservation], window: tuple[datetime, datetime]) -> QuerySet[Reservation]:
    return rows.filter(starts_at__lt=window[1], ends_at__gt=window[0])


def _reservations(rows: QuerySet[Reservation], *, is_own: bool) -> list[FeedEntry]:
    found = list(rows.select_related("group"))
    rooms = rooms_among({row.room_id for row in found})
    return [
        FeedEntry(
            row.ref,
            entry_kind(row.status),
            row.starts_at,
            row.ends_at,
            row.sequence,
            row.updated_at,
            rooms[row.room_id].name,
            rooms[row.room_id].facility_name,
            row.ref,
            row.number,
            row.purpose if is_own else "",
            row.headcount,
            is_own,
            group=row.group.name if is_own and row.group else "",
        )
        for row in found
    ]


def _opaque(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"machinoma:{current_schema()}:{name}")


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
