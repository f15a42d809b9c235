"""Do the sums agree: charges, entries, providers, drawers, closed years? Each question is one statement, so that both
sides are of the same instant, whatever is being booked meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection

from payments.queries import SUMS

# Each answers: the yen on the left, the yen on the right, and which rows differ (at most so many are shown).
SHOWN = 20

_BY_CHARGE = f"""
s AS (
    SELECT c.id, c.title || ' ' || c.payer AS name, {SUMS}
    FROM payments_charge c LEFT JOIN payments_ledgerentry e ON e.charge_id = c.id GROUP BY c.id
), n(id, name, assessed, reduced, collected, decided, refunded, written) AS (SELECT * FROM s)
"""  # noqa: S608 (no value is written into the text)

_CHARGES = f"""
WITH {_BY_CHARGE}, r AS (
    SELECT id, name, greatest(assessed - reduced - collected + decided - written, 0)::bigint AS l,
           (assessed - reduced - collected + decided - written)::bigint AS r
    FROM n
)"""  # noqa: S608

_PAID_OUT = f"""
WITH {_BY_CHARGE}, r AS (
    SELECT id, name, greatest(refunded - decided, 0) + greatest(decided - collected, 0)
                     + greatest(reduced - assessed, 0) AS l, 0::bigint AS r FROM n
)"""  # noqa: S608

_REFUNDS = """
WITH r AS (
    SELECT coalesce(e.id, f.id) AS id, coalesce(e.name, f.name) AS name, coalesce(f.yen, 0) AS l,
           coalesce(e.yen, 0) AS r
    FROM (SELECT c.id, c.title || ' ' || c.payer AS name,
                 sum(CASE e.kind WHEN 'refund_decided' THEN e.yen ELSE -e.yen END)::bigint AS yen
          FROM payments_charge c JOIN payments_ledgerentry e ON e.charge_id = c.id
          AND e.kind IN ('refund_decided', 'refund_withdrawn') GROUP BY c.id) e
    FULL JOIN (SELECT c.id, c.title || ' ' || c.payer AS name, sum(f.yen)::bigint AS yen FROM payments_charge c
               JOIN payments_refund f ON f.charge_id = c.id AND f.state <> 'withdrawn' GROUP BY c.id) f ON f.id = e.id
)"""

_REFUNDED = """
WITH r AS (
    SELECT coalesce(e.id, f.id) AS id, coalesce(e.name, f.name) AS name, coalesce(f.yen, 0) AS l,
           coalesce(e.yen, 0) AS r
    FROM (SELECT c.id, c.title || ' ' || c.payer AS name, sum(e.yen)::bigint AS yen FROM payments_charge c
          JOIN payments_ledgerentry e ON e.charge_id = c.id AND e.kind = 'refunded' GROUP BY c.id) e
    FULL JOIN (SELECT c.id, c.title || ' ' || c.payer AS name, sum(f.yen)::bigint AS yen FROM payments_charge c
               JOIN payments_refund f ON f.charge_id = c.id AND f.state = 'done' GROUP BY c.id) f ON f.id = e.id
)"""

# What came back to a payment later (a refund that bounced, a dispute that was won) has a memo.
_ATTEMPTS = """
WITH r AS (
    SELECT coalesce(a.id, e.id) AS id, coalesce(a.name, e.name) AS name, coalesce(a.yen, 0)::bigint AS l,
           coalesce(e.yen, 0)::bigint AS r
    FROM (SELECT t.id, t.gateway || ' ' || t.provider_ref AS name, sum(p.yen) AS yen FROM payments_attempt t
          JOIN payments_attemptcharge p ON p.attempt_id = t.id WHERE t.state = 'paid' GROUP BY t.id) a
    FULL JOIN (SELECT t.id, t.gateway || ' ' || t.provider_ref AS name, sum(e.yen) AS yen FROM payments_attempt t
               JOIN payments_ledgerentry e ON e.attempt_id = t.id AND e.kind = 'collected' AND e.memo = ''
               GROUP BY t.id) e
      ON e.id = a.id
)"""

# What the daily reconciliation found in a provider's books and nobody has explained yet.
_PROVIDERS = """
WITH r AS (
    SELECT id, account || ' ' || day AS name, yen_there::bigint AS l, yen_here::bigint AS r
    FROM payments_difference WHERE closed_at IS NULL
)"""

_CREDITS = """
WITH r AS (
    SELECT 0::bigint AS id, '' AS name,
           coalesce(sum(yen) FILTER (WHERE kind = 'refunded'), 0)::bigint AS l,
           coalesce(sum(yen) FILTER (WHERE kind = 'collected'), 0)::bigint AS r
    FROM payments_ledgerentry WHERE gateway = 'credit'
)"""

# Cash of halls that use drawers, since they do; and every movement that names an entry.
_DRAWERS = """
WITH r AS (
    SELECT e.id, c.title || ' ' || c.payer AS name,
           coalesce(CASE WHEN m.kind = 'taken' THEN m.yen ELSE -m.yen END, 0)::bigint AS l,
           (CASE WHEN e.kind = 'collected' THEN e.yen ELSE -e.yen END)::bigint AS r
    FROM payments_ledgerentry e
    JOIN payments_charge c ON c.id = e.charge_id
    LEFT JOIN payments_cashmovement m ON m.entry_id = e.id
    LEFT JOIN payments_hallterms t ON t.facility_id = e.facility_id
    WHERE e.gateway = 'desk_cash' AND (m.id IS NOT NULL OR e.at >= t.drawers_since)
)"""

# What lies in drawers and safes: what came in less what went out, and no drawer below nothing.
_HELD = """
WITH r AS (
    SELECT d.id, coalesce(s.name, f.name) AS name,
           coalesce(sum(CASE WHEN m.target_id = d.id THEN m.yen ELSE -m.yen END), 0)::bigint AS l,
           CASE WHEN d.closed_at IS NULL
                THEN greatest(coalesce(sum(CASE WHEN m.target_id = d.id THEN m.yen ELSE -m.yen END), 0), 0)
                ELSE 0 END::bigint AS r
    FROM payments_drawer d JOIN facilities_facility f ON f.id = d.facility_id
    LEFT JOIN accounts_staff s ON s.id = d.keeper_id
    LEFT JOIN payments_cashmovement m ON d.id IN (m.source_id, m.target_id) GROUP BY d.id, s.name, f.name
)"""

_YEARS = """
WITH r AS (
    SELECT y.fiscal_year AS id, y.fiscal_year::text AS name,
           coalesce((SELECT sum((s ->> 'yen')::bigint) FROM jsonb_array_elements(y.sums) s), 0)::bigint AS l,
           coalesce((SELECT sum(e.yen) FROM payments_ledgerentry e WHERE e.fiscal_year = y.fiscal_year), 0)::bigint
               AS r
    FROM payments_yearclosing y
)"""

_ANSWER = """
SELECT (SELECT coalesce(sum(l), 0)::bigint FROM r), (SELECT coalesce(sum(r), 0)::bigint FROM r),
       (SELECT count(*) FROM r WHERE l <> r),
       (SELECT coalesce(json_agg(x), '[]')::text
        FROM (SELECT id, name, l, r FROM r WHERE l <> r ORDER BY id LIMIT %s) x)
