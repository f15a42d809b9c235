"""What each page of the resident shows, gathered from the queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Resident
from booking.calendar import RoomDay, SlotState, room_day, room_days
from booking.extending import Extended, extended_times
from booking.lengths import Length, free_run, lengths_from
from booking.paying import attempts_under_way
from booking.promising import review_of_application
from booking.queries import (
    ReservationView,
    hold_with,
    last_reservation,
    reservation_cancellation,
    reservations_of,
)
from facilities.asking import fitting_details
from facilities.errors import NoRulesYet
from facilities.models import Facility
from facilities.periods import local, local_end
from facilities.queries import RoomFacts, rooms_of
from facilities.room_rules import Asker, due_of, reviews_on
from frontend.documents.papers import papers_of
from frontend.paying import pay_words, pay_words_of, ways_at
from frontend.resident.choices import (
    ChosenTime,
    columns_of,
    read_chosen,
    read_clock,
    rows_of,
    start_groups,
    write_time,
)
from frontend.resident.days import strip_of, today
from frontend.resident.door import door_of
from frontend.resident.early import EarlyForm
from frontend.resident.said import questions_of, said_of
from payments.ways import ONLINE
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
class Longer:
    """A time made longer: all of it, how forms carry it, and how much more it costs in yen (None: not known)."""

    whole: Extended
    time: str
    more_yen: int | None


@dataclass(frozen=True, slots=True)
class Offer:
    """A room and time that can be booked instead, or again."""

    room: RoomFacts
    day: date
    chosen: ChosenTime
    price_yen: int | None

    @property
    def starts(self) -> int:
        """When it begins, in minutes of the day, what lengthens it included."""
        return self.chosen.whole[0]

    @property
    def ends(self) -> int:
        """When it ends, in minutes of the day, what lengthens it included."""
        return self.chosen.whole[1]

    @property
    def time(self) -> str:
        """The time as forms carry it."""
        return str(self.chosen)


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


def of_room(
    room: RoomFacts, day: date, asker: Asker, query: Mapping[str, str], early: EarlyForm | None = None
) -> dict[str, Any]:
    """One room on one day: its times with state and price, and what was chosen so far."""
    state = room_day(room=room, day=day, asker=asker)
    chosen = read_chosen(query.get("time", ""))
    start = read_clock(query.get("start", "")) if chosen is None else chosen.starts
    by_slot = state.by_slot
    joined = joined_slots(by_slot, asker)
    longer = longer_slots(by_slot, joined, asker)
    times = [(slot, write_time(slot.starts, slot.ends)) for slot in by_slot.slots]
    return {
        "room": room,
        "day": day,
        "is_past": day < today(asker.now),
        "state": state,
        "strip": strip_of(rooms=[room], day=day, asker=asker),
        "groups": start_groups(state) if state.kind == "hours" else [],
        "start": start,
        "lengths": _lengths(state, start, asker),
        "times": [(slot, time, longer.get(time, ())) for slot, time in times],
        "joined": [(one, longer.get(one.time, ())) for one in joined],
        "chosen": str(chosen or ""),
        "offer": _offer(state, chosen, asker=asker) if chosen else None,
        "outside": _outside_reasons([state]),
        "reviews": reviews_on(room, day),
        "early": early,
    }


def of_refused(
    room: RoomFacts,
    day: date,
    chosen: ChosenTime,
    refusal: Refusal,
    asker: Asker,
    early: EarlyForm,
) -> dict[str, Any]:
    """The room's page after a hold was refused: what is left of the day, and other rooms at the same time."""
    context = of_room(room, day, asker, {"time": str(chosen)}, early)
    others = [one for one in rooms_of(room.facility_id) if one.id != room.id]
    states = room_days(rooms=others, day=day, asker=asker)
    offers = [offer for state in states if (offer := _offer(state, chosen, asker=asker))]
    return context | {
        "refusal": refusal,
        "problem": True,
        "alternatives": offers[:MOST_ALTERNATIVES],
    }


