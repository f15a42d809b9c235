"""What each page of the resident shows, gathered from the queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Resident
from booking.calendar import RoomDay, SlotState, room_day, room_days
from booking.lengths import Length, free_run, lengths_from
from booking.queries import ReservationView, last_reservation, reservations_of
from facilities.errors import NoRulesYet
from facilities.models import Facility
from facilities.periods import local, local_end
from facilities.queries import RoomFacts, rooms_of
from facilities.room_rules import Asker
from frontend.resident.choices import (
    columns_of,
    read_clock,
    read_time,
    rows_of,
    start_groups,
    write_time,
)
from frontend.resident.days import strip_of, today
from tenants.errors import Refusal

MOST_ALTERNATIVES = 4
WEEKS_AHEAD = 10


@dataclass(frozen=True, slots=True)
class Joined:
    """Slots that follow each other, rented together although the rules have no name for it."""

    slots: tuple[SlotState, ...]
    length: Length

    @property
    def time(self) -> str:
        """The time as forms carry it."""
        return write_time(self.length.starts, self.length.ends)


@dataclass(frozen=True, slots=True)
class Offer:
    """A room and time that can be booked instead, or again. ``time`` as in forms: 13:00-17:00."""

    room: RoomFacts
    day: date
    starts: int
    ends: int
    price_yen: int | None

    @property
    def time(self) -> str:
        """The time as forms carry it."""
        return write_time(self.starts, self.ends)


def of_resident(resident: Resident, now: datetime) -> dict[str, Any]:
    """The next booking and the last one, for the home page."""
    coming, _ = reservations_of(resident_id=resident.pk, now=now)
    confirmed = [one for one in coming if one.status == "confirmed"]
    return {
        "next_booking": confirmed[0] if confirmed else None,
        "last_booking": last_reservation(resident_id=resident.pk),
    }


def of_hall(facility: Facility, rooms: Sequence[RoomFacts], asker: Asker) -> dict[str, Any]:
    """A hall with its rooms and the days of "any free room"."""
    strip = strip_of(rooms=rooms, day=today(asker.now), asker=asker, chosen=False)
    return {"facility": facility, "rooms": rooms, "strip": strip}


def of_hall_day(facility: Facility, rooms: Sequence[RoomFacts], day: date, asker: Asker) -> dict[str, Any]:
    """Every room of a hall on one day: a table where all share their slots, else a list of free hours."""
    try:
        days = room_days(rooms=rooms, day=day, asker=asker)
    except NoRulesYet:
        days = []
    return {
        "facility": facility,
        "day": day,
        "is_past": day < today(asker.now),
        "strip": strip_of(rooms=rooms, day=day, asker=asker),
        "rows": rows_of(days),
        "columns": columns_of(days),
        "closed": next((one.closed for one in days if one.closed), None),
        "outside": _outside_reasons(days),
    }


def of_room(room: RoomFacts, day: date, asker: Asker, query: Mapping[str, str]) -> dict[str, Any]:
    """One room on one day: its times with state and price, and what was chosen so far."""
    state = room_day(room=room, day=day, asker=asker)
    chosen = read_time(query.get("time", ""))
    start = read_clock(query.get("start", "")) if chosen is None else chosen[0]
    lengths = []
    if state.kind == "hours" and start is not None:
        lengths = lengths_from(state, start, asker=asker)
    return {
        "room": room,
        "day": day,
        "is_past": day < today(asker.now),
        "state": state,
        "strip": strip_of(rooms=[room], day=day, asker=asker),
        "groups": start_groups(state) if state.kind == "hours" else [],
        "start": start,
        "lengths": [(one, write_time(one.starts, one.ends)) for one in lengths],
        "times": [(slot, write_time(slot.starts, slot.ends)) for slot in state.slots],
        "joined": joined_slots(state, asker) if state.kind == "slots" else [],
        "chosen": write_time(*chosen) if chosen else "",
        "offer": _offer(state, *chosen, asker=asker) if chosen else None,
        "outside": _outside_reasons([state]),
    }


def of_refused(
    room: RoomFacts,
    day: date,
    period: tuple[int, int],
    refusal: Refusal,
    asker: Asker,
) -> dict[str, Any]:
    """The room's page after a hold was refused: what is left of the day, and other rooms at the same time."""
    context = of_room(room, day, asker, {"time": write_time(*period)})
    others = [one for one in rooms_of(room.facility_id) if one.id != room.id]
    states = room_days(rooms=others, day=day, asker=asker)
    offers = [offer for state in states if (offer := _offer(state, *period, asker=asker))]
    return context | {
        "refusal": refusal,
        "problem": True,
        "alternatives": offers[:MOST_ALTERNATIVES],
        "refused_time": period,
    }


def of_again(last: ReservationView, asker: Asker) -> dict[str, Any]:
    """ "Same as last time": the next days of the same weekday on which the same room and time are free."""
    room, zone = last.room, last.room.zone
    first, starts = local(last.starts_at, zone)
    ends = local_end(last.ends_at, first, zone)
    present = today(asker.now)
    start = present + timedelta(days=(first.weekday() - present.weekday()) % 7)
    offers: list[Offer] = []
    for week in range(WEEKS_AHEAD):
        at = start + timedelta(weeks=week)
        state = room_day(room=room, day=at, asker=asker)
        offer = _offer(state, starts, ends, asker=asker)
        if offer:
            offers.append(offer)
        if len(offers) == MOST_ALTERNATIVES:
            break
    return {"last": last, "offers": offers}


def joined_slots(state: RoomDay, asker: Asker) -> list[Joined]:
    """Return what can be rented by joining free slots, without what the rules name themselves (1日)."""
    known = {(slot.starts, slot.ends) for slot in state.slots}
    found: list[Joined] = []
    for slot in state.free:
        run = free_run(state, slot.starts)
        for length in lengths_from(state, slot.starts, asker=asker):
            if (length.starts, length.ends) not in known:
                known.add((length.starts, length.ends))
                found.append(Joined(tuple(one for one in run if one.ends <= length.ends), length))
    return found


def _offer(state: RoomDay, starts: int, ends: int, *, asker: Asker) -> Offer | None:
    """The same time in this room on this day, if it can be booked."""
    slot = next((one for one in state.free if (one.starts, one.ends) == (starts, ends)), None)
    if slot and state.kind == "slots":
        return Offer(state.room, state.day, starts, ends, slot.price_yen)
    lengths = lengths_from(state, starts, asker=asker)
    found = next((one for one in lengths if one.ends == ends), None)
    return Offer(state.room, state.day, starts, ends, found.price_yen) if found else None


def _outside_reasons(days: Sequence[RoomDay]) -> tuple[Any, ...]:
    """Why nothing can be booked although the hall is open (too early, too late), once."""
    slots: list[SlotState] = [slot for one in days for slot in one.slots]
    if any(slot.state == "free" for slot in slots):
        return ()
    return next((slot.reasons for slot in slots if slot.state == "outside" and slot.reasons), ())
