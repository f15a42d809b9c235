"""Reads of waits, offers and releases. What a person may not see is not found: the look-up is the permission."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet

from accounts.actors import Actor
from booking.models import Claim, Offer, Release, Transition, Wait
from booking.parties import theirs
from booking.queries import Hirer, HiringGroup, ReservationView
from booking.waiting.answering import visible_offer
from booking.waiting.errors import WaitNotFound
from booking.waiting.parts import class_of
from facilities.details import NO_DETAILS
from facilities.ordinance.document.values import DAY_MINUTES
from facilities.periods import local, moment
from facilities.queries import RoomFacts, rooms_among, rooms_of
from payments.queries import PaymentState

State = Offer.State


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offer that was made: of which room and time, until when it can be accepted, and what became of it."""

    ref: UUID
    state: str
    room: RoomFacts
    starts_at: datetime
    ends_at: datetime
    offered_at: datetime
    expires_at: datetime
    reservation_ref: UUID | None
    wait_ref: UUID
    resident_id: int
    group: str

    def is_open(self, now: datetime) -> bool:
        """Whether it can be accepted now."""
        return self.state == State.OPEN and now < self.expires_at


@dataclass(frozen=True, slots=True)
class WaitView:
    """A wait with what its page shows: the room asked for, the others that would do, and where it stands.

    ``free_at``: its time is cancelled and kept until then; ``ahead``: so many are asked before; None: in no line.
    """

    ref: UUID
    status: str
    wish: str
    room: RoomFacts
    others: tuple[RoomFacts, ...]
    starts_at: datetime
    ends_at: datetime
    group: str
    who: str
    created_at: datetime
    told_at: datetime | None
    offers: tuple[OfferView, ...]
    free_at: datetime | None
    ahead: int | None

    def open_offer(self, now: datetime) -> OfferView | None:
        """The offer that can be accepted now."""
        return next((offer for offer in self.offers if offer.is_open(now)), None)


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """A time given up that is or was kept, as staff see it: by which booking, who was offered it, what became of it."""

    reservation_ref: UUID
    number: str
    room: RoomFacts
    starts_at: datetime
    ends_at: datetime
    started_at: datetime
    free_at: datetime
    ended_at: datetime | None
    order: str
    seed: str
    places: tuple[Offer, ...]


def waits_of(*, resident_id: int, now: datetime) -> tuple[list[WaitView], list[WaitView]]:
    """Return a resident's waits with those of their groups: open ones (soonest first), and over (latest first)."""
    rows = _waits().filter(theirs(resident_id))
    is_open = Q(status=Wait.Status.WAITING, starts_at__gt=now)
    coming = _views(rows.filter(is_open).order_by("starts_at", "pk")[:100], now)
    past = _views(rows.exclude(is_open).order_by("-starts_at", "-pk")[:30], now)
    return coming, past


def wait_of(*, resident_id: int, ref: UUID, now: datetime) -> WaitView:
    """Return a resident's wait, or one of their groups'. Raises WaitNotFound."""
    found = _views(_waits().filter(theirs(resident_id), ref=ref), now)
    if not found:
        raise WaitNotFound
    return found[0]


def offer_of(*, resident_id: int, ref: UUID) -> OfferView:
    """Return an offer made to a resident or to one of their groups. Raises OfferNotFound."""
    offer = visible_offer(ref, Actor("resident", resident_id))
    return _offer(offer, offer.wait, rooms_among({offer.room_id or 0}))


def waits_for_day(*, facility_id: int, day: date, now: datetime) -> list[WaitView]:
    """Return who waits for a time of a hall's day, for staff; by time, then in the order of asking."""
    rooms = rooms_of(facility_id)
    if not rooms:
        return []
    window = (moment(day, 0, rooms[0].zone), moment(day, DAY_MINUTES, rooms[0].zone))
    rows = _waits().filter(status=Wait.Status.WAITING, room__facility_id=facility_id)
    return _views(
        rows.filter(starts_at__lt=window[1], ends_at__gt=window[0]).order_by("starts_at", "pk"), now
    )


def releases_for_day(*, facility_id: int, day: date) -> list[ReleaseView]:
    """Return what was given up of a hall's day while others waited, ended or not, for staff; by time."""
    rooms = {room.id: room for room in rooms_of(facility_id)}
    if not rooms:
        return []
    zone = next(iter(rooms.values())).zone
    rows = Release.objects.filter(
        room__in=rooms, starts_at__lt=moment(day, DAY_MINUTES, zone), ends_at__gt=moment(day, 0, zone)
    )
    places = Offer.objects.select_related("wait__resident", "wait__group").order_by("rank")
    rows = rows.select_related("reservation").prefetch_related(Prefetch("offers", places))
    return [
        ReleaseView(
            row.reservation.ref,
            row.reservation.number,
            rooms[row.room_id],
            row.starts_at,
            row.ends_at,
            row.started_at,
            row.free_at,
            row.ended_at,
            row.order,
            row.seed,
            tuple(row.offers.all()),
        )
        for row in rows.order_by("starts_at", "pk")
    ]


