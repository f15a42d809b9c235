"""The treasurer's tables of a fiscal year: what was asked for, came in and went back, by item and month.

All of it is added up from the entries booked in the year; nothing else is asked, so the tables agree with each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime

from django.db import connection

from payments.models import RevenueItem
from payments.years import fiscal_year_of
from tenants.context import current_zone

_MONTHS = """
SELECT e.item_id, c.fiscal_year < e.fiscal_year AS late, date_trunc('month', e.at AT TIME ZONE %s)::date AS month,
       replace(e.kind, 'withdrawn', 'decided') || CASE e.budget WHEN 'expenditure' THEN '_later' ELSE '' END,
       sum(CASE e.kind WHEN 'refund_withdrawn' THEN -e.yen ELSE e.yen END)::bigint
FROM payments_ledgerentry e JOIN payments_charge c ON c.id = e.charge_id
WHERE e.fiscal_year = %s AND (%s::bigint IS NULL OR e.facility_id = %s)
GROUP BY 1, 2, 3, 4
"""

_CARRIED = """
SELECT e.item_id, sum(CASE WHEN e.kind IN ('assessed', 'reversed', 'refund_decided') THEN e.yen
                           WHEN e.kind IN ('reduced', 'collected', 'written_off', 'refund_withdrawn') THEN -e.yen
                           ELSE 0 END)::bigint
FROM payments_ledgerentry e
WHERE e.fiscal_year < %s AND (%s::bigint IS NULL OR e.facility_id = %s)
GROUP BY 1
"""

_REFUNDS = """
SELECT r.route, e.budget, e.item_id, count(*), sum(e.yen)::bigint,
       count(*) FILTER (WHERE r.state = 'done'), coalesce(sum(e.yen) FILTER (WHERE r.state = 'done'), 0)::bigint
FROM payments_refund r JOIN payments_ledgerentry e ON e.id = r.decision_id
WHERE e.fiscal_year = %s AND r.state <> 'withdrawn' GROUP BY 1, 2, 3 ORDER BY 3, 1, 2
"""


@dataclass(slots=True)
class Sum:
    """Entries of a month or a year by kind, in yen; ``…_later`` are refunds out of the budget's expenditure. What was
    withdrawn is taken off what was decided."""

    assessed: int = 0
    reduced: int = 0
    collected: int = 0
    reversed: int = 0
    refund_decided: int = 0
    refund_decided_later: int = 0
    refunded: int = 0
    refunded_later: int = 0
    written_off: int = 0

    def add(self, other: Sum) -> None:
        """Take another sum's yen into this one."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    @property
    def asked(self) -> int:
        """What was asked for in the end (調定額)."""
        return self.assessed - self.reduced

    @property
    def received(self) -> int:
        """What came in, less wrong collections (収納)."""
        return self.collected - self.reversed

    @property
    def revenue(self) -> int:
        """What stays as the year's revenue (収入済額): refunds out of the same revenue are taken off."""
        return self.received - self.refunded

    @property
    def open(self) -> int:
        """What these entries leave to be collected (収入未済)."""
        decided = self.refund_decided + self.refund_decided_later
        return self.asked - self.received + decided - self.written_off


@dataclass(slots=True)
class ItemYear:
    """One item in one fiscal year: charges of the year itself (現年度分), or of years before (``late``, 過年度分).

    ``carried_yen`` is what was still open of them when the year began (繰越).
    """

    item: RevenueItem
    late: bool
    months: dict[date, Sum] = field(default_factory=dict)
    total: Sum = field(default_factory=Sum)
    carried_yen: int = 0

    @property
    def open_yen(self) -> int:
        """What is still to be collected at the end, in yen."""
        return self.carried_yen + self.total.open


@dataclass(frozen=True, slots=True)
class YearReport:
    """A fiscal year: its rows by item, all of them together, and the months there are."""

    fiscal_year: int
    months: Sequence[date]
    rows: Sequence[ItemYear]
    total: Sum
    by_month: dict[date, Sum]
    open_yen: int


@dataclass(frozen=True, slots=True)
class RefundSum:
    """Refunds decided in a year, by item, route and side of the budget, and how many of them have arrived."""

    item: RevenueItem
    route: str
    expenditure: bool
    decided: int
    decided_yen: int
    done: int
    done_yen: int


def year_report(*, fiscal_year: int, facility_id: int | None = None) -> YearReport:
    """Return what was booked in a fiscal year, by item and month of the municipality's calendar."""
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS, [str(current_zone()), fiscal_year, facility_id, facility_id])
        cells = cursor.fetchall()
        cursor.execute(_CARRIED, [fiscal_year, facility_id, facility_id])
        carried = {item_id: yen for item_id, yen in cursor.fetchall() if yen}
    items = RevenueItem.objects.select_related("payee").in_bulk({row[0] for row in cells} | set(carried))
    rows: dict[tuple[int, bool], ItemYear] = {}
    total, by_month = Sum(), dict[date, Sum]()
    for item_id, late, month, kind, yen in cells:
        one = Sum(**{kind: yen})
        row = rows.setdefault((item_id, late), ItemYear(items[item_id], late))
        for sums in (
            row.months.setdefault(month, Sum()),
            row.total,
            by_month.setdefault(month, Sum()),
            total,
        ):
            sums.add(one)
    for item_id, yen in carried.items():
        rows.setdefault((item_id, True), ItemYear(items[item_id], True)).carried_yen = yen
    ordered = [rows[key] for key in sorted(rows)]
    return YearReport(
        fiscal_year=fiscal_year,
        months=sorted(by_month),
        rows=ordered,
        total=total,
        by_month=by_month,
        open_yen=sum(row.open_yen for row in ordered),
    )


def refund_sums(*, fiscal_year: int) -> list[RefundSum]:
    """Return the refunds decided in a fiscal year, by item and route."""
    with connection.cursor() as cursor:
        cursor.execute(_REFUNDS, [fiscal_year])
        rows = cursor.fetchall()
    items = RevenueItem.objects.in_bulk({row[2] for row in rows})
    return [
        RefundSum(items[item_id], route, budget == "expenditure", *numbers)
        for route, budget, item_id, *numbers in rows
    ]


def years_with_entries(*, now: datetime) -> list[int]:
    """Return the fiscal years something was booked in, the latest first, and the current one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT fiscal_year FROM payments_ledgerentry")
        found = {int(row[0]) for row in cursor.fetchall()}
    return sorted(found | {fiscal_year_of(now.astimezone(current_zone()).date())}, reverse=True)
