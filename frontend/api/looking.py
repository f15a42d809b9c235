"""Rooms and times as callers send them, looked at together before anything is booked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from booking.alternatives import alternatives_to
from booking.applications import check_period
from booking.bulk import Item
from booking.parties import Party
from booking.wishes import Wish, foresee
from facilities.periods import local, local_end
from facilities.queries import RoomFacts
from frontend.api import several_answers, several_outputs
from frontend.api.inputs import UseInput
from tenants.errors import Refusal


def items_of(sent: Sequence[UseInput]) -> list[Item]:
    """Return rooms and times as they are booked together."""
    return [Item(one.room, one.starts_at, one.ends_at, one.as_details) for one in sent]


def look_at_items(
    sent: Sequence[UseInput], rooms: Sequence[RoomFacts], *, party: Party, channel: str, now: datetime
) -> several_outputs.ApplicationLooked:
    """Return how each item looks now, with alternatives to what cannot be had, and what the free ones cost."""
    by_id = {room.id: room for room in rooms}
    found: dict[int, several_outputs.LookedItem] = {}
    wishes: dict[int, Wish] = {}
    for place, item in enumerate(items_of(sent)):
        try:
            wishes[place] = _wish(item, by_id[item.room_id])
        except Refusal as refusal:
            found[place] = several_answers.never_looked_at(place, refusal)
    foreseen = foresee(list(wishes.values()), party=party, channel=channel, now=now)
    others = alternatives_to(foreseen, party=party, channel=channel, now=now)
    for place, one, alternatives in zip(wishes, foreseen, others, strict=True):
        found[place] = several_answers.looked_item(place, one, alternatives)
    prices = [one.price_yen for one in foreseen if one.state == "free"]
    total = None if None in prices else sum(yen for yen in prices if yen)
    return several_outputs.ApplicationLooked(items=[found[place] for place in sorted(found)], price_yen=total)


def _wish(item: Item, room: RoomFacts) -> Wish:
    check_period(item.starts_at, item.ends_at)
    day, starts = local(item.starts_at, room.zone)
    return Wish(room, day, starts, local_end(item.ends_at, day, room.zone), item.details)
