"""Rooms by the hour: how long a booking can be when it begins at a given time, and what each length costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from booking.calendar import RoomDay, SlotState
from facilities.ordinance import NoPrice, Quote
from facilities.periods import moment
from facilities.room_rules import Asker, decide, price


@dataclass(frozen=True, slots=True)
class Length:
    """One end a booking may have: minutes of the day, length in minutes, price as far as it is known."""

    starts: int
    ends: int
    ends_at: datetime
    quote: Quote | None

    @property
    def minutes(self) -> int:
        """How long the booking is, in minutes."""
        return self.ends - self.starts

    @property
    def price_yen(self) -> int | None:
        """The price of the whole length, in yen, as far as it is known."""
        return self.quote.total_yen if self.quote else None


def free_run(room_day: RoomDay, starts: int) -> tuple[SlotState, ...]:
    """Return the free steps that follow each other from ``starts`` (minutes of the day); none when it is taken."""
    run: list[SlotState] = []
    for slot in room_day.slots:
        if slot.starts == (run[-1].ends if run else starts) and slot.state == "free":
            run.append(slot)
        elif run:
            break
    return tuple(run)


def lengths_from(room_day: RoomDay, starts: int, *, asker: Asker) -> list[Length]:
    """Return every length the rules allow for a booking of an hourly room from ``starts``, shortest first.

    Empty when that time is not free. The turnaround after the last hour is checked by the hold itself.
    """
    room, day = room_day.room, room_day.day
    found: list[Length] = []
    for step in free_run(room_day, starts):
        if not decide(room, day, starts, step.ends, asker).allowed:
            continue
        try:
            quote = price(room, day, starts, step.ends, asker)
        except NoPrice:
            continue
        found.append(Length(starts, step.ends, moment(day, step.ends, room.zone), quote))
    return found
