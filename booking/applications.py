"""One application for one room and time, checked against the rules and priced. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from booking.errors import InvalidPeriod, OutsideRules, RoomNotBookable, TooManyPeople
from facilities.ordinance import NoPrice, Quote
from facilities.periods import local, local_end
from facilities.queries import RoomFacts
from facilities.room_rules import Asker, decide, price


@dataclass(frozen=True, slots=True)
class Assessed:
    """An application the rules allow: its local day and minutes, what is occupied, its price and rule version."""

    room: RoomFacts
    starts_at: datetime
    ends_at: datetime
    occupied_until: datetime
    day: date
    starts: int
    ends: int
    quote: Quote
    rule_version_id: int


def check_period(starts_at: datetime, ends_at: datetime) -> None:
    """Refuse what is no time to rent: ends before it starts, longer than a month, or with seconds.

    Raises InvalidPeriod.
    """
    if not starts_at < ends_at or ends_at - starts_at > timedelta(days=31):
        raise InvalidPeriod
    if starts_at.second or starts_at.microsecond or ends_at.second or ends_at.microsecond:
        raise InvalidPeriod


def assess(
    *,
    room: RoomFacts,
    starts_at: datetime,
    ends_at: datetime,
    applicant_class: str,
    channel: str,
    now: datetime,
    purpose: str | None = None,
    headcount: int | None = None,
    override: bool = False,
) -> Assessed:
    """Check one application against the rules in effect on the day of use and price it in yen.

    ``override``: staff take it although the rules' hours, windows or closures speak against it; the price and the
    wall (nobody else at that time) stay.
    Raises InvalidPeriod, RoomNotBookable, OutsideRules, TooManyPeople, facilities.errors.NoRulesYet.
    """
    check_period(starts_at, ends_at)
    if not room.is_open or not room.space_ids:
        raise RoomNotBookable
    day, starts = local(starts_at, room.zone)
    ends = local_end(ends_at, day, room.zone)
    decision = decide(room, day, starts, ends, Asker(applicant_class, channel, now))
    if not decision.allowed and not override:
        raise OutsideRules(decision.reasons)
    if headcount is not None and room.capacity is not None and headcount > room.capacity:
        raise TooManyPeople(capacity=room.capacity)
    try:
        quote = price(room, day, starts, ends, applicant_class, purpose=purpose, headcount=headcount)
    except NoPrice as error:
        raise RoomNotBookable from error
    return Assessed(
        room=room,
        starts_at=starts_at,
        ends_at=ends_at,
        occupied_until=room.occupied_until(ends_at),
        day=day,
        starts=starts,
        ends=ends,
        quote=quote,
        rule_version_id=room.version_on(day),
    )
