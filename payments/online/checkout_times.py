"""Until when a page to pay on, and a konbini voucher, may be good: never beyond the due date. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from payments.online.errors import DueTooSoon

# A page lasts between half an hour and a day at Stripe; a margin, because its clock is not ours.
SHORTEST = timedelta(minutes=31)
_LONGEST = timedelta(hours=23)
# A voucher without a due date is good for so many days after the day it is issued.
_USUAL_DAYS = 3
_MOST_DAYS = 60


@dataclass(frozen=True, slots=True)
class CheckoutTimes:
    """When the page closes, and until the end of how many days after its issue a voucher can be paid."""

    expires_at: datetime
    voucher_days: int


def checkout_times(way: str, *, due_at: datetime | None, now: datetime, zone: ZoneInfo) -> CheckoutTimes:
    """Return how long somebody may pay from ``now`` on what must be paid before ``due_at``.

    A page that would close less than half an hour after it was made cannot be made: within the last half hour the
    worker closes it at the due date (payments.online.settling). A voucher is good until the end of a day: one that
    ended after the due date is not issued. Raises DueTooSoon.
    """
    if due_at is not None and due_at <= now:
        raise DueTooSoon
    closes = now + _LONGEST if due_at is None else min(due_at, now + _LONGEST)
    if way == "konbini":
        # The voucher's days count from the day it is issued: the page does not live into the next day.
        closes = min(closes, _start_of_next_day(now, zone))
    closes = max(closes, now + SHORTEST).replace(microsecond=0)
    if way != "konbini":
        return CheckoutTimes(closes, 0)
    days = _USUAL_DAYS if due_at is None else _voucher_days(closes, due_at, zone)
    if days < 1:
        raise DueTooSoon
    return CheckoutTimes(closes, min(days, _MOST_DAYS))


def _voucher_days(closes: datetime, due_at: datetime, zone: ZoneInfo) -> int:
    """From the last possible day of issue to the last day that ends before the due date."""
    last = due_at.astimezone(zone).date() - timedelta(days=1)
    return (last - (closes - timedelta(seconds=1)).astimezone(zone).date()).days


def _start_of_next_day(moment: datetime, zone: ZoneInfo) -> datetime:
    return datetime.combine(moment.astimezone(zone).date() + timedelta(days=1), time(), zone)
