"""How much one applicant may have: counted under a lock, so that two requests at once cannot both slip under.

All limits of all things applied for at once are counted from one query; the counting itself is pure
(facilities.ordinance.over_limits).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from booking.applications import Assessed
from booking.circles import ALL_HALLS, Circle, circle_of
from booking.parties import Party
from facilities.ordinance import Held, Reason, Rules, Wanted, facts_of_application, over_limits, period_of
from facilities.ordinance.document.application_clauses import Limit
from facilities.periods import local, local_end, moment
from facilities.room_rules import limits_on
from payments.queries import payment_states
from tenants.context import current_zone

# A run of days is looked for this far to both sides of the day of use.
_LONGEST_RUN_DAYS = 62
_FAR_AHEAD_DAYS = 3660

# What is applied for at once is one application, whatever it will be called.
_TOGETHER = "together"

_HELD = """
SELECT f.key, r.key, b.starts_at, b.ends_at, b.early_minutes, b.extension_minutes, b.created_at, b.ref,
       b.application_id, b.resident_id, b.group_id, b.applicant_class, b.channel, b.purpose_key, b.headcount,
       b.answers::text
FROM booking_reservation b JOIN facilities_room r ON r.id = b.room_id JOIN facilities_facility f ON f.id = r.facility_id
WHERE b.id IN ({branches}) AND b.id <> ALL(%(besides)s::bigint[])
  AND (b.status IN ('confirmed', 'applied') OR (b.status = 'hold' AND b.held_until > %(now)s))
"""
_FROM = "SELECT id FROM booking_reservation WHERE"
_OF_CIRCLE = "(resident_id = ANY(%(residents)s::bigint[]) OR group_id = ANY(%(groups)s::bigint[]))"
_OF_HALLS = """room_id IN (SELECT r.id FROM facilities_room r JOIN facilities_facility f ON f.id = r.facility_id
                           WHERE f.key = ANY(%(halls)s) OR %(all_halls)s)"""
_USED = "starts_at < %({0}_until)s AND ends_at > %({0}_since)s"
_BOOKED = "created_at BETWEEN %({0}_since)s AND %({0}_until)s"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A limit that can matter for one of the things applied for."""

    limit: Limit
    assessed: Assessed
    rules: Rules

    @property
    def halls(self) -> set[str]:
        """The keys of the halls where everyone's uses count together under it."""
        room = self.assessed.room
        if self.limit.whose != "everyone":
            return set()
        if self.limit.across == "everywhere":
            return {ALL_HALLS}
        if self.limit.across != "rules":
            return {room.facility_key}
        own = self.rules.room(room.facility_key, room.key).application
        return {
            key
            for key, hall in self.rules.facilities.items()
            if any(one.application is own for one in hall.rooms.values())
        }

    def reach(self, today: date) -> tuple[date, date]:
        """The first and the last day of what can count beside the use: days of use, or of application."""
        day = self.assessed.day
        if self.limit.per == "always":
            return today - timedelta(days=1), today + timedelta(days=_FAR_AHEAD_DAYS)
        if self.limit.per == "run":
            return day - timedelta(days=_LONGEST_RUN_DAYS), day + timedelta(days=_LONGEST_RUN_DAYS)
        return period_of(self.limit, day if self.limit.by == "use" else today) or (day, day)


@dataclass(frozen=True, slots=True)
class _Row:
    """A reservation that can count."""

    facility: str
    room: str
    starts_at: datetime
    ends_at: datetime
    early_minutes: int
    extension_minutes: int
    created_at: datetime
    ref: UUID
    application_id: int | None
    resident_id: int
    group_id: int | None
    applicant_class: str
    channel: str
    purpose_key: str
    headcount: int | None
    answers: str


