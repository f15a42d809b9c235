"""How much one applicant may have: counted under a lock, so that two requests at once cannot both slip under."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from booking.applications import Assessed
from booking.errors import OutsideRules
from facilities.ordinance import Held, count_held, period_of
from facilities.ordinance.document.application_clauses import Limit
from facilities.periods import local, local_end, moment
from facilities.queries import RoomFacts
from facilities.room_rules import decide, limits_on
from payments.queries import payment_states

# A run of days is looked for this far to both sides of the day of use.
_LONGEST_RUN_DAYS = 62

_LOCK_HALL = "SELECT 1 FROM facilities_facility WHERE id = %s FOR NO KEY UPDATE"
_LOCK_RESIDENT = "SELECT 1 FROM accounts_resident WHERE id = %s FOR NO KEY UPDATE"

_HELD = """
SELECT f.key, r.key, b.starts_at, b.ends_at, b.created_at, b.ref::text, b.applicant_class, b.channel,
       b.purpose_key, b.headcount, b.answers::text
FROM booking_reservation b JOIN facilities_room r ON r.id = b.room_id JOIN facilities_facility f ON f.id = r.facility_id
WHERE (b.status = 'confirmed' OR (b.status = 'hold' AND b.held_until > %(now)s))
  AND (b.resident_id = %(resident)s OR %(resident)s IS NULL)
  AND b.id IS DISTINCT FROM %(besides)s
  AND ((b.starts_at < %(until)s AND b.ends_at > %(since)s) OR b.created_at BETWEEN %(since)s AND %(until)s)
"""


def refuse_over_limit(
    cursor: Any, assessed: Assessed, *, resident_id: int, now: datetime, besides: int | None = None
) -> None:
    """Refuse an application that would exceed a limit of the rules. Call it inside the booking's transaction.

    Whoever counts holds the applicant's row (and the hall's, where everybody's uses count together) until the
    transaction ends, and takes it before any space. ``besides``: the reservation that is being changed.
    Raises OutsideRules with the limits that are exceeded.
    """
    limits = limits_on(assessed.room, assessed.day)
    if not limits:
        return
    if any(limit.whose == "everyone" for limit in limits):
        cursor.execute(_LOCK_HALL, [assessed.room.facility_id])
    cursor.execute(_LOCK_RESIDENT, [resident_id])
    _refuse_more(cursor, limits, assessed, resident_id, besides, now)


def foresee_over_limit(
    assessed: Assessed, *, resident_id: int, now: datetime, besides: int | None = None
) -> None:
    """Tell before the last step what ``refuse_over_limit`` would refuse now; it locks nothing and decides nothing.

    Raises OutsideRules with the limits that are exceeded.
    """
    limits = limits_on(assessed.room, assessed.day)
    if limits:
        with connection.cursor() as cursor:
            _refuse_more(cursor, limits, assessed, resident_id, besides, now)


def _refuse_more(
    cursor: Any,
    limits: Sequence[Limit],
    assessed: Assessed,
    resident_id: int,
    besides: int | None,
    now: datetime,
) -> None:
    counts: dict[str, int | Fraction] = {}
    run_days = None
    for limit in limits:
        owner = None if limit.whose == "everyone" else resident_id
        held = _held(cursor, limit, assessed, owner, besides, now)
        if limit.per == "run":
            run_days = _run_days(assessed, held)
            continue
        counts[limit.key] = count_held(
            assessed.room.rules_on(assessed.day),
            limit,
            facility=assessed.room.facility_key,
            room=assessed.room.key,
            day=assessed.day,
            now=now,
            held=held,
        )
    room, day, asker = assessed.room, assessed.day, assessed.asker
    answer = decide(room, day, assessed.starts, assessed.ends, asker, counts=counts, run_days=run_days)
    over = [reason for reason in answer.reasons if reason.code == "limit"]
    if over:
        raise OutsideRules(over)


def _held(
    cursor: Any, limit: Limit, assessed: Assessed, owner: int | None, besides: int | None, now: datetime
) -> list[Held]:
    """The uses that can count: those of the period, and with ``per: always`` all that are still to come."""
    room = assessed.room
    since, until = _reach(limit, assessed.day, local(now, room.zone)[0])
    cursor.execute(
        _HELD,
        {
            "now": now,
            "resident": owner,
            "besides": besides,
            "since": moment(since, 0, room.zone),
            "until": moment(until + timedelta(days=1), 0, room.zone),
        },
    )
    rows = cursor.fetchall()
    paid = _paid([UUID(row[5]) for row in rows]) if limit.unpaid_only else set()
    return [_as_held(row, room, paid=row[5] in paid) for row in rows]


def _paid(refs: Sequence[UUID]) -> set[str]:
    """Of these reservations, those that were charged and have nothing left to pay."""
    return {str(ref) for ref, state in payment_states(refs).items() if state.state != "unpaid"}


def _reach(limit: Limit, day: date, today: date) -> tuple[date, date]:
    if limit.per == "always":
        return today - timedelta(days=1), today + timedelta(days=3660)
    if limit.per == "run":
        return day - timedelta(days=_LONGEST_RUN_DAYS), day + timedelta(days=_LONGEST_RUN_DAYS)
    return period_of(limit, day if limit.by == "use" else today) or (day, day)


def _as_held(row: Sequence[Any], room: RoomFacts, *, paid: bool) -> Held:
    (
        facility,
        key,
        starts_at,
        ends_at,
        created_at,
        ref,
        applicant_class,
        channel,
        purpose,
        headcount,
        answers,
    ) = row
    day, starts = local(starts_at, room.zone)
    return Held(
        facility=facility,
        room=key,
        day=day,
        starts=starts,
        ends=local_end(ends_at, day, room.zone),
        booked=local(created_at, room.zone)[0],
        application=ref,
        applicant_class=applicant_class,
        channel=channel,
        purpose=purpose or None,
        headcount=headcount,
        answers=orjson.loads(answers),
        paid=paid,
    )


def _run_days(assessed: Assessed, held: Iterable[Held]) -> int:
    """How many days in a row the room would be had, with the day applied for."""
    place = (assessed.room.facility_key, assessed.room.key)
    days = {one.day for one in held if (one.facility, one.room) == place} | {assessed.day}
    length = 1
    for step in (timedelta(days=-1), timedelta(days=1)):
        day = assessed.day + step
        while day in days:
            day, length = day + step, length + 1
    return length
