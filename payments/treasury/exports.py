"""Rows for the accounting system (財務会計): columns, headings and forms of dates as a municipality has saved them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from payments.cash.daily import bounds
from payments.errors import BadLayout, NoSuchLayout
from payments.models import ExportLayout, LedgerEntry, RevenueItem
from tenants.context import current_zone

Rows = ExportLayout.Rows
DateStyle = ExportLayout.DateStyle
Cell = str | int

# The field of a column whose cells are always the same text.
FIXED = "fixed"
# Of one entry, and nothing a sum can have.
_OF_ENTRY = ("entry", "charge", "payer", "title", "memo")
FIELDS = (
    *("date", "year", "kind", "way", "budget", "item_code", "account", "kan", "kou", "moku", "setsu"),
    *("payee", "facility", "count", "yen", "signed_yen"),
    *_OF_ENTRY,
    FIXED,
)
MOST_COLUMNS = 30

# What makes less of what the municipality has, or of what it asks for.
_LESS = frozenset({"reduced", "refund_decided", "refunded", "written_off", "reversed"})

_ENTRIES = """
SELECT e.id, (e.at AT TIME ZONE %s)::date, e.fiscal_year, e.kind, e.gateway, e.budget, e.item_id,
       coalesce(f.name, ''), 1, e.yen, e.charge_id, c.payer, c.title, e.memo
FROM payments_ledgerentry e JOIN payments_charge c ON c.id = e.charge_id
LEFT JOIN facilities_facility f ON f.id = e.facility_id
WHERE e.at >= %s AND e.at < %s AND (%s::text[] IS NULL OR e.kind = ANY(%s)) AND e.id > %s
ORDER BY e.id LIMIT %s
"""

_SUMS = """
SELECT 0, date_trunc(%s, e.at AT TIME ZONE %s)::date AS day, e.fiscal_year, e.kind, e.gateway, e.budget, e.item_id,
       coalesce(f.name, '') AS hall, count(*), sum(e.yen)::bigint, 0, '', '', ''
FROM payments_ledgerentry e LEFT JOIN facilities_facility f ON f.id = e.facility_id
WHERE e.at >= %s AND e.at < %s AND (%s::text[] IS NULL OR e.kind = ANY(%s))
GROUP BY 2, 3, 4, 5, 6, 7, 8 ORDER BY 2, 3, 7, 8, 4, 5, 6
"""

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what is in it, its heading, and for FIXED the text that is always in it."""

    field: str
    heading: str
    value: str = ""

    def as_json(self) -> dict[str, str]:
        """Return it as a layout keeps it."""
        return {"field": self.field, "heading": self.heading, "value": self.value}


@transaction.atomic
def save_layout(
    *,
    layout_id: int | None,
    name: str,
    rows: str,
    file_format: str,
    encoding: str,
    date_style: str,
    with_heading: bool,
    columns: Sequence[Column],
    kinds: Sequence[str] = (),
) -> ExportLayout:
    """Save how a file is to look, in place of the layout with this id. Raises BadLayout, NoSuchLayout."""
    fine = rows in Rows.values and file_format in ExportLayout.Format.values
    fine = fine and encoding in ExportLayout.Encoding.values and date_style in DateStyle.values
    if not (fine and name.strip() and set(kinds) <= set(LedgerEntry.Kind.values) and _may_be(columns, rows)):
        raise BadLayout
    layout = ExportLayout() if layout_id is None else layout_of(layout_id)
    layout.name, layout.rows, layout.format = name.strip()[:60], rows, file_format
    layout.encoding, layout.date_style, layout.with_heading = encoding, date_style, with_heading
    layout.kinds = list(kinds)
    layout.columns = [one.as_json() for one in columns]
    try:
        with transaction.atomic():
            layout.save()
    except IntegrityError:  # another layout has the name
        raise BadLayout from None
    return layout


def drop_layout(*, layout_id: int) -> None:
    """Forget a layout; what was exported stays as it is. Raises NoSuchLayout."""
    layout_of(layout_id).delete()


def layout_of(layout_id: int) -> ExportLayout:
    """Return a layout. Raises NoSuchLayout."""
    found = ExportLayout.objects.filter(pk=layout_id).first()
    if found is None:
        raise NoSuchLayout
    return found


def columns_of(layout: ExportLayout) -> list[Column]:
    """Return the columns of a layout, in order."""
    return [Column(one["field"], one["heading"], one.get("value", "")) for one in layout.columns]


def export_rows(
    layout: ExportLayout, *, first: date, last: date, words: Mapping[str, Mapping[str, str]]
) -> Iterator[list[Cell]]:
    """Yield the cells of every row of the local days from ``first`` to ``last``, the headings first where they are
    wanted. ``words``: how the keys of ``kind``, ``way`` and ``budget`` are written.
    """
    columns = columns_of(layout)
    if layout.with_heading:
        yield [one.heading for one in columns]
    items = {one.pk: one for one in RevenueItem.objects.select_related("payee")}
    for row in _raw(layout, *bounds(first, last)):
        facts = _facts(row, items, words, layout.date_style)
        yield [column.value if column.field == FIXED else facts[column.field] for column in columns]


def write_day(day: date, style: str) -> str:
    """Return a day as the accounting system wants it written."""
    if style == DateStyle.ERA:
        # 令和 began in May 2019; the ledger has no older entries.
        return f"R{day.year - 2018:02}.{day.month:02}.{day.day:02}"
    forms = {DateStyle.ISO: "%Y-%m-%d", DateStyle.SLASH: "%Y/%m/%d", DateStyle.PLAIN: "%Y%m%d"}
    return day.strftime(forms[DateStyle(style)])


def _may_be(columns: Sequence[Column], rows: str) -> bool:
    known = set(FIELDS) - (set() if rows == Rows.ENTRIES else set(_OF_ENTRY))
    return 0 < len(columns) <= MOST_COLUMNS and all(one.field in known for one in columns)


def _raw(layout: ExportLayout, begin: datetime, end: datetime) -> Iterator[tuple[Any, ...]]:
    """Entries come in batches by their id, so that a long file never stands in memory as a whole."""
    zone, kinds = str(current_zone()), layout.kinds or None
    if layout.rows != Rows.ENTRIES:
        unit = "day" if layout.rows == Rows.DAYS else "month"
        with connection.cursor() as cursor:
            cursor.execute(_SUMS, [unit, zone, begin, end, kinds, kinds])
            yield from cursor.fetchall()
        return
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_ENTRIES, [zone, begin, end, kinds, kinds, after, _BATCH])
            batch = cursor.fetchall()
        yield from batch
        if len(batch) < _BATCH:
            return
        after = batch[-1][0]


def _facts(
    row: Sequence[Any], items: Mapping[int, RevenueItem], words: Mapping[str, Mapping[str, str]], style: str
) -> dict[str, Cell]:
    entry, day, year, kind, way, budget, item_id, hall, count, yen, charge, payer, title, memo = row
    item = items[item_id]
    return {
        "entry": entry,
        "date": write_day(day, style),
        "year": year,
        "kind": words["kind"].get(kind, kind),
        "way": words["way"].get(way, way),
        "budget": words["budget"].get(budget, budget),
        "item_code": item.code,
        "account": item.account,
        "kan": item.kan,
        "kou": item.kou,
        "moku": item.moku,
        "setsu": item.setsu,
        "payee": item.payee.name,
        "facility": hall,
        "count": count,
        "yen": yen,
        "signed_yen": -yen if kind in _LESS else yen,
        "charge": charge,
        "payer": payer,
        "title": title,
        "memo": memo,
    }