"""

QUESTIONS = {
    "charges": _CHARGES,
    "paid_out": _PAID_OUT,
    "refunds": _REFUNDS,
    "refunded": _REFUNDED,
    "attempts": _ATTEMPTS,
    "providers": _PROVIDERS,
    "credits": _CREDITS,
    "drawers": _DRAWERS,
    "held": _HELD,
    "years": _YEARS,
}


@dataclass(frozen=True, slots=True)
class Differing:
    """A row of which the two sides say something else, in yen."""

    id: int
    name: str
    left_yen: int
    right_yen: int

    @property
    def yen(self) -> int:
        """By how much."""
        return self.left_yen - self.right_yen


@dataclass(frozen=True, slots=True)
class Answer:
    """One question: both sums, how many rows differ, and the first of them."""

    key: str
    left_yen: int
    right_yen: int
    differing: int
    rows: Sequence[Differing]

    @property
    def agrees(self) -> bool:
        """Whether both sides say the same, row by row."""
        return self.differing == 0 and self.left_yen == self.right_yen


def agreement() -> list[Answer]:
    """Ask every question now and return the answers, in a fixed order."""
    return [_ask(key, statement) for key, statement in QUESTIONS.items()]


def _ask(key: str, statement: str) -> Answer:
    with connection.cursor() as cursor:
        cursor.execute(statement + _ANSWER, [SHOWN])
        left, right, differing, rows = cursor.fetchone()
    found: list[dict[str, Any]] = orjson.loads(rows)
    return Answer(key, left, right, differing, [Differing(r["id"], r["name"], r["l"], r["r"]) for r in found])
