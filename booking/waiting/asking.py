"""Asking for a taken time: waiting for it, changing that, and not waiting any more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.actors import Actor
from accounts.models import Group, Resident
from booking.applications import check_period
from booking.errors import NotForGroup, RoomNotBookable
from booking.models import Claim, Release, Reservation, Wait
from booking.parties import Party, acts_for, theirs
from booking.transactions import one_transaction
from booking.waiting.barring import barred_from
from booking.waiting.errors import (
    AlreadyWaiting,
    NotLentLikeThis,
    NotTaken,
    OwnTime,
    TakingBack,
    TimeOver,
    TooManyWaits,
    WaitNotFound,
    WaitOver,
)
from booking.waiting.fitting import parts_that_fit
from booking.waiting.releasing import ADVANCE_JOB
from facilities.periods import local, local_end
from facilities.queries import RoomFacts, room_facts, rooms_of
from facilities.room_rules import times_on
from facilities.waiting_rules import alike
from tenants.jobs import enqueue

# Open waits of one person for themselves, or of one group.
MOST_WAITS = 20

Status = Wait.Status


def wait_for_time(
    *,
    room_id: int,
    starts_at: datetime,
    ends_at: datetime,
    wish: str,
    any_alike: bool,
    resident_id: int,
    actor: Actor,
    now: datetime,
    group_id: int | None = None,
) -> Wait:
    """Wait for a taken time of a room: to be told (``wish`` tell) or offered it (offer) when it becomes free.

    ``any_alike``: any room of this kind in this hall would do. ``group_id``: the resident acts for this group.
    Raises NotForGroup, RoomNotFound, RoomNotBookable, NoRulesYet, InvalidPeriod, TimeOver, NotLentLikeThis, NotTaken,
    OwnTime, TakingBack, AlreadyWaiting, TooManyWaits.
    """
    check_period(starts_at, ends_at)
    room, party = room_facts(room_id), Party(resident_id, group_id)
    if (
        group_id is not None
        and not actor.is_staff
        and not acts_for(resident_id=resident_id, group_id=group_id)
    ):
        raise NotForGroup
    _check_time(room, starts_at, ends_at, now)
    _check_taken(room, starts_at, ends_at, party, now)
    with one_transaction():
        _lock_party(party)
        if Wait.objects.filter(_of(party), status=Status.WAITING, starts_at__gt=now).count() >= MOST_WAITS:
            raise TooManyWaits
        wait = Wait(
            resident_id=resident_id,
            group_id=group_id,
            room_id=room_id,
            starts_at=starts_at,
            ends_at=ends_at,
            wish=Wait.Wish(wish),
            created_at=now,
            updated_at=now,
        )
        try:
            with transaction.atomic():
                wait.save(force_insert=True)
        except IntegrityError as error:
            raise AlreadyWaiting from error
        wait.rooms.set(_rooms(room, starts_at, any_alike))
        _tell_releases(wait)
    return wait


def change_wait(*, ref: UUID, wish: str, any_alike: bool, actor: Actor, now: datetime) -> Wait:
    """Change what is wished and whether another room of the kind would do.

    A place in a line that is drawn already stays. Raises WaitNotFound, WaitOver, NotForGroup.
    """
    with one_transaction():
        wait = locked_wait(ref, actor)
        if wait.status != Status.WAITING:
            raise WaitOver
        room = room_facts(wait.room_id)
        wait.rooms.set(_rooms(room, wait.starts_at, any_alike))
        Wait.objects.filter(pk=wait.pk).update(wish=Wait.Wish(wish), updated_at=now)
        wait.wish = Wait.Wish(wish)
        _tell_releases(wait)
    return wait


def withdraw_wait(*, ref: UUID, actor: Actor, now: datetime) -> None:
    """Stop waiting; an open offer goes to the next. A second time changes nothing. Raises WaitNotFound, NotForGroup."""
    with one_transaction():
        wait = locked_wait(ref, actor)
        if wait.status != Status.WAITING:
            return
        Wait.objects.filter(pk=wait.pk).update(status=Status.WITHDRAWN, updated_at=now)
        _tell_releases(wait)


def locked_wait(ref: UUID, actor: Actor) -> Wait:
    """Return a wait that the actor may do something with, its row locked. Raises WaitNotFound, NotForGroup."""
    rows = Wait.objects.select_related("resident").filter(ref=ref)
    if actor.kind == "resident":
        rows = rows.filter(theirs(actor.id))
    wait = rows.select_for_update(of=("self",), no_key=True).first()
    if wait is None:
        raise WaitNotFound
    if (
        actor.kind == "resident"
        and wait.group_id is not None
        and not acts_for(resident_id=actor.id, group_id=wait.group_id)
    ):
        raise NotForGroup
    return wait


def _check_time(room: RoomFacts, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if not room.is_open or not room.space_ids:
        raise RoomNotBookable
    if starts_at <= now:
        raise TimeOver
    day, starts = local(starts_at, room.zone)
    span = (starts, local_end(ends_at, day, room.zone))
    if span not in parts_that_fit(times_on(room, day), wanted=span, busy=[], turnaround=0):
        raise NotLentLikeThis


def _check_taken(
    room: RoomFacts, starts_at: datetime, ends_at: datetime, party: Party, now: datetime
) -> None:
    claims = list(
        Claim.objects.select_related("reservation", "release")
        .filter(Q(expires_at=None) | Q(expires_at__gt=now), active=True, space_id__in=room.space_ids)
        .filter(occupied__overlap=(starts_at, room.occupied_until(ends_at)))
    )
    if not claims:
        raise NotTaken
    if any(claim.reservation and _is_theirs(claim.reservation, party) for claim in claims):
        raise OwnTime
    releases: list[Release] = [claim.release for claim in claims if claim.release]
    if any(barred_from(release).concerns(party) for release in releases):
        raise TakingBack


def _is_theirs(reservation: Reservation, party: Party) -> bool:
    """What is a group's is everybody's in it."""
    if reservation.group_id is not None or party.group_id is not None:
        return reservation.group_id == party.group_id
    return reservation.resident_id == party.resident_id


def _of(party: Party) -> Q:
    if party.group_id is not None:
        return Q(group_id=party.group_id)
    return Q(group=None, resident_id=party.resident_id)


def _lock_party(party: Party) -> None:
    """Whoever counts the waits of a party holds its row: two requests at once count one after the other."""
    if party.group_id is not None:
        Group.objects.select_for_update(no_key=True).get(pk=party.group_id)
    else:
        Resident.objects.select_for_update(no_key=True).get(pk=party.resident_id)


def _rooms(room: RoomFacts, starts_at: datetime, any_alike: bool) -> list[int]:
    if not any_alike:
        return [room.id]
    day, _ = local(starts_at, room.zone)
    return sorted({room.id, *(other.id for other in alike(room, rooms_of(room.facility_id), day))})


def _tell_releases(wait: Wait) -> None:
    """Have the open releases this wait may touch looked at: a line has one more, or one fewer."""
    open_ones = Release.objects.filter(
        ended_at=None, starts_at__lt=wait.ends_at, ends_at__gt=wait.starts_at
    ).values_list("pk", flat=True)
    for release_id in open_ones:
        enqueue(ADVANCE_JOB, release_id=release_id)
