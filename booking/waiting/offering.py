"""Carrying a release on: the next offer, an expired one, and the end at the published instant.

Every step may be taken by several workers at once and twice: it locks the release's row and looks again.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import Exists, Max, OuterRef, Q

from booking.models import Claim, Offer, Release, Wait
from booking.parties import Party
from booking.telling import tell
from booking.transactions import one_transaction
from booking.waiting.barring import barred_from
from booking.waiting.freeing import tell_after
from booking.waiting.lining import Place, Step, next_step
from booking.waiting.parts import part_for
from booking.waiting.releasing import ADVANCE_JOB, demand_for
from tenants.jobs import enqueue

State = Offer.State


def advance_release(*, release_id: int, now: datetime) -> None:
    """Do what is to be done with a release at ``now``, as often as something is. An ended one is left alone."""
    with one_transaction():
        release = lock_release(release_id)
        if release is None:
            return
        _let_in(release, now)
        _let_go(release, now)
        while (step := _next(release, now)).kind != "rest":
            if step.kind == "free":
                _end(release, now)
                return
            if step.kind == "expire":
                _expire(release, step, now)
            else:
                _offer(release, step, now)
        if not Claim.objects.filter(release=release, active=True).exists():
            _end(release, now)


def advance_all(*, now: datetime) -> None:
    """Carry every open release on that has something to do: a net below the jobs that do it to the second."""
    offers = Offer.objects.filter(release=OuterRef("pk"))
    answering = Exists(offers.filter(state=State.OPEN, expires_at__gt=now, wait__status=Wait.Status.WAITING))
    in_line = Exists(offers.filter(state__in=[State.QUEUED, State.OPEN]))
    due = Q(free_at__lte=now) | (in_line & ~answering)
    rows = Release.objects.filter(due, ended_at=None).order_by("pk")
    for release_id in rows.values_list("pk", flat=True):
        advance_release(release_id=release_id, now=now)


def lock_release(release_id: int) -> Release | None:
    """Return an open release, its row locked until the transaction ends; None when it has ended."""
    rows = Release.objects.select_for_update(no_key=True).filter(pk=release_id, ended_at=None)
    return rows.first()


def _next(release: Release, now: datetime) -> Step:
    rows = Offer.objects.filter(release=release).order_by("rank").values_list("rank", "state", "expires_at")
    places = [Place(*row) for row in rows]
    return next_step(places, free_at=release.free_at, accept_minutes=release.accept_minutes, now=now)


def _let_in(release: Release, now: datetime) -> None:
    """Who asks after the line was drawn comes behind all in it, in the order of asking."""
    with connection.cursor() as cursor:
        wanted = demand_for(cursor, release, now)
    known = set(Offer.objects.filter(release=release).values_list("wait_id", flat=True))
    late = [wait_id for wait_id in wanted if wait_id not in known]
    if late:
        last = Offer.objects.filter(release=release).aggregate(last=Max("rank"))["last"] or 0
        Offer.objects.bulk_create(
            Offer(release=release, wait_id=wait_id, rank=rank) for rank, wait_id in enumerate(late, last + 1)
        )


def _let_go(release: Release, now: datetime) -> None:
    """What is offered to somebody who waits no more (withdrawn, or booked by another offer) goes to the next."""
    idle = Offer.objects.filter(release=release, state=State.OPEN).exclude(wait__status=Wait.Status.WAITING)
    idle.update(state=State.DECLINED, answered_at=now)


def _offer(release: Release, step: Step, now: datetime) -> None:
    """Offer what fits; where nothing does any more, or the rules speak against it, the place is passed over."""
    rows = Offer.objects.select_related("wait__resident", "wait__group")
    offer = rows.get(release=release, rank=step.rank)
    wait, part = offer.wait, None
    party = Party(wait.resident_id, wait.group_id)
    wants = wait.status == Wait.Status.WAITING and wait.wish == Wait.Wish.OFFER
    if wants and not barred_from(release).concerns(party):
        part = part_for(wait, now=now, release=release)
    here = Offer.objects.filter(pk=offer.pk, state=State.QUEUED)
    if part is None or step.until is None:
        here.update(state=State.PASSED)
        return
    here.update(
        state=State.OPEN,
        room_id=part.room.id,
        starts_at=part.starts_at,
        ends_at=part.ends_at,
        offered_at=now,
        expires_at=step.until,
    )
    offer.refresh_from_db()
    enqueue(ADVANCE_JOB, at=step.until, release_id=release.pk)
    _tell("offer_made", offer, wait, now)


def _expire(release: Release, step: Step, now: datetime) -> None:
    rows = Offer.objects.select_related("wait__resident", "wait__group")
    offer = rows.get(release=release, rank=step.rank)
    if Offer.objects.filter(pk=offer.pk, state=State.OPEN).update(state=State.EXPIRED, answered_at=now):
        _tell("offer_expired", offer, offer.wait, now)


def _end(release: Release, now: datetime) -> None:
    """The time is free for everybody; who asked to be told, or got no offer, is told: all in one transaction."""
    Offer.objects.filter(release=release, state=State.QUEUED).update(state=State.PASSED)
    Release.objects.filter(pk=release.pk).update(ended_at=now)
    # In ascending order: whoever books the time at this moment takes these claims over (booking.claiming).
    rows = Claim.objects.select_for_update(no_key=True).filter(release=release, active=True).order_by("pk")
    Claim.objects.filter(pk__in=[claim.pk for claim in rows]).update(active=False)
    tell_after(release, now=now)


def _tell(kind: str, offer: Offer, wait: Wait, now: datetime) -> None:
    facts = {
        "path": f"/my/offers/{offer.ref}/",
        "room_id": str(offer.room_id),
        "starts_at": offer.starts_at.isoformat() if offer.starts_at else "",
        "ends_at": offer.ends_at.isoformat() if offer.ends_at else "",
        "until": offer.expires_at.isoformat() if offer.expires_at else "",
    }
    tell(
        kind,
        now=now,
        resident_id=wait.resident_id,
        group_ref=wait.group.ref if wait.group else None,
        facts=facts,
        occasion=f"{kind}-{offer.ref}",
    )
