"""A year of past reservations for the demo, so that trying rules on them shows something: priced by the engine, paid.

Written in three statements instead of through the services, which would take minutes. The database still refuses two
reservations of one space at a time.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import orjson
from django.db import connection

from accounts.models import Resident
from facilities.errors import NoRulesYet
from facilities.models import Facility
from facilities.ordinance import NoPrice, slots
from facilities.periods import moment
from facilities.queries import RoomFacts, rooms_of
from facilities.room_rules import Asker, firm_price
from payments.services import fiscal_year_of

Hirer = tuple[Resident, str, int]
"""A resident with a purpose and a headcount."""

# Halls are fuller in autumn, and quiet in August and at the new year.
_FULL = {1: 0.3, 2: 0.5, 3: 0.6, 4: 0.5, 5: 0.5, 6: 0.6, 7: 0.5, 8: 0.3, 9: 0.6, 10: 0.7, 11: 0.7, 12: 0.4}

_WRITE = """
WITH g AS (
    SELECT * FROM unnest(
        %s::uuid[], %s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[],
        %s::timestamptz[], %s::text[], %s::int[], %s::text[], %s::int[], %s::text[], %s::bigint[],
        %s::text[], %s::text[], %s::bigint[], %s::int[]
    ) AS g(ref, room_id, resident_id, starts_at, ends_at, until, booked_at, purpose, headcount, class, yen, quote,
           version_id, payer, title, facility_id, fiscal_year)
), r AS (
    INSERT INTO booking_reservation
        (ref, room_id, resident_id, starts_at, ends_at, status, channel, attendance, purpose, headcount,
         applicant_class, purpose_key, answers, extras, early_minutes, extension_minutes,
         price_yen, quote, rule_version_id, sequence, created_at, updated_at)
    SELECT ref, room_id, resident_id, starts_at, ends_at, 'confirmed', 'web', 'arrived', purpose, headcount,
           class, '', '{}', '{}', 0, 0, yen, quote::jsonb, version_id, 0, booked_at, booked_at
    FROM g RETURNING id, ref, resident_id, created_at
), t AS (
    INSERT INTO booking_transition (reservation_id, verb, actor_kind, actor_id, at, reason)
    SELECT id, 'book', 'resident', resident_id, created_at, '' FROM r
), c AS (
    INSERT INTO booking_claim (reservation_id, space_id, occupied, active)
    SELECT r.id, s.space_id, tstzrange(g.starts_at, g.until), true
    FROM r JOIN g USING (ref) JOIN facilities_roomspace s ON s.room_id = g.room_id
), p AS (
    INSERT INTO payments_charge (subject, payer, title, fiscal_year, item_id, facility_id, created_at)
    SELECT g.ref, g.payer, g.title, g.fiscal_year, i.id, g.facility_id, g.booked_at
    FROM g, payments_revenueitem i WHERE i.is_default RETURNING id, subject, fiscal_year, item_id, facility_id
)
INSERT INTO payments_ledgerentry
    (charge_id, kind, yen, at, actor_kind, actor_id, gateway, memo, fiscal_year, item_id, facility_id, budget)
SELECT p.id, k.kind, g.yen, CASE k.kind WHEN 'assessed' THEN g.booked_at ELSE g.starts_at END,
       'staff', %s, k.gateway, '', p.fiscal_year, p.item_id, p.facility_id, 'revenue'
