"""The daily report of a hall (日計): what came in and went back, by item and way, and the cash that was there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Q

from payments.models import Drawer, RevenueItem
from tenants.context import current_zone

_LINES = """
SELECT e.item_id, e.gateway, e.kind, e.budget, sum(e.yen)::bigint, count(*)
FROM payments_ledgerentry e
WHERE e.facility_id = %s AND e.at >= %s AND e.at < %s AND e.kind IN ('collected', 'refunded', 'reversed')
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3
"""

_ELSEWHERE = """
SELECT coalesce(sum(CASE WHEN m.kind = 'taken' THEN m.yen ELSE -m.yen END), 0)::bigint
FROM payments_cashmovement m
JOIN payments_ledgerentry e ON e.id = m.entry_id
JOIN payments_drawer d ON d.id IN (m.source_id, m.target_id)
WHERE m.at >= %s AND m.at < %s AND d.facility_id = %s AND e.facility_id IS DISTINCT FROM %s
"""

# What each drawer held before the first instant, and what each kind of movement added or took away since.
_MOVED = """
SELECT d.id, CASE WHEN m.at < %s THEN 'before'
                  WHEN m.kind <> 'moved' THEN m.kind
                  WHEN m.target_id = d.id THEN 'moved_in' ELSE 'moved_out' END AS what,
       sum(CASE WHEN m.target_id = d.id THEN m.yen ELSE -m.yen END)::bigint
FROM unnest(%s::bigint[]) d(id) JOIN payments_cashmovement m ON d.id IN (m.source_id, m.target_id)
WHERE m.at < %s GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class DayLine:
    """What one item took and gave back in one way, in yen and pieces. ``way`` is the gateway's key."""

    item: RevenueItem
    way: str
    collected_yen: int = 0
    collected: int = 0
    reversed_yen: int = 0
    reversed: int = 0
    refunded_yen: int = 0
    refunded: int = 0

    @property
    def net_yen(self) -> int:
        """What is left of the day."""
        return self.collected_yen - self.reversed_yen - self.refunded_yen


@dataclass(frozen=True, slots=True)
class DrawerDay:
    """A drawer on one day: what was in it before, each kind of movement, and what is in it after, in yen."""

    drawer: Drawer
    before_yen: int
    moved: Sequence[tuple[str, int]]
    after_yen: int


@dataclass(frozen=True, slots=True)
class DailyReport:
    """One day of one hall. ``elsewhere_yen``: cash that was taken here for other halls (below 0: given back)."""

    day: date
    lines: Sequence[DayLine]
    drawers: Sequence[DrawerDay]
    elsewhere_yen: int

    @property
    def total(self) -> DayLine | None:
        """All lines together, or None without any."""
        if not self.lines:
            return None
        names = ("collected_yen", "collected", "reversed_yen", "reversed", "refunded_yen", "refunded")
        sums = {name: sum(getattr(line, name) for line in self.lines) for name in names}
        return DayLine(item=self.lines[0].item, way="", **sums)


def daily_report(*, facility_id: int, day: date) -> DailyReport:
    """Return what a hall took and gave back on a local day, from the ledger, and what its drawers say."""
    begin, end = bounds(day, day)
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [facility_id, begin, end])
        rows = cursor.fetchall()
        cursor.execute(_ELSEWHERE, [begin, end, facility_id, facility_id])
        elsewhere = int(cursor.fetchone()[0])
    items = RevenueItem.objects.select_related("payee").in_bulk({row[0] for row in rows})
    found: dict[tuple[int, str], dict[str, int]] = {}
    for item_id, way, kind, _budget, yen, many in rows:
        cell = found.setdefault((item_id, way), {})
        cell[f"{kind}_yen"] = cell.get(f"{kind}_yen", 0) + yen
        cell[kind] = cell.get(kind, 0) + many
    lines = [DayLine(item=items[item_id], way=way, **cell) for (item_id, way), cell in found.items()]
    return DailyReport(day, lines, _drawers(facility_id, begin, end), elsewhere)


def bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """Return the instants between which the municipality's days from ``first`` to ``last`` lie."""
    zone = current_zone()
    return (
        datetime.combine(first, time(), tzinfo=zone),
        datetime.combine(last + timedelta(days=1), time(), tzinfo=zone),
    )


def _drawers(facility_id: int, begin: datetime, end: datetime) -> list[DrawerDay]:
    """The hall's drawers that were open on the day, and its safe, which comes last."""
    drawers = list(
        Drawer.objects.filter(facility_id=facility_id, opened_at__lt=end)
        .filter(Q(closed_at=None) | Q(closed_at__gte=begin))
        .select_related("keeper")
        .order_by("keeper_id", "pk")
    )
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, [begin, [one.pk for one in drawers], end])
        rows = cursor.fetchall()
    days = []
    for drawer in drawers:
        cells = {what: yen for drawer_id, what, yen in rows if drawer_id == drawer.pk}
        before = cells.pop("before", 0)
        days.append(DrawerDay(drawer, before, tuple(sorted(cells.items())), before + sum(cells.values())))
    return days
