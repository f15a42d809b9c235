"""When a cancelled time that others wait for is free again."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from facilities.ordinance.document.values import DAY_MINUTES
from facilities.ordinance.document.waiting_clauses import DAYS_LATER, Waiting
from facilities.ordinance.rules import Rules

_USUAL = Waiting()


def waiting_terms(rules: Rules, *, facility: str, room: str) -> Waiting:
    """What holds for waiting for a room's times; the usual terms where the document says nothing.

    Raises UnknownFacility or UnknownRoom.
    """
    return rules.room(facility, room).application.waiting or _USUAL


def free_again(
    terms: Waiting, *, cancelled_at: datetime, starts_at: datetime, zone: ZoneInfo
) -> datetime | None:
    """The instant (a whole minute) at which a time that begins at `starts_at` is free after it was cancelled.

    None: at once, because there is no time left for a single offer.
    """
    if terms.after_minutes is not None:
        begun = cancelled_at.replace(second=0, microsecond=0)
        whole = begun if begun == cancelled_at else begun + timedelta(minutes=1)
        free = whole + timedelta(minutes=terms.after_minutes)
    else:
        days, at = DAYS_LATER if terms.days_later is None else terms.days_later, terms.at
        day = cancelled_at.astimezone(zone).date() + timedelta(days=days + at // DAY_MINUTES)
        free = datetime(day.year, day.month, day.day, *divmod(at % DAY_MINUTES, 60), tzinfo=zone)
    free = min(free, starts_at - timedelta(minutes=terms.latest_minutes_before_start))
    enough = cancelled_at + timedelta(minutes=terms.accept_within_minutes) <= free
    return free.astimezone(cancelled_at.tzinfo) if enough else None
