"""What the rules in effect say about one room: the engine, asked with a RoomFacts.

The day of use decides which version of the rules answers. Every function raises NoRulesYet when none is in effect.
Minutes are those of the local day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from facilities import ordinance
from facilities.ordinance import Cancellation, DaySlots, Decision, OpenDay, Quote
from facilities.queries import RoomFacts

# How an application by program counts in the rules: as one over the internet.
_CHANNEL_IN_RULES = {"api": "web"}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: applicant class and channel (web, desk, phone, api), at which instant."""

    applicant_class: str
    channel: str
    now: datetime

    @property
    def channel_in_rules(self) -> str:
        """The rules' word for the channel."""
        return _CHANNEL_IN_RULES.get(self.channel, self.channel)


def open_on(room: RoomFacts, day: date) -> OpenDay:
    """Return when the room's hall is open on a day, and why not when it is closed."""
    return ordinance.open_periods(room.rules_on(day), facility=room.facility_key, room=room.key, day=day)


def open_days(room: RoomFacts, days: Sequence[date]) -> list[OpenDay]:
    """Return ``open_on`` for many days in ascending order; the rules are looked up once when one version holds."""
    if not days or room.version_on(days[0]) != room.version_on(days[-1]):
        return [open_on(room, day) for day in days]
    rules, hall, key = room.rules_on(days[0]), room.facility_key, room.key
    return [ordinance.open_periods(rules, facility=hall, room=key, day=day) for day in days]


def times_on(room: RoomFacts, day: date) -> DaySlots:
    """Return the pieces in which the room is lent on a day."""
    return ordinance.slots(room.rules_on(day), facility=room.facility_key, room=room.key, day=day)


def bookable_between(room: RoomFacts, day: date, asker: Asker) -> tuple[date, date]:
    """Return the first and last day this asker may book now, by the rules in effect on ``day``."""
    return ordinance.bookable_days(
        room.rules_on(day),
        facility=room.facility_key,
        room=room.key,
        applicant_class=asker.applicant_class,
        channel=asker.channel_in_rules,
        now=asker.now,
    )


def decide(room: RoomFacts, day: date, starts: int, ends: int, asker: Asker) -> Decision:
    """Return whether this asker's application for a time is taken now, and why not."""
    return ordinance.may_apply(
        room.rules_on(day),
        facility=room.facility_key,
        room=room.key,
        day=day,
        starts=starts,
        ends=ends,
        applicant_class=asker.applicant_class,
        channel=asker.channel_in_rules,
        now=asker.now,
    )


def price(
    room: RoomFacts,
    day: date,
    starts: int,
    ends: int,
    applicant_class: str,
    *,
    purpose: str | None = None,
    headcount: int | None = None,
) -> Quote:
    """Return the price of a time, in yen with its lines. Raises ordinance.NoPrice."""
    return ordinance.quote(
        room.rules_on(day),
        facility=room.facility_key,
        room=room.key,
        day=day,
        starts=starts,
        ends=ends,
        applicant_class=applicant_class,
        purpose=purpose,
        headcount=headcount,
    )


def cancellation_of(
    room: RoomFacts, day: date, starts: int, *, paid_yen: int, cause: str, now: datetime
) -> Cancellation:
    """Return what cancelling a use means now: allowed by the resident, deadline, refund in yen, reasons."""
    return ordinance.cancellation(
        room.rules_on(day),
        facility=room.facility_key,
        room=room.key,
        day=day,
        starts=starts,
        paid_yen=paid_yen,
        cause=cause,
        now=now,
    )