def waited_for(*, room: RoomFacts, starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether somebody waits for some of a time: whoever gives it up cannot have it again."""
    rooms = Q(rooms__roomspace__space_id__in=room.space_ids)
    period = Q(starts_at__gt=now, starts_at__lt=ends_at, ends_at__gt=starts_at)
    return Wait.objects.filter(rooms, period, status=Wait.Status.WAITING).exists()


def released_after(reservation_id: int) -> datetime | None:
    """Return when a cancelled reservation's time is free, where it is or was kept because others waited for it.

    What an earlier change of it gave up is not meant.
    """
    cancelled = Transition.objects.filter(reservation_id=reservation_id, verb="cancel").values("at")
    rows = Release.objects.filter(
        reservation_id=reservation_id, started_at__in=cancelled, starts_at=F("reservation__starts_at")
    )
    return rows.order_by("-pk").values_list("free_at", flat=True).first()


def _waits() -> QuerySet[Wait]:
    offers = (
        Offer.objects.filter(offered_at__isnull=False).select_related("reservation").order_by("-offered_at")
    )
    return Wait.objects.select_related("resident", "group").prefetch_related(
        "rooms", Prefetch("offers", offers)
    )


def _views(rows: Iterable[Wait], now: datetime) -> list[WaitView]:
    found = list(rows)
    wanted = {room.pk for wait in found for room in wait.rooms.all()} | {wait.room_id for wait in found}
    wanted |= {offer.room_id for wait in found for offer in wait.offers.all() if offer.room_id}
    rooms = rooms_among(wanted)
    return [_view(wait, rooms, now) for wait in found]


def _view(wait: Wait, rooms: dict[int, RoomFacts], now: datetime) -> WaitView:
    waiting = wait.status == Wait.Status.WAITING and wait.starts_at > now
    return WaitView(
        wait.ref,
        wait.status,
        wait.wish,
        rooms[wait.room_id],
        tuple(rooms[room.pk] for room in wait.rooms.all() if room.pk != wait.room_id),
        wait.starts_at,
        wait.ends_at,
        wait.group.name if wait.group else "",
        wait.resident.name,
        wait.created_at,
        wait.told_at,
        tuple(_offer(offer, wait, rooms) for offer in wait.offers.all()),
        _free_at(wait, now) if waiting else None,
        _ahead(wait) if waiting else None,
    )


def _free_at(wait: Wait, now: datetime) -> datetime | None:
    """When the release that keeps some of the wait's time frees it."""
    spaces = {space for room in rooms_among({wait.room_id}).values() for space in room.space_ids}
    kept = Claim.objects.filter(
        active=True, release__isnull=False, expires_at__gt=now, space_id__in=spaces,
        occupied__overlap=(wait.starts_at, wait.ends_at),
    )  # fmt: skip
    return kept.order_by("expires_at").values_list("expires_at", flat=True).first()


def _ahead(wait: Wait) -> int | None:
    place = Offer.objects.filter(wait=wait, state=State.QUEUED, release__ended_at=None).first()
    if place is None:
        return None
    before = Offer.objects.filter(release_id=place.release_id, rank__lt=place.rank)
    return before.filter(state__in=[State.QUEUED, State.OPEN]).count()


def _offer(offer: Offer, wait: Wait, rooms: dict[int, RoomFacts]) -> OfferView:
    # The database lets no offer be made without these (offer_open_is_complete).
    return OfferView(
        offer.ref,
        offer.state,
        rooms[offer.room_id or 0],
        cast(datetime, offer.starts_at),
        cast(datetime, offer.ends_at),
        cast(datetime, offer.offered_at),
        cast(datetime, offer.expires_at),
        offer.reservation.ref if offer.reservation else None,
        wait.ref,
        wait.resident_id,
        wait.group.name if wait.group else "",
    )


def offered_use(*, resident_id: int, ref: UUID) -> ReservationView:
    """Return an offer as the reservation it would become, for the pages on which a use is described.

    ``held_until`` is until when it can be accepted. Raises OfferNotFound.
    """
    offer = visible_offer(ref, Actor("resident", resident_id))
    view = _offer(offer, offer.wait, rooms_among({offer.room_id or 0}))
    day, _ = local(view.starts_at, view.room.zone)
    who = offer.wait.resident
    own_class = class_of(offer.wait, view.room, day)
    return ReservationView(
        id=offer.pk,
        ref=offer.ref,
        number="",
        status=offer.state,
        room=view.room,
        starts_at=view.starts_at,
        ends_at=view.ends_at,
        purpose="",
        headcount=None,
        channel="web",
        attendance="unknown",
        details=NO_DETAILS,
        price_yen=None,
        quote=None,
        held_until=view.expires_at,
        sequence=0,
        created_at=view.offered_at,
        updated_at=view.offered_at,
        resident=Hirer(who.pk, who.name, who.name_kana, who.phone, who.email, own_class, who.language),
        payment=PaymentState.nothing(),
        rule_version_id=view.room.version_on(day),
        group=HiringGroup(offer.wait.group.pk, offer.wait.group.ref, offer.wait.group.name)
        if offer.wait.group
        else None,
    )
