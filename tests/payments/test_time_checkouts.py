"""How long somebody may pay: never beyond the due date, whatever the hour. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.online.checkout_times import SHORTEST, checkout_times
from payments.online.errors import DueTooSoon

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2027, 5, 10, 10, tzinfo=TOKYO)

moments = st.datetimes(datetime(2027, 1, 1), datetime(2028, 1, 1), timezones=st.just(TOKYO))
spans = st.timedeltas(timedelta(seconds=1), timedelta(days=90))
STRIPES_LEAST, STRIPES_MOST = timedelta(minutes=30), timedelta(hours=24)


def last_moment_of_voucher(times, issued_at):
    """When a voucher issued at this moment ends, as Stripe counts."""
    day = issued_at.astimezone(TOKYO).date() + timedelta(days=times.voucher_days)
    return datetime.combine(day, time(23, 59, 59), TOKYO)


@given(now=moments, due_in=st.none() | spans, way=st.sampled_from(["card", "paypay"]))
def test_a_page_closes_by_the_due_date_or_in_half_an_hour(now, due_in, way):
    due_at = now + due_in if due_in else None
    times = checkout_times(way, due_at=due_at, now=now, zone=TOKYO)
    assert STRIPES_LEAST <= times.expires_at - now <= STRIPES_MOST
    assert due_at is None or times.expires_at <= max(due_at, now + SHORTEST)


@given(now=moments, due_in=st.none() | spans, chosen=st.floats(0, 1))
def test_a_voucher_ends_before_the_due_date_whenever_it_is_issued(now, due_in, chosen):
    due_at = now + due_in if due_in else None
    try:
        times = checkout_times("konbini", due_at=due_at, now=now, zone=TOKYO)
    except DueTooSoon:
        # Not even one that ends tomorrow night would do.
        opened_until = now + SHORTEST
        tomorrow = opened_until.astimezone(TOKYO).date() + timedelta(days=1)
        assert datetime.combine(tomorrow, time(23, 59, 59), TOKYO) >= due_at - timedelta(days=1)
        return
    issued_at = now + (times.expires_at - timedelta(seconds=1) - now) * chosen
    assert 1 <= times.voucher_days <= 60
    assert STRIPES_LEAST <= times.expires_at - now <= STRIPES_MOST
    assert due_at is None or last_moment_of_voucher(times, issued_at) < due_at


def test_a_due_date_at_midnight_leaves_the_whole_day_before():
    due_at = datetime(2027, 5, 12, tzinfo=TOKYO)
    assert checkout_times("konbini", due_at=due_at, now=NOW, zone=TOKYO).voucher_days == 1


def test_what_is_overdue_cannot_be_begun():
    with pytest.raises(DueTooSoon):
        checkout_times("card", due_at=NOW, now=NOW, zone=TOKYO)
