"""What has not been paid: since when, how often the payer was written to, and when the claim lapses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from payments.queries import SUMS
from payments.years import today_at
from tenants.context import current_zone

# A claim of a municipality lapses after so many years (地方自治法236条1項).
LAPSE_YEARS = 5
_LARGEST_ID = 2**63 - 1

# The first part of a charge that what was paid does not cover (else the last): its day decides who is late.
_UNPAID = f"""
WITH s AS (
    SELECT c.id, c.subject, c.payer, c.title, c.fiscal_year, c.item_id, c.facility_id, c.created_at, y.*
    FROM payments_charge c JOIN (
        SELECT e.charge_id, max(e.at) FILTER (WHERE e.kind = 'collected'), {SUMS}
        FROM payments_ledgerentry e WHERE %(ids)s::bigint[] IS NULL OR e.charge_id = ANY(%(ids)s)
        GROUP BY e.charge_id
    ) y(charge_id, last_paid_at, assessed, reduced, collected, refund_decided, refunded, written_off)
      ON y.charge_id = c.id
    WHERE %(facilities)s::bigint[] IS NULL OR c.facility_id = ANY(%(facilities)s)
), d AS (
    SELECT s.*, assessed - reduced - collected + refund_decided - written_off AS due,
           collected - refund_decided + written_off AS covered
    FROM s WHERE assessed - reduced - collected + refund_decided - written_off > 0
)
SELECT d.id, d.subject, d.payer, d.title, d.fiscal_year, d.item_id, d.facility_id, d.due,
       i.due_at, coalesce(i.deferred, false), d.created_at, d.last_paid_at,
       coalesce(n.letters, 0), n.until, n.first_at
FROM d
LEFT JOIN LATERAL (
    SELECT p.due_at, p.deferred FROM (
        SELECT q.number, q.due_at, q.deferred,
               sum(coalesce(q.yen, d.assessed)) OVER (ORDER BY q.number) AS upto
        FROM payments_instalment q WHERE q.charge_id = d.id) p
    ORDER BY p.upto > d.covered DESC, CASE WHEN p.upto > d.covered THEN p.number ELSE -p.number END LIMIT 1
) i ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS letters, max(l.due_on) AS until, min(l.issued_at) AS first_at
    FROM payments_dunning l WHERE l.charge_id = d.id
) n ON true
ORDER BY i.due_at NULLS LAST, d.id
"""  # noqa: S608 (no value is written into the text)


@dataclass(frozen=True, slots=True)
class Unpaid:
    """A charge that is not paid in full. ``due_on`` is the last day to pay (None: no day is written),
    ``dunned_until`` the last letter's day, ``lapses_on`` the first day on which it can be claimed no more."""

    charge_id: int
    subject: UUID
    payer: str
    title: str
    fiscal_year: int
    item_id: int
    facility_id: int | None
    due_yen: int
    due_on: date | None
    deferred: bool
    days_late: int
    dunnings: int
    dunned_until: date | None
    lapses_on: date
    lapsed: bool


def unpaid_charges(
    *, now: datetime, charge_ids: Sequence[int] | None = None, facility_ids: Sequence[int] | None = None
) -> list[Unpaid]:
    """Return every charge of which something is due, the longest overdue first, from the ledger's entries."""
    wanted = None if charge_ids is None else [one for one in charge_ids if one <= _LARGEST_ID]
    halls = None if facility_ids is None else list(facility_ids)
    with connection.cursor() as cursor:
        cursor.execute(_UNPAID, {"ids": wanted, "facilities": halls})
        rows = cursor.fetchall()
    today = today_at(now)
    return [_unpaid(row, today) for row in rows]


def lapse_day(begin: date) -> date:
    """Return the first day on which a claim whose five years began after ``begin`` can be claimed no more."""
    try:
        last = begin.replace(year=begin.year + LAPSE_YEARS)
    except ValueError:  # 29 February: the month's last day (民法143条2項)
        last = begin.replace(year=begin.year + LAPSE_YEARS, day=28)
    return last + timedelta(days=1)


def _unpaid(row: Sequence[Any], today: date) -> Unpaid:
    charge_id, subject, payer, title, year, item_id, facility_id, due = row[:8]
    due_at, deferred, created_at, last_paid_at, letters, until, first_letter_at = row[8:]
    zone = current_zone()
    # What is due is the first moment too late; people are told the last day.
    due_on = (due_at - timedelta(microseconds=1)).astimezone(zone).date() if due_at else None
    begins = [due_on or created_at.astimezone(zone).date()]
    # The first letter begins the five years anew (236条4項), and so does paying a part of it (民法152条).
    begins += [at.astimezone(zone).date() for at in (last_paid_at, first_letter_at) if at]
    lapses_on = lapse_day(max(begins))
    late_since = until or due_on
    return Unpaid(
        charge_id=charge_id,
        subject=subject,
        payer=payer,
        title=title,
        fiscal_year=year,
        item_id=item_id,
        facility_id=facility_id,
        due_yen=due,
        due_on=due_on,
        deferred=deferred,
        days_late=max((today - late_since).days, 0) if late_since else 0,
        dunnings=letters,
        dunned_until=until,
        lapses_on=lapses_on,
        lapsed=today >= lapses_on,
    )