FROM p JOIN g ON g.ref = p.subject, (VALUES ('assessed', ''), ('collected', 'desk_cash')) k(kind, gateway)
WHERE g.yen > 0 ORDER BY k.kind, g.starts_at
"""
# What is collected has a receipt, numbered without gaps in the fiscal year in which it was issued; said of it as
# payments.papers.receipts does.
_RECEIPTS = """
WITH p AS (
    INSERT INTO payments_paper (kind, fiscal_year, serial, token, cause, payee_id, "to", yen, content, entry_id,
                                issued_at, actor_kind, actor_id)
    SELECT 'receipt', y.year, row_number() OVER (PARTITION BY y.year ORDER BY e.at, e.id),
           replace(gen_random_uuid()::text, '-', ''), 'entry ' || e.id, i.payee_id, c.payer, e.yen,
           jsonb_build_object(
               'title', '領収書', 'municipality', m.name, 'issuer', m.name, 'issuer_name', m.name,
               'issuer_address', '', 'issuer_phone', '', 'invoice_number', '', 'lead', 'つぎのとおり領収しました。',
               'rows', jsonb_build_array(
                   jsonb_build_array('領収した日', jsonb_build_object('day', (e.at AT TIME ZONE m.zone)::date::text)),
                   jsonb_build_array('支払いの方法', '現金（窓口）')),
               'lines', jsonb_build_array(jsonb_build_object(
                   'words', c.title, 'yen', e.yen, 'tax', i.tax,
                   'facts', jsonb_build_array(jsonb_build_array('予約番号', 'R-' || lpad(r.id::text, 6, '0'))))),
               'taxes', '[]'::jsonb, 'notes', '[]'::jsonb, 'instruction', '[]'::jsonb,
               'handed_over', true, 'stamp', false),
           e.id, e.at, 'staff', %s
    FROM payments_ledgerentry e
    JOIN payments_charge c ON c.id = e.charge_id
    JOIN payments_revenueitem i ON i.id = c.item_id
    JOIN booking_reservation r ON r.ref = c.subject,
    LATERAL (SELECT %s::text AS name, %s::text AS zone) m,
    LATERAL (SELECT extract(year FROM e.at AT TIME ZONE m.zone - interval '3 months')::int AS year) y
    WHERE e.kind = 'collected'
    RETURNING id, entry_id, yen
)
INSERT INTO payments_papercharge (paper_id, charge_id, yen)
SELECT p.id, e.charge_id, p.yen FROM p JOIN payments_ledgerentry e ON e.id = p.entry_id
"""
_COUNTERS = """
INSERT INTO payments_papercounter (kind, fiscal_year, last)
SELECT kind, fiscal_year, max(serial) FROM payments_paper GROUP BY kind, fiscal_year
"""


class _Row(NamedTuple):
    ref: UUID
    room_id: int
    resident_id: int
    starts_at: datetime
    ends_at: datetime
    until: datetime
    booked_at: datetime
    purpose: str
    headcount: int
    applicant_class: str
    yen: int
    quote: str
    version_id: int
    payer: str
    title: str
    facility_id: int
    fiscal_year: int


def fill_past_year(*, hirers: Sequence[Hirer], clerk_id: int, before: date, chance: random.Random) -> int:
    """Write reservations for the 400 days before ``before`` (a local day), all used and paid. Returns how many.

    The municipality must have no reservations and no payments yet.
    """
    rows = list(_rows(hirers, before, chance))
    if not rows:
        return 0
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [*columns, clerk_id])
        municipality = connection.tenant  # type: ignore[attr-defined]
        cursor.execute(_RECEIPTS, [clerk_id, municipality.name, municipality.time_zone])
        cursor.execute(_COUNTERS)
    return len(rows)


def some_times(
    room: RoomFacts, day: date, chance: random.Random, full: float = 1.0
) -> Iterator[tuple[int, int]]:
    """Yield some of the times a room is lent on a day, in minutes; about a third of them when ``full`` is 1."""
    times = slots(room.rules_on(day), facility=room.facility_key, room=room.key, day=day)
    if times.kind == "slots":
        for slot in times.slots:
            if not slot.combines and chance.random() < 0.3 * full:
                yield slot.starts, slot.ends
    elif times.slots and chance.random() < 0.45 * full:
        opens, closes = times.slots[0].starts, times.slots[-1].ends
        starts = chance.randrange(opens, closes - 120, 60)
        yield starts, min(starts + chance.choice([120, 120, 180]), closes)


def _rows(hirers: Sequence[Hirer], before: date, chance: random.Random) -> Iterator[_Row]:
    rooms = [room for hall in Facility.objects.all() for room in rooms_of(hall.pk)]
    taken: dict[tuple[int, date], list[tuple[int, int]]] = {}
    for number in range(400, 0, -1):
        day = before - timedelta(days=number)
        for room in rooms:
            try:
                times = list(some_times(room, day, chance, _FULL[day.month]))
            except NoRulesYet:
                continue
            for starts, ends in times:
                row = _row(room, day, (starts, ends), chance.choice(hirers), chance)
                if row and _is_free(room, day, starts, ends + room.turnaround_minutes, taken):
                    yield row


def _is_free(
    room: RoomFacts, day: date, starts: int, until: int, taken: dict[tuple[int, date], list[tuple[int, int]]]
) -> bool:
    """Whether no room that shares a space has the time; from now on this one has it."""
    places = [taken.setdefault((space_id, day), []) for space_id in room.space_ids]
    if any(starts < other[1] and other[0] < until for place in places for other in place):
        return False
    for place in places:
        place.append((starts, until))
    return True


def _row(
    room: RoomFacts, day: date, span: tuple[int, int], hirer: Hirer, chance: random.Random
) -> _Row | None:
    resident, purpose, headcount = hirer
    starts_at, ends_at = (moment(day, minute, room.zone) for minute in span)
    booked_at = starts_at - timedelta(days=chance.randrange(10, 40))
    asker = Asker(resident.applicant_class, "web", booked_at)
    try:
        quote = firm_price(room, day, *span, asker)
    except NoPrice:
        return None
    return _Row(
        ref=UUID(int=chance.getrandbits(128), version=4),
        room_id=room.id,
        resident_id=resident.pk,
        starts_at=starts_at,
        ends_at=ends_at,
        until=room.occupied_until(ends_at),
        booked_at=booked_at,
        purpose=purpose,
        headcount=min(headcount, room.capacity or headcount),
        applicant_class=asker.class_in(room.rules_on(day)),
        yen=quote.total_yen,
        quote=orjson.dumps(quote.to_dict()).decode(),
        version_id=room.version_on(day),
        payer=resident.name,
        title=f"{room.facility_name} {room.name}",
        facility_id=room.facility_id,
        fiscal_year=fiscal_year_of(day),
    )
