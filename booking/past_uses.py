"""Reservations of a past period as the pure re-pricing reads them: one query for each few thousand, no names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.db import connection
from pydantic_core import PydanticCustomError

from booking.repricing import PastUse
from facilities.ordinance import Grant, Rules
from facilities.ordinance.document.values import read_share
from facilities.periods import local, local_end, moment
from tenants.context import current_zone

CHUNK = 2000

_WHERE = """
FROM booking_reservation r
JOIN facilities_room m ON m.id = r.room_id JOIN facilities_facility f ON f.id = m.facility_id
JOIN accounts_resident p ON p.id = r.resident_id
WHERE f.rule_book_id = %s AND r.status = 'confirmed' AND r.starts_at >= %s AND r.starts_at < %s
"""
_COUNT = f"SELECT count(*), array_agg(DISTINCT r.rule_version_id) {_WHERE}"
_CHUNK = f"""
SELECT r.id, r.room_id, f.key, m.key, r.starts_at, r.ends_at,
       coalesce(nullif(r.applicant_class, ''), p.applicant_class), r.channel, r.created_at, r.rule_version_id,
       r.price_yen, nullif(r.purpose_key, ''), r.headcount, r.answers, r.extras, r.early_minutes, r.extension_minutes,
       CASE WHEN r.quote->>'before_exemption_yen' IS NOT NULL THEN r.quote->'lines' END
{_WHERE} AND r.id > %s ORDER BY r.id LIMIT %s
"""


def count_past_uses(*, rule_book_id: int, first: date, last: date) -> tuple[int, list[int]]:
    """Return how many confirmed reservations of a rule book's halls begin on these local days, and the ids of the
    rule versions they were made under."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, _arguments(rule_book_id, first, last))
        count, versions = cursor.fetchone()
    return int(count), sorted(versions or ())


def past_uses(
    *, rule_book_id: int, first: date, last: date, old: Mapping[int, Rules]
) -> Iterator[list[PastUse]]:
    """Yield those reservations in chunks, in the order of their numbers. ``old``: the rules by version id.

    Who hires is told by the class in the rules the reservation was made under. Exemptions are read from the price that
    was frozen.
    """
    zone, after = current_zone(), 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_CHUNK, [*_arguments(rule_book_id, first, last), after, CHUNK])
            rows = cursor.fetchall()
        if rows:
            yield [_use(row, zone, old) for row in rows]
        if len(rows) < CHUNK:
            return
        after = rows[-1][0]


def _arguments(rule_book_id: int, first: date, last: date) -> list[Any]:
    zone = current_zone()
    return [rule_book_id, moment(first, 0, zone), moment(last + timedelta(days=1), 0, zone)]


def _use(row: Sequence[Any], zone: ZoneInfo, old: Mapping[int, Rules]) -> PastUse:
    use_id, room_id, hall, room, starts_at, ends_at, who, channel, created_at, version_id, *details = row
    paid, purpose, headcount, answers, extras, early, extension, lines = details
    day, starts = local(starts_at, zone)
    rules = old.get(version_id)
    return PastUse(
        id=use_id,
        room_id=room_id,
        facility=hall,
        room=room,
        day=day,
        starts=starts,
        ends=local_end(ends_at, day, zone),
        applicant_class=rules.class_of(who) if rules else who,
        channel=channel,
        booked_on=local(created_at, zone)[0],
        rule_version_id=version_id,
        paid_yen=paid,
        purpose=purpose,
        headcount=headcount,
        answers=_plain(answers) or {},
        extras=_plain(extras) or {},
        early_minutes=early,
        extension_minutes=extension,
        grants=tuple(_granted(_plain(lines) or [], rules, hall)),
    )


def _plain(value: Any) -> Any:
    """A jsonb column of a plain cursor: its text."""
    return orjson.loads(value) if isinstance(value, str) else value


def _granted(lines: Sequence[Mapping[str, Any]], rules: Rules | None, hall: str) -> Iterator[Grant]:
    """The grounds of exemption with what staff decided, as the frozen lines say it."""
    facility = rules.facilities.get(hall) if rules else None
    keys = {one.name: key for key, one in facility.grounds.items()} if facility else {}
    seen: dict[str, Mapping[str, Any]] = {}
    for line in lines:
        said = line["reason"]["params"]
        if line.get("kind") == "exemption" and said.get("name") in keys:
            seen.setdefault(keys[said["name"]], said)
    for key, said in seen.items():
        try:
            percent = int(read_share(said.get("share")) * 100)
        except PydanticCustomError:
            percent = None
        yield Grant(key, percent, None if percent is not None else said.get("yen"))
