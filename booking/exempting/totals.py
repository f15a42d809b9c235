"""What exemptions sum up to: per hall and ground, for a fiscal year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from facilities.periods import moment
from tenants.context import current_zone

# Of a use with several grounds each ground's lines count; what rounding and bounds of the total add is the first one's.
_TOTALS = """
WITH g AS (
    SELECT x.id, x.ground, x.name, x.name_en, r.id AS use, f.id AS hall, f.name AS hall_name, f.name_en AS hall_name_en,
           (r.quote->>'before_exemption_yen')::bigint AS before_yen, (r.quote->>'total_yen')::bigint AS total_yen,
           coalesce((SELECT -sum((l->>'yen')::bigint) FROM jsonb_array_elements(r.quote->'lines') l
                     WHERE l->>'kind' = 'exemption' AND l->'reason'->'params'->>'name' = x.name), 0)::bigint AS own_yen,
           row_number() OVER (PARTITION BY r.id ORDER BY x.id) AS place
    FROM booking_exemption x
    JOIN booking_reservation r ON r.id = x.reservation_id
    JOIN facilities_room m ON m.id = r.room_id JOIN facilities_facility f ON f.id = m.facility_id
    WHERE x.state = 'granted' AND r.status = 'confirmed' AND r.quote->>'before_exemption_yen' IS NOT NULL
      AND r.starts_at >= %s AND r.starts_at < %s
), s AS (
    SELECT g.*, CASE WHEN place = 1 THEN before_yen - total_yen
           - coalesce(sum(own_yen) OVER (PARTITION BY use) - own_yen, 0) ELSE own_yen END AS off_yen,
           CASE WHEN place = 1 THEN before_yen ELSE 0 END AS counted_yen
    FROM g
)
SELECT hall, hall_name, hall_name_en, ground, max(name), max(name_en), count(*)::int,
       sum(counted_yen)::bigint, sum(off_yen)::bigint
FROM s GROUP BY hall, hall_name, hall_name_en, ground ORDER BY hall_name, hall, ground
"""


@dataclass(frozen=True, slots=True)
class ExemptionTotal:
    """What one ground came to at one hall: how many uses, their price without exemption, and what was taken off.

    A use with several grounds counts with each of them; its price with the first only, so that sums add up.
    """

    facility_id: int
    facility_name: str
    facility_name_en: str
    ground: str
    name: str
    name_en: str
    count: int
    before_yen: int
    exempted_yen: int


def exemption_totals(fiscal_year: int, *, facility_id: int | None = None) -> list[ExemptionTotal]:
    """Return what was exempted of confirmed uses in a fiscal year (by the day of use, like their charges), per hall
    and ground, in whole yen.
    """
    zone = current_zone()
    begins, ends = (moment(date(year, 4, 1), 0, zone) for year in (fiscal_year, fiscal_year + 1))
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, [begins, ends])
        found = [ExemptionTotal(*row) for row in cursor.fetchall()]
    return [one for one in found if facility_id is None or one.facility_id == facility_id]
