"""What somebody who waits could have of a time, under the rules, beside what others have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from booking.availability import Spans, merged
from booking.models import Claim, Release, Wait
from booking.parties import Party
from booking.standing import classes_among
from booking.waiting.fitting import parts_that_fit
from facilities.errors import NoRulesYet
from facilities.periods import local, local_end, moment
from facilities.queries import RoomFacts, rooms_among
from facilities.room_rules import Asker, decide, times_on


@dataclass(frozen=True, slots=True)
class Part:
    """A room and a time that somebody who waits could have."""

    room: RoomFacts
    starts_at: datetime
    ends_at: datetime


def part_for(wait: Wait, *, now: datetime, release: Release | None = None) -> Part | None:
    """Return the longest time inside the wait that its party may book now: in the room asked for first, else another.

    ``release``: what it keeps counts as free, and the time must touch it; without one the whole wait must be free.
    """
    wanted = {room.pk for room in wait.rooms.all()} | {wait.room_id}
    facts = rooms_among(wanted | ({release.room_id} if release else set()))
    touching = set(facts[release.room_id].space_ids) if release else set()
    for room in sorted(facts.values(), key=lambda one: (one.id != wait.room_id, one.id)):
        if room.id not in wanted or (release and touching.isdisjoint(room.space_ids)):
            continue
        try:
            found = _part_in(wait, room, now, release)
        except NoRulesYet:
            continue
        if found:
            return found
    return None


def _part_in(wait: Wait, room: RoomFacts, now: datetime, release: Release | None) -> Part | None:
    if not room.is_open or wait.starts_at <= now:
        return None
    day, starts = local(wait.starts_at, room.zone)
    wanted = (starts, local_end(wait.ends_at, day, room.zone))
    busy = _taken(room, wait, day, now, release)
    parts = parts_that_fit(times_on(room, day), wanted=wanted, busy=busy, turnaround=room.turnaround_minutes)
    asker = Asker(class_of(wait, room, day), "web", now)
    for begins, ends in parts:
        part = Part(room, moment(day, begins, room.zone), moment(day, ends, room.zone))
        if release:
            enough = part.starts_at < release.ends_at and release.starts_at < part.ends_at
        else:
            enough = (begins, ends) == wanted
        if enough and decide(room, day, begins, ends, asker).allowed:
            return part
    return None


def class_of(wait: Wait, room: RoomFacts, day: date) -> str:
    """Return the applicant class of whoever waits: the group's, else the resident's own."""
    party = Party(wait.resident_id, wait.group_id)
    return classes_among(party, wait.resident.applicant_class)(room, day)


def _taken(room: RoomFacts, wait: Wait, day: date, now: datetime, release: Release | None) -> Spans:
    """What others have of the time, in minutes of the day, merged."""
    counts = Q(expires_at=None) | Q(expires_at__gt=now)
    period = (wait.starts_at, room.occupied_until(wait.ends_at))
    rows = Claim.objects.filter(counts, active=True, space_id__in=room.space_ids, occupied__overlap=period)
    if release:
        rows = rows.exclude(release=release)
    return merged(
        (local_end(claim.occupied.lower, day, room.zone), local_end(claim.occupied.upper, day, room.zone))
        for claim in rows
    )