def exceeded(
    cursor: Any,
    wanted: Sequence[Assessed],
    party: Party,
    *,
    now: datetime,
    besides: Collection[int] = (),
    lock: bool = True,
) -> Mapping[int, Sequence[Reason]]:
    """Return which of several things applied for at once exceed a limit of the rules, by their place, and which.

    Each later one counts those before it that are within the limits. Whoever counts holds the rows of those whose uses
    count together until the transaction ends, and takes them before any space; ``lock`` False tells beforehand and
    decides nothing. ``besides``: reservations that are being changed and do not count.
    """
    asked = [
        _Asked(limit, one, one.room.rules_on(one.day))
        for one in wanted
        for limit in limits_on(one.room, one.day)
    ]
    if not asked:
        return {}
    halls = {key for each in asked for key in each.halls}
    whose: set[str] = {each.limit.whose for each in asked}
    circle = circle_of(cursor, party, whose, halls, lock=lock)
    rows = _rows(cursor, asked, circle, halls, now, besides)
    paid = _paid(rows) if any(each.limit.unpaid_only for each in asked) else set()
    uses = [(row, _as_held(row, paid)) for row in rows]
    held = {
        word: [use for row, use in uses if circle.counts(word, row.resident_id, row.group_id)]
        for word in whose
    }
    return over_limits([_as_wanted(one, now) for one in wanted], held, now=now)


def _rows(
    cursor: Any,
    asked: Sequence[_Asked],
    circle: Circle,
    halls: Collection[str],
    now: datetime,
    besides: Collection[int],
) -> list[_Row]:
    """Every reservation that can count under one of the limits, read at once."""
    zone = current_zone()
    values: dict[str, Any] = {
        "now": now,
        "besides": list(besides),
        "residents": sorted(circle.household),
        "groups": sorted(circle.groups),
        "halls": list(halls),
        "all_halls": ALL_HALLS in halls,
    }
    branches: list[str] = []
    for scope, everyone in ((_OF_CIRCLE, False), (_OF_HALLS, True)):
        for by, when in (("use", _USED), ("booked", _BOOKED)):
            found = [
                each.reach(local(now, zone)[0])
                for each in asked
                if (each.limit.whose == "everyone") is everyone and each.limit.by == by
            ]
            if found:
                name = f"{by}_{len(branches)}"
                values[f"{name}_since"] = moment(min(first for first, _ in found), 0, zone)
                values[f"{name}_until"] = moment(max(last for _, last in found), 1440, zone)
                branches.append(f"{_FROM} {scope} AND {when.format(name)}")
    cursor.execute(_HELD.format(branches=" UNION ALL ".join(branches)), values)
    return [_Row(*row) for row in cursor.fetchall()]


def _paid(rows: Sequence[_Row]) -> set[UUID]:
    """The reservations that were charged and have nothing left to pay."""
    return {
        ref for ref, state in payment_states([row.ref for row in rows]).items() if state.state != "unpaid"
    }


def _as_held(row: _Row, paid: Collection[UUID]) -> Held:
    """A reservation as the rules count it: without what it was made longer by."""
    zone = current_zone()
    day, starts = local(row.starts_at, zone)
    return Held(
        facility=row.facility,
        room=row.room,
        day=day,
        starts=starts + row.early_minutes,
        ends=local_end(row.ends_at, day, zone) - row.extension_minutes,
        booked=local(row.created_at, zone)[0],
        application=str(row.application_id or row.ref),
        applicant_class=row.applicant_class,
        channel=row.channel,
        purpose=row.purpose_key or None,
        headcount=row.headcount,
        answers=orjson.loads(row.answers),
        paid=row.ref in paid,
    )


def _as_wanted(assessed: Assessed, now: datetime) -> Wanted:
    room, asker, details = assessed.room, assessed.asker, assessed.asker.details
    rules = room.rules_on(assessed.day)
    starts, ends = assessed.starts + details.early_minutes, assessed.ends - details.extension_minutes
    facts = facts_of_application(
        rules,
        facility=room.facility_key,
        room=room.key,
        day=assessed.day,
        starts=starts,
        ends=ends,
        applicant_class=assessed.applicant_class,
        channel=asker.channel_in_rules,
        now=asker.now,
        purpose=details.purpose or None,
        answers=details.answers,
        numbers={"headcount": details.headcount},
    )
    use = Held(
        facility=room.facility_key,
        room=room.key,
        day=assessed.day,
        starts=starts,
        ends=ends,
        booked=local(now, room.zone)[0],
        application=_TOGETHER,
        applicant_class=assessed.applicant_class,
        channel=asker.channel_in_rules,
        purpose=details.purpose or None,
        headcount=details.headcount,
        answers=details.answers,
    )
    return Wanted(rules, use, facts)
