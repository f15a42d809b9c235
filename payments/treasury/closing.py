"""Closing the books of a fiscal year (出納閉鎖): from then on the database refuses entries booked in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from payments.errors import EarlierYearOpen, YearClosedAlready, YearStillOpen
from payments.models import LedgerEntry, YearClosing
from payments.years import fiscal_year_of, last_open_day, today_at

# Waits for every transaction that is writing an entry, and keeps new ones waiting until this one has ended; they then
# see that the year is closed. Without it, an entry not committed yet would slip into a year that was added up.
_WRITERS_FIRST = "LOCK TABLE payments_ledgerentry IN SHARE ROW EXCLUSIVE MODE"

_SUMS = """
SELECT item_id, kind, budget, sum(yen)::bigint, count(*) FROM payments_ledgerentry
WHERE fiscal_year = %s GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""

_BOOKED = """
SELECT y.year, coalesce(sum(e.yen) FILTER (WHERE e.kind = 'collected'), 0)::bigint
             - coalesce(sum(e.yen) FILTER (WHERE e.kind = 'reversed'), 0)::bigint,
       coalesce(sum(e.yen) FILTER (WHERE e.kind = 'refunded' AND e.budget = 'revenue'), 0)::bigint
FROM (SELECT DISTINCT fiscal_year AS year FROM payments_ledgerentry) y
JOIN payments_ledgerentry e ON e.fiscal_year = y.year GROUP BY 1 ORDER BY 1 DESC
"""


@dataclass(frozen=True, slots=True)
class BookedYear:
    """A fiscal year with entries: until when its books are open, what came in and went back, and who closed them."""

    year: int
    open_until: date
    may_close: bool
    collected_yen: int
    refunded_yen: int
    closing: YearClosing | None


def years_of_books(*, now: datetime) -> list[BookedYear]:
    """Return every year with entries, the latest first; the current one also without."""
    closings = {one.fiscal_year: one for one in YearClosing.objects.select_related("closed_by")}
    today = today_at(now)
    with connection.cursor() as cursor:
        cursor.execute(_BOOKED)
        rows = {year: (collected, refunded) for year, collected, refunded in cursor.fetchall()}
    rows.setdefault(fiscal_year_of(today), (0, 0))
    return [
        BookedYear(
            year=year,
            open_until=last_open_day(year),
            may_close=year not in closings and today > last_open_day(year),
            collected_yen=rows[year][0],
            refunded_yen=rows[year][1],
            closing=closings.get(year),
        )
        for year in sorted(rows, reverse=True)
    ]


@transaction.atomic
def close_year(*, fiscal_year: int, staff_id: int, now: datetime) -> YearClosing:
    """Close the books of a fiscal year whose 31 May is over (地方自治法235条の5), and keep their sums.

    What comes in later is booked in the current year, what goes back later is paid out of the current year's
    expenditure (施行令165条の8). Years are closed in their order.
    Raises YearStillOpen, YearClosedAlready, EarlierYearOpen.
    """
    if today_at(now) <= last_open_day(fiscal_year):
        raise YearStillOpen
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS_FIRST)
    if YearClosing.objects.filter(fiscal_year=fiscal_year).exists():
        raise YearClosedAlready
    closed = YearClosing.objects.values("fiscal_year")
    if LedgerEntry.objects.filter(fiscal_year__lt=fiscal_year).exclude(fiscal_year__in=closed).exists():
        raise EarlierYearOpen
    return YearClosing.objects.create(
        fiscal_year=fiscal_year, sums=sums_of_year(fiscal_year), closed_at=now, closed_by_id=staff_id
    )


def sums_of_year(fiscal_year: int) -> Sequence[dict[str, int | str]]:
    """Return the entries booked in a year added up by item, kind and side of the budget, in yen."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [fiscal_year])
        names = ("item", "kind", "budget", "yen", "entries")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
