"""Rooms and times somebody would like, and how each looks before anything is booked: free, later, or refused and why.

Looking locks and writes nothing and promises nothing. The rules, limits and claims are those of booking.bulk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db import connection

from booking.applications import Assessed
from booking.bulk import Item, look_together
from booking.claiming import look_at
from booking.errors import SlotTaken
from booking.parties import Party
from booking.whys import Why, whys_of
from facilities.details import NO_DETAILS, Details
from facilities.ordinance import Reason
from facilities.periods import moment
from facilities.queries import RoomFacts
from tenants.errors import Refusal

# What the rules say of a time that only has to be waited for.
_NOT_YET = {"not_yet_open", "not_received_now"}


@dataclass(frozen=True, slots=True)
class Wish:
    """One room on one day. ``starts`` to ``ends``: minutes of the day, what lengthens the time included."""

    room: RoomFacts
    day: date
    starts: int
    ends: int
    details: Details = NO_DETAILS

    @property
    def starts_at(self) -> datetime:
        """When it begins."""
        return moment(self.day, self.starts, self.room.zone)

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        return moment(self.day, self.ends, self.room.zone)

    @property
    def item(self) -> Item:
        """The same as booking.bulk takes it."""
        return Item(self.room.id, self.starts_at, self.ends_at, self.details)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A wish as it looks now. ``later``: nothing speaks against it but that ``opens_at`` has not come."""

    wish: Wish
    state: Literal["free", "later", "refused"]
    assessed: Assessed | None = None
    refusal: Refusal | None = None
    opens_at: datetime | None = None

    @property
    def price_yen(self) -> int | None:
        """What it costs, in yen, as far as it is known."""
        return self.assessed.quote.total_yen if self.assessed and self.assessed.quote else None

    @property
    def whys(self) -> tuple[Why, ...]:
        """Why it cannot be had now; that it is too early goes without saying where something else speaks against it."""
        whys = whys_of(self.refusal) if self.refusal else ()
        others = tuple(one for one in whys if isinstance(one, str) or one.code not in _NOT_YET)
        return others or whys


def foresee(
    wishes: Sequence[Wish], *, party: Party, channel: str, now: datetime, complete: bool = True
) -> list[Foreseen]:
    """Return how each wish looks now, in their order. ``complete`` as in ``booking.applications.assess``.

    Two wishes for the same space and time: the first one counts. Raises ReservationNotFound for nobody.
    """
    items = [wish.item for wish in wishes]
    looked = look_together(items=items, party=party, channel=channel, now=now, complete=complete)
    opening = {place: opening_of(one, now) for place, one in looked.refused.items()}
    later = {place: opens_at for place, opens_at in opening.items() if opens_at}
    taken = _taken(wishes, later, now)
    found = []
    for place, wish in enumerate(wishes):
        if place in looked.free:
            found.append(Foreseen(wish, "free", looked.free[place]))
        elif place in taken:
            found.append(Foreseen(wish, "refused", refusal=SlotTaken()))
        elif place in later:
            found.append(Foreseen(wish, "later", refusal=looked.refused[place], opens_at=later[place]))
        else:
            found.append(Foreseen(wish, "refused", refusal=looked.refused[place]))
    return found


def opening_of(refusal: Refusal, now: datetime) -> datetime | None:
    """Return from when a refused time can be applied for, where nothing else speaks against it; else None."""
    reasons: Sequence[Reason] = refusal.facts.get("reasons") or ()
    if not reasons or any(reason.code not in _NOT_YET for reason in reasons):
        return None
    opens_at = max(datetime.fromisoformat(str(reason.params["at"])) for reason in reasons)
    return opens_at if opens_at > now else None


def _taken(wishes: Sequence[Wish], places: Mapping[int, datetime], now: datetime) -> set[int]:
    """Of these places, those where somebody already has the time."""
    looks = [
        (place, wishes[place].room.space_ids, wishes[place].starts_at, _until(wishes[place]))
        for place in places
    ]
    with connection.cursor() as cursor:
        seen = look_at(cursor, looks, now)
    return {place for place, (taken, _) in seen.items() if taken}


def _until(wish: Wish) -> datetime:
    return wish.room.occupied_until(wish.ends_at)
