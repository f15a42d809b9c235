"""What can be done with a basket: put in, take out, put something else in its place, say what for, apply."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from accounts.actors import Actor
from booking.alternatives import Alternative, alternatives_to
from booking.applications import check_period, check_purpose
from booking.basket.errors import BasketChanged, BasketEmpty, BasketFull, BasketNotWhole, NotInBasket
from booking.bulk import Together, book_together
from booking.errors import NotForGroup, RoomNotBookable
from booking.models import BasketItem
from booking.parties import Party, acts_for
from booking.saying import read_details, write_details
from booking.transactions import one_transaction
from booking.wishes import Foreseen, Wish, foresee
from facilities.details import NO_DETAILS, Details
from facilities.periods import local, local_end
from facilities.queries import RoomFacts, room_facts, rooms_among

MOST_ITEMS = 60
KEPT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Basket:
    """Whose basket: a resident's for themselves or for a group; or one that staff fill for them at the desk."""

    resident_id: int
    group_id: int | None = None
    staff_id: int | None = None

    @property
    def party(self) -> Party:
        """Who applies for what is in it."""
        return Party(self.resident_id, self.group_id)

    @property
    def items(self) -> QuerySet[BasketItem]:
        """What is in it, by time."""
        return BasketItem.objects.filter(**self.owner).order_by("starts_at", "room_id", "id")

    @property
    def owner(self) -> dict[str, Any]:
        """Whose a thing in it is, by columns."""
        return {
            "resident_id": self.resident_id,
            "group_id": self.group_id,
            "staff_id": self.staff_id,
        }


@dataclass(frozen=True, slots=True)
class Line:
    """A thing in the basket as it looks now, and what could be had instead."""

    id: int
    purpose: str
    foreseen: Foreseen
    alternatives: tuple[Alternative, ...]

    @property
    def wish(self) -> Wish:
        """The room and time."""
        return self.foreseen.wish


def count_basket(basket: Basket) -> int:
    """Return how many things are in a basket."""
    return basket.items.count()


def look_into_basket(
    basket: Basket, *, channel: str, now: datetime, complete: bool, alternatives: bool = True
) -> list[Line]:
    """Return what is in a basket and how each thing looks now. ``complete``: everything has been said of the uses.

    Nothing is held: until it is applied for, anybody may take the times. Raises NoRulesYet.
    """
    rows = list(basket.items)
    rooms = rooms_among({row.room_id for row in rows})
    wishes = [_wish(row, rooms[row.room_id]) for row in rows]
    foreseen = foresee(wishes, party=basket.party, channel=channel, now=now, complete=complete)
    instead: Sequence[tuple[Alternative, ...]] = [()] * len(rows)
    if alternatives:
        instead = alternatives_to(foreseen, party=basket.party, channel=channel, now=now, complete=complete)
    return [
        Line(row.pk, row.purpose, one, others)
        for row, one, others in zip(rows, foreseen, instead, strict=True)
    ]


def put_in(
    basket: Basket,
    *,
    room_id: int,
    starts_at: datetime,
    ends_at: datetime,
    actor: Actor,
    now: datetime,
    details: Details = NO_DETAILS,
) -> BasketItem:
    """Put a room and time into a basket; twice the same is there once.

    Raises BasketFull, InvalidPeriod, RoomNotFound, RoomNotBookable, NotForGroup.
    """
    check_period(starts_at, ends_at)
    if not room_facts(room_id).is_open:
        raise RoomNotBookable
    _check_party(basket, actor)
    with one_transaction():
        if count_basket(basket) >= MOST_ITEMS:
            raise BasketFull
        item, _ = BasketItem.objects.get_or_create(
            **basket.owner,
            room_id=room_id,
            starts_at=starts_at,
            ends_at=ends_at,
            defaults={"created_at": now, "details": write_details(details)},
        )
    return item


def take_out(basket: Basket, *, item_id: int) -> None:
    """Take a thing out of a basket. Raises NotInBasket, also for one of another basket."""
    if not basket.items.filter(pk=item_id).delete()[0]:
        raise NotInBasket


def put_instead(basket: Basket, *, item_id: int, wish: Wish, actor: Actor, now: datetime) -> BasketItem:
    """Put another room or time in the place of a thing; what was said stays. Raises NotInBasket and as ``put_in``."""
    with one_transaction():
        old = basket.items.filter(pk=item_id).first()
        if old is None:
            raise NotInBasket
        old.delete()
        item = put_in(
            basket,
            room_id=wish.room.id,
            starts_at=wish.starts_at,
            ends_at=wish.ends_at,
            actor=actor,
            now=now,
            details=wish.details,
        )
        BasketItem.objects.filter(pk=item.pk).update(purpose=old.purpose)
    return item


def say_of_basket(basket: Basket, *, purpose: str, said: Mapping[int, Details]) -> None:
    """Keep what the things in a basket are for: the applicant's own words, and what the rules of each room ask.

    ``said`` is by room. How much longer a time was made stays as it was put in. Raises PurposeUnfit.
    """
    check_purpose(purpose)
    with one_transaction():
        for row in basket.items:
            before = read_details(row.details)
            details = write_details(said.get(row.room_id, before)) | {
                "early_minutes": before.early_minutes,
                "extension_minutes": before.extension_minutes,
            }
            basket.items.filter(pk=row.pk).update(purpose=purpose, details=details)


def apply_for_basket(
    basket: Basket,
    *,
    channel: str,
    all_or_nothing: bool,
    actor: Actor,
    now: datetime,
    override_reason: str = "",
    seen: Collection[int] | None = None,
) -> Together:
    """Book what is in a basket, all of it or what is free; what is booked leaves it, what is refused stays.

    The answer is by place in the basket. ``seen``: the things that were looked at; nobody books what another window
    put in, or the basket of somebody else they act for.
    Raises BasketNotWhole (nothing was booked; with the reason of each that could not be), BasketChanged, BasketEmpty,
    NotForGroup, NoRulesYet.
    """
    with one_transaction():
        rows = list(basket.items.select_for_update(no_key=True, of=("self",)))
        if not rows:
            raise BasketEmpty
        if seen is not None and set(seen) != {row.pk for row in rows}:
            raise BasketChanged
        rooms = rooms_among({row.room_id for row in rows})
        together = book_together(
            items=[_wish(row, rooms[row.room_id]).item for row in rows],
            resident_id=basket.resident_id,
            group_id=basket.group_id,
            channel=channel,
            purpose=rows[0].purpose,
            all_or_nothing=all_or_nothing,
            actor=actor,
            now=now,
            override_reason=override_reason,
        )
        if together.application is None:
            raise BasketNotWhole(together.refused)
        BasketItem.objects.filter(pk__in=[rows[place].pk for place in together.booked]).delete()
    return together


def forget_baskets(*, now: datetime) -> int:
    """Delete what lay in a basket for a month, or whose time is over. Returns how many."""
    long_ago = now - timedelta(days=KEPT_DAYS)
    old = BasketItem.objects.filter(created_at__lt=long_ago) | BasketItem.objects.filter(starts_at__lt=now)
    return old.delete()[0]


def _check_party(basket: Basket, actor: Actor) -> None:
    if actor.is_staff or basket.group_id is None:
        return
    if not acts_for(resident_id=basket.resident_id, group_id=basket.group_id):
        raise NotForGroup


def _wish(row: BasketItem, room: RoomFacts) -> Wish:
    day, starts = local(row.starts_at, room.zone)
    ends = local_end(row.ends_at, day, room.zone)
    return Wish(room, day, starts, ends, read_details(row.details))