def of_check(held: ReservationView, draft: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """A held time with everything that was said, and what it costs like this."""
    assessed = hold_with(resident_id=held.resident.id, ref=held.ref, details=draft["details"], now=now)
    price_yen = assessed.quote.total_yen if assessed.quote else None
    due = due_of(held.agreed_room, assessed.day, assessed.starts, assessed.asker)
    return {
        "draft": draft,
        "said": said_of(questions_of(held), assessed.asker.details),
        "quote": assessed.quote,
        "price_yen": price_yen,
        "pay": pay_words(due, price_yen, now, ways_at(held.room.facility_id, assessed.applicant_class)),
        "review": review_of_application(assessed),
    }


def of_reservation(found: ReservationView, now: datetime) -> dict[str, Any]:
    """A reservation with all that was said for it, how it is paid, how one gets in, and what cancelling means."""
    return {
        "reservation": found,
        "said": said_of(questions_of(found), found.details),
        "pay": pay_words_of(found, now),
        "terms": reservation_cancellation(ref=found.ref, now=now),
        "door": door_of(found, now),
        "is_over": found.ends_at <= now,
        **_paying(found),
        **papers_of(found),
    }


def _paying(found: ReservationView) -> dict[str, Any]:
    """Whether what is due can be paid here, and what was begun."""
    if not found.payment.due_yen:
        return {}
    ways = ways_at(found.room.facility_id, found.details.applicant_class)
    return {
        "pays_online": bool(ONLINE.intersection(ways)),
        "pay_attempt": attempts_under_way([found.ref]).get(found.ref),
    }


def of_again(last: ReservationView, asker: Asker) -> dict[str, Any]:
    """ "Same as last time": the next days of the same weekday on which the same room and time are free."""
    room, zone = last.room, last.room.zone
    first, _minutes = local(last.starts_at, zone)
    chosen, present = time_of(last), today(asker.now)
    start = present + timedelta(days=(first.weekday() - present.weekday()) % 7)
    offers: list[Offer] = []
    for week in range(WEEKS_AHEAD):
        at = start + timedelta(weeks=week)
        state = room_day(room=room, day=at, asker=asker)
        said = fitting_details(room, at, last.details, own_class=asker.applicant_class)
        offer = _offer(state, chosen, asker=replace(asker, details=said))
        if offer:
            offers.append(offer)
        if len(offers) == MOST_ALTERNATIVES:
            break
    return {"last": last, "offers": offers}


def time_of(reservation: ReservationView) -> ChosenTime:
    """Return a reservation's time as forms carry it."""
    zone, said = reservation.room.zone, reservation.details
    day, starts = local(reservation.starts_at, zone)
    ends = local_end(reservation.ends_at, day, zone)
    early, later = said.early_minutes, said.extension_minutes
    return ChosenTime(starts + early, ends - later, early, later)


def _lengths(state: RoomDay, start: int | None, asker: Asker) -> list[tuple[Length, str, Sequence[Longer]]]:
    """The lengths a booking by the hour can have, and how each can be made longer than hours allow."""
    if state.kind != "hours" or start is None:
        return []
    lengths = lengths_from(state, start, asker=asker)
    longer = _longer_than(state, {(one.starts, one.ends): one.price_yen for one in lengths}, asker)
    times = [(one, write_time(one.starts, one.ends)) for one in lengths]
    ends = {one.ends for one in lengths}
    return [
        (
            one,
            time,
            [
                more
                for more in longer.get(time, ())
                if more.whole.early_minutes or more.whole.ends not in ends
            ],
        )
        for one, time in times
    ]


def longer_slots(
    state: RoomDay, joined: Sequence[Joined], asker: Asker, besides: int | None = None
) -> dict[str, list[Longer]]:
    """Return how the times of a room by slots can be made longer: by the time as forms carry it.

    ``besides``: the reservation that is about to be changed.
    """
    prices = {(slot.starts, slot.ends): slot.price_yen for slot in state.free}
    prices |= {(one.length.starts, one.length.ends): one.length.price_yen for one in joined}
    return _longer_than(state, prices, asker, besides)


def _longer_than(
    state: RoomDay, prices: Mapping[tuple[int, int], int | None], asker: Asker, besides: int | None = None
) -> dict[str, list[Longer]]:
    found = extended_times(state, prices, asker=asker, besides=besides)
    return {
        write_time(*time): [_longer(one, time, prices[time]) for one in longer]
        for time, longer in found.items()
    }


def _longer(whole: Extended, time: tuple[int, int], yen: int | None) -> Longer:
    more = None if yen is None or whole.price_yen is None else whole.price_yen - yen
    return Longer(whole, str(ChosenTime(*time, whole.early_minutes, whole.extension_minutes)), more)


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


def _offer(state: RoomDay, chosen: ChosenTime, *, asker: Asker) -> Offer | None:
    """The same time in this room on this day, if it can be booked."""
    plain = replace(asker, details=replace(asker.details, early_minutes=0, extension_minutes=0))
    time = chosen.starts, chosen.ends
    if chosen.whole != time:
        longer = extended_times(state, [time], asker=plain).get(time, ())
        found = next((one for one in longer if (one.starts, one.ends) == chosen.whole), None)
        return Offer(state.room, state.day, chosen, found.price_yen) if found else None
    slot = next((one for one in state.by_slot.free if (one.starts, one.ends) == time), None)
    if slot:
        return Offer(state.room, state.day, chosen, slot.price_yen)
    ways = (state, state.by_slot) if state.named else (state,)
    lengths = (one for way in ways for one in lengths_from(way, time[0], asker=plain))
    length = next((one for one in lengths if one.ends == time[1]), None)
    return Offer(state.room, state.day, chosen, length.price_yen) if length else None


def _outside_reasons(days: Sequence[RoomDay]) -> tuple[Any, ...]:
    """Why nothing can be booked although the hall is open (too early, too late), once."""
    slots: list[SlotState] = [slot for one in days for slot in (*one.slots, *one.named)]
    if any(slot.state == "free" for slot in slots):
        return ()
    return next((slot.reasons for slot in slots if slot.state == "outside" and slot.reasons), ())
