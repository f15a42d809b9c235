"""Answering an offer: booking what is offered, or leaving it to the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from accounts.actors import Actor
from booking import records
from booking.admission import admit, foresee
from booking.applications import Assessed, assess
from booking.claiming import lock_spaces, take_over_expired
from booking.errors import NotForGroup
from booking.exempting.granting import Exempter
from booking.models import Claim, Offer, Release, Reservation, Wait
from booking.parties import Party, acts_for, theirs
from booking.promising import settle, settled_status
from booking.transactions import one_transaction
from booking.waiting.errors import OfferNotFound, OfferOver
from booking.waiting.parts import class_of
from booking.waiting.releasing import ADVANCE_JOB
from facilities.details import NO_DETAILS, Details
from facilities.periods import local
from facilities.queries import room_facts
from facilities.room_rules import Asker
from tenants.errors import Refusal
from tenants.jobs import enqueue

State = Offer.State

# What the release keeps beyond the time that was accepted, before and after it, stays kept.
_KEEP_REST = """
WITH taken AS (
    SELECT c.id, c.space_id, c.occupied, c.expires_at FROM booking_claim c
    WHERE c.release_id = %(release)s AND c.active AND c.space_id = ANY(%(spaces)s::bigint[])
      AND c.occupied && tstzrange(%(starts)s, %(ends)s) ORDER BY c.id FOR NO KEY UPDATE
), freed AS (
    UPDATE booking_claim c SET active = false FROM taken WHERE c.id = taken.id
)
SELECT space_id, lower(occupied), upper(occupied), expires_at FROM taken
"""


def offer_with(
    *, ref: UUID, details: Details, actor: Actor, now: datetime, complete: bool = True
) -> Assessed:
    """Return an open offer with what is said of the use: its price, or why it cannot be had like this.

    ``complete`` False: not everything is said yet. A limit that is reached already is told too.
    Raises OfferNotFound, OfferOver, OutsideRules, RoomNotBookable, TooManyPeople, DetailsMissing, DetailsUnfit.
    """
    offer = visible_offer(ref, actor)
    if not _is_open(offer, now):
        raise OfferOver
    assessed = _assess(offer, details, now, complete=complete)
    foresee(assessed, _party(offer.wait, actor), now=now)
    return assessed


def accept_offer(
    *, ref: UUID, purpose: str, actor: Actor, now: datetime, details: Details = NO_DETAILS
) -> Reservation:
    """Book what is offered, like anything else: by the rules that hold now, with their limits and their price.

    The release's claims become the reservation's in one transaction; what it keeps beyond them is offered on. Accepting
    twice is answered with the reservation. Raises OfferNotFound, OfferOver, NotForGroup, and what ``book_room`` raises.
    """
    try:
        # Undone by itself, inside somebody else's transaction too: after a refusal the offer is read again.
        with transaction.atomic():
            return _accept(ref, purpose, details, actor, now)
    except Refusal:
        # A second tap waits for the first to be through, and must not read that its own offer is over.
        if (reservation := visible_offer(ref, actor, act=True).reservation) is None:
            raise
        return reservation


def _accept(ref: UUID, purpose: str, details: Details, actor: Actor, now: datetime) -> Reservation:
    with one_transaction():
        offer = visible_offer(ref, actor, act=True)
        if offer.reservation:
            return offer.reservation
        if not _is_open(offer, now):
            raise OfferOver
        party = _party(offer.wait, actor)
        assessed = _assess(offer, details, now)
        with connection.cursor() as cursor:
            admit(cursor, assessed, party, now=now)
            lock_spaces(cursor, assessed.room.space_ids)
            _lock_open(offer, now)
            new = records.NewReservation(party=party, status=settled_status(assessed), purpose=purpose)
            reservation = _swap(cursor, offer, assessed, new, actor, now)
        applicant = records.anybody(party)
        settle(reservation, assessed, payer=applicant.payer, actor=actor, now=now)
        for release_id in Offer.objects.filter(wait_id=offer.wait_id).values_list("release_id", flat=True):
            enqueue(ADVANCE_JOB, release_id=release_id)
    return reservation


def decline_offer(*, ref: UUID, actor: Actor, now: datetime) -> None:
    """Leave what is offered to the next in line; the wait goes on for other times. Raises OfferNotFound, OfferOver."""
    with one_transaction():
        offer = visible_offer(ref, actor, act=True)
        if offer.state == State.DECLINED:
            return
        _lock_open(offer, now)
        Offer.objects.filter(pk=offer.pk).update(state=State.DECLINED, answered_at=now)
        enqueue(ADVANCE_JOB, release_id=offer.release_id)


def visible_offer(ref: UUID, actor: Actor, *, act: bool = False) -> Offer:
    """Return an offer that was made, if the actor may see it: a resident their own and their groups'.

    ``act``: to answer it. Raises OfferNotFound, NotForGroup.
    """
    rows = Offer.objects.select_related("wait__resident", "wait__group", "release", "reservation")
    rows = rows.filter(ref=ref, offered_at__isnull=False)
    if actor.kind == "resident":
        waits = Wait.objects.filter(theirs(actor.id))
        rows = rows.filter(wait__in=waits)
    offer = rows.first()
    if offer is None:
        raise OfferNotFound
    group_id = offer.wait.group_id if act and actor.kind == "resident" else None
    if group_id is not None and not acts_for(resident_id=actor.id, group_id=group_id):
        raise NotForGroup
    return offer


def _is_open(offer: Offer, now: datetime) -> bool:
    return offer.state == State.OPEN and offer.expires_at is not None and now < offer.expires_at


def _lock_open(offer: Offer, now: datetime) -> None:
    """Lock the release, then see that the offer is still open: it expires, is answered or carried on only once.

    Raises OfferOver.
    """
    Release.objects.select_for_update(no_key=True).get(pk=offer.release_id)
    if not Offer.objects.filter(pk=offer.pk, state=State.OPEN, expires_at__gt=now).exists():
        raise OfferOver


def _assess(offer: Offer, details: Details, now: datetime, *, complete: bool = True) -> Assessed:
    if offer.room_id is None or offer.starts_at is None or offer.ends_at is None:
        raise OfferOver
    room = room_facts(offer.room_id)
    day, _ = local(offer.starts_at, room.zone)
    asker = Asker(class_of(offer.wait, room, day), "web", now, details)
    return assess(
        room=room,
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
        asker=asker,
        complete=complete,
        exempter=Exempter(Party(offer.wait.resident_id, offer.wait.group_id)),
    )


def _swap(
    cursor: Any, offer: Offer, assessed: Assessed, new: records.NewReservation, actor: Actor, now: datetime
) -> Reservation:
    """Take the time from the release and give it to the reservation; nobody else can see it free in between."""
    space_ids, period = assessed.room.space_ids, (assessed.starts_at, assessed.occupied_until)
    cursor.execute(
        _KEEP_REST,
        {"release": offer.release_id, "spaces": list(space_ids), "starts": period[0], "ends": period[1]},
    )
    kept = cursor.fetchall()
    take_over_expired(cursor, space_ids, *period, now)
    reservation = records.insert(cursor, assessed, new, actor, now)
    _keep_rest(offer.release_id, kept, period)
    Offer.objects.filter(pk=offer.pk).update(state=State.ACCEPTED, answered_at=now, reservation=reservation)
    wait = Wait.objects.filter(pk=offer.wait_id, status=Wait.Status.WAITING)
    if not wait.update(status=Wait.Status.BOOKED, updated_at=now):
        # Withdrawn meanwhile, or something else that was offered for it was accepted.
        raise OfferOver
    return reservation


def _keep_rest(
    release_id: int,
    kept: Sequence[tuple[int, datetime, datetime, datetime]],
    period: tuple[datetime, datetime],
) -> None:
    pieces = [
        Claim(release_id=release_id, space_id=space_id, occupied=(begins, ends), expires_at=expires_at)
        for space_id, since, until, expires_at in kept
        for begins, ends in ((since, period[0]), (period[1], until))
        if begins < ends
    ]
    Claim.objects.bulk_create(pieces)


def _party(wait: Wait, actor: Actor) -> Party:
    """Who books: for a group whoever of it answers."""
    answers = actor.kind == "resident" and wait.group_id is not None
    return Party(actor.id if answers else wait.resident_id, wait.group_id)
