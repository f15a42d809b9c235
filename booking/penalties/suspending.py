"""Whether somebody is suspended (利用停止): looked at on every way to a booking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import orjson

from booking.applications import Assessed
from booking.parties import Party
from booking.penalties.errors import Suspended
from facilities.ordinance import Reason
from facilities.penalty_rules import PenaltyRules
from facilities.periods import local

# Of the resident who books, whomever for, and of the group it is for. A lottery's suspension stops no booking.
_IN_FORCE = """
SELECT f.key, f.rule_book_id, m.starts_on, m.ends_on, m.suspends, m.name, m.name_en, m.reasons::text
FROM booking_measure m JOIN facilities_facility f ON f.id = m.facility_id
WHERE m.kind = 'suspension' AND m.state = 'in_force' AND m.suspends IN ('use', 'applying')
  AND (m.resident_id = %s OR m.group_id = %s) AND m.ends_on > %s
ORDER BY m.ends_on DESC, m.id
"""


def suspended(
    cursor: Any, wanted: Sequence[Assessed], party: Party, *, now: datetime
) -> Mapping[int, Suspended]:
    """Return which of several things applied for somebody may not have while suspended, by their place, and why.

    A suspension of use forbids applying during it, and uses that lie in it; one of applying only the former. It holds
    in the halls whose offences count together. One query for all.
    """
    if not wanted:
        return {}
    today = local(now, wanted[0].room.zone)[0]
    cursor.execute(_IN_FORCE, [party.resident_id, party.group_id, today])
    rows = cursor.fetchall()
    found = {}
    for place, one in enumerate(wanted) if rows else ():
        for facility_key, rule_book_id, starts, ends, what, *named in rows:
            days = {today, one.day} if what == "use" else {today}
            if any(starts <= day < ends for day in days) and _counts_there(one, facility_key, rule_book_id):
                found[place] = Suspended([_reason(ends, *named)])
                break
    return found


def _counts_there(wanted: Assessed, facility_key: str, rule_book_id: int) -> bool:
    room = wanted.room
    if room.rule_book_id != rule_book_id:
        return False
    return PenaltyRules(room.facility_key, room.versions).together_with(facility_key, wanted.day)


def _reason(ends: date, name: str, name_en: str, reasons: str) -> Reason:
    """Why, until which day, by which article: that of the step, else of what was done."""
    articles = [Reason.from_dict(one).article for one in reversed(orjson.loads(reasons))]
    params = {"name": name, "name_en": name_en or name, "at": (ends - timedelta(days=1)).isoformat()}
    return Reason("suspended", params, next((each for each in articles if each), None))
