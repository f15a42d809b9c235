"""Fiscal years (会計年度, April to March) and until when their books are open (出納整理期間)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection

from payments.models import YearClosing
from tenants.context import current_zone

# As the entry to come will take it: whoever closes a year then waits for this transaction (payments.treasury.closing).
_WRITER = "LOCK TABLE payments_ledgerentry IN ROW EXCLUSIVE MODE"


def fiscal_year_of(day: date) -> int:
    """Return the fiscal year (会計年度, April to March) of a local day."""
    return day.year if day.month >= 4 else day.year - 1


def last_open_day(fiscal_year: int) -> date:
    """Return the last day on which something may be booked in a fiscal year (出納閉鎖, 地方自治法235条の5)."""
    return date(fiscal_year + 1, 5, 31)


def today_at(now: datetime) -> date:
    """Return the municipality's day at an instant."""
    return now.astimezone(current_zone()).date()


def booked_year(fiscal_year: int, *, now: datetime, received_on: date | None = None) -> int:
    """Return the year in which something of ``fiscal_year`` is booked: that year while its books are open, else the
    current one (施行令165条の8).

    ``received_on``: the local day money reached the municipality or its bank, where that was before ``now``. What was
    received in time is booked in the old year even if the list comes later, as long as nobody has closed it.
    """
    day = today_at(now)
    if fiscal_year_of(day) <= fiscal_year:
        return fiscal_year
    late = (received_on or day) > last_open_day(fiscal_year)
    if not late and connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(_WRITER)
    if late or YearClosing.objects.filter(fiscal_year=fiscal_year).exists():
        return fiscal_year_of(day)
    return fiscal_year
