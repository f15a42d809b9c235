"""The times a booking can be changed to, in one room on one day; its own time counts as free."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from booking.calendar import RoomDay, SlotState, room_days
from booking.change_terms import applied_at_for
from booking.queries import ReservationView
from facilities.asking import fitting_details
from facilities.errors import NoRulesYet
from facilities.ordinance import Reason
from facilities.periods import local, local_end
from facilities.queries import RoomFacts
from facilities.room_rules import Asker
from frontend.resident.choices import ChosenTime, read_chosen, write_time
from frontend.resident.days import Strip, strip_of
from frontend.resident.pages import joined_slots, longer_slots, time_of


@dataclass(frozen=True, slots=True)
class TimeChoice:
    """One time to tap: how forms carry it, its names, and whether it is what the booking has now."""

    value: str
    names: tuple[object, ...]
    starts: int
    ends: int
    price_yen: int | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class DayTimes:
    """One room on one day for whoever changes a booking. ``hours``: times are chosen by begin and end."""

    room: RoomFacts
    day: date
    strip: Strip
    choices: tuple[TimeChoice, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    own: ChosenTime
    closed: Reason | None
    outside: tuple[Reason, ...]

    @property
    def hours(self) -> bool:
        """Whether begin and end are chosen."""
        return bool(self.starts)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to choose."""
        return not (self.choices or self.starts)


def day_times(
    view: ReservationView, room: RoomFacts, day: date, *, channel: str, now: datetime, override: bool = False
) -> DayTimes:
    """Return what can be chosen for a booking in this room on this day, whatever is free beside its own time.

    ``override``: free times the rules do not allow are offered too (staff).
    """
    own_class = view.details.applicant_class
    asker = Asker(own_class, channel, now)
    strip = strip_of(rooms=[room], day=day, asker=asker, besides=view.id)
    empty = DayTimes(room, day, strip, (), (), (), time_of(view), None, ())
    try:
        said = fitting_details(room, day, view.details, own_class=own_class)
        asker = replace(asker, details=replace(said, early_minutes=0, extension_minutes=0))
        state = room_days(
            rooms=[room], day=day, asker=asker, besides=view.id, applied_at=applied_at_for(view, room, day)
        )[0]
    except NoRulesYet:
        return empty
    offered = {"free", "outside"} if override else {"free"}
    steps = [slot for slot in state.slots if slot.state in offered] if state.kind == "hours" else []
    reasons = [slot.reasons for slot in (*state.slots, *state.named) if slot.state == "outside"]
    return replace(
        empty,
        choices=tuple(_choices(view, state, asker, offered)),
        starts=tuple(slot.starts for slot in steps),
        ends=tuple(slot.ends for slot in steps),
        closed=state.closed,
        outside=reasons[0] if reasons and not state.free else (),
    )


def _choices(
    view: ReservationView, state: RoomDay, asker: Asker, offered: Collection[str]
) -> Iterator[TimeChoice]:
    by_slot = state.by_slot
    joined = joined_slots(by_slot, asker)
    longer = longer_slots(by_slot, joined, asker, view.id)
    found: list[tuple[tuple[SlotState, ...], int, int, int | None]]
    found = [
        ((slot,), slot.starts, slot.ends, slot.price_yen) for slot in by_slot.slots if slot.state in offered
    ]
    found += [(one.slots, one.length.starts, one.length.ends, one.length.price_yen) for one in joined]
    for names, starts, ends, yen in found:
        time = write_time(starts, ends)
        yield TimeChoice(time, names, starts, ends, yen, _is_own(view, state, starts, ends))
        for one in longer.get(time, ()):
            whole = one.whole
            is_own = _is_own(view, state, whole.starts, whole.ends)
            yield TimeChoice(one.time, names, whole.starts, whole.ends, whole.price_yen, is_own)


def _is_own(view: ReservationView, state: RoomDay, starts: int, ends: int) -> bool:
    day, begins = local(view.starts_at, state.room.zone)
    whole = (begins, local_end(view.ends_at, day, state.room.zone))
    return (view.room.id, day, whole) == (state.room.id, state.day, (starts, ends))


def chosen_time(time: str, starts: str, ends: str) -> ChosenTime | None:
    """Return the time a form carries: one to tap, or a begin and an end (``9:00``, ``12:00``)."""
    return read_chosen(time) if time else read_chosen(f"{starts}-{ends}")
