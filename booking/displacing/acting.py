"""One act takes the rooms and moves, asks or cancels every booking in the way; all of it or nothing.

What was shown and what is done agree: under the locks the list of who is hit is read again, and when it is not the
one that was decided about, nothing happens and staff see the new one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from accounts.actors import Actor
from booking import records
from booking.applications import Assessed
from booking.change_terms import NewUse, assess_change, terms_of
from booking.claiming import take_over_expired
from booking.displacing.answering import cancel_for_the_hall
from booking.displacing.errors import AlternativeGone, AnswerTimeUnfit, ChoiceMissing, HitsChanged
from booking.displacing.looking import Taking, hit_rows
from booking.errors import SlotTaken
from booking.models import Claim, Closure, Displaced, Displacement, Reservation
from booking.moving import Moving, free_claims, lock_payment, move, take_spaces
from booking.transactions import one_transaction
from facilities.queries import RoomFacts, rooms_among
from tenants.errors import Refusal

Status = Reservation.Status
Outcome = Displaced.Outcome

# What is left of the time beside what stands there rightly: another closure, or tidying up after a use that is over.
_CLOSE = """
INSERT INTO booking_claim (closure_id, space_id, occupied, active)
SELECT %s, s.id, piece, true FROM unnest(%s::bigint[]) s(id) CROSS JOIN LATERAL unnest(
    tstzmultirange(tstzrange(%s, %s)) - coalesce((
        SELECT range_agg(c.occupied) FROM booking_claim c
        WHERE int8range(c.space_id, c.space_id, '[]') && int8range(s.id, s.id, '[]')
          AND c.occupied && tstzrange(%s, %s) AND c.active
    ), '{}'::tstzmultirange)) piece
ORDER BY s.id, piece ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to become of one booking: moved at once, asked (the new time is kept for it until it answers), or
    cancelled. Where and when to, unless it is cancelled."""

    verdict: Literal["move", "ask", "cancel"]
    room_id: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Act:
    """Who takes the rooms, when, what for; and until when those who are asked answer."""

    taking: Taking
    actor: Actor
    now: datetime
    answer_by: datetime | None


def displace(
    *,
    taking: Taking,
    choices: Mapping[UUID, Choice],
    seen: Mapping[UUID, int],
    appeal_notice: str,
    answer_by: datetime | None,
    staff_id: int,
    now: datetime,
) -> Displacement:
    """Take rooms for official use; every booking that is hit is moved, asked or cancelled as chosen, in one act.

    ``seen``: the bookings that were decided about, with their sequence. Everything that was paid comes back where a
    booking is cancelled, a higher price is not asked for where it is moved, and no penalty follows. Holds are given
    up. ``answer_by``: until when those who are asked answer; after that their booking is cancelled.
    Raises HitsChanged, AlternativeGone (facts["number"]), ChoiceMissing, AnswerTimeUnfit, RoomNotFound,
    InvalidPeriod, ReasonMissing.
    """
    rooms = taking.rooms()
    if set(choices) != set(seen):
        raise ChoiceMissing
    act = _Act(taking, Actor("staff", staff_id), now, answer_by)
    targets = _targets(choices, act)
    with one_transaction(), connection.cursor() as cursor:
        rows = _lock(cursor, rooms, targets, act)
        standing = _compare(rows, seen, act)
        uses = {row.pk: _assess(row, targets[row.ref], act) for row in standing if row.ref in targets}
        _give_up_holds(rows, act)
        free_claims([row.pk for row in rows])
        closure = _close(cursor, rooms, act)
        displacement = Displacement.objects.create(
            closure=closure, appeal_notice=appeal_notice.strip(), decided_by_id=staff_id, decided_at=now
        )
        for row in rows:
            if row.status == Status.EXPIRED:
                _note(displacement, row, Outcome.RELEASED)
        for row in standing:
            choice = choices[row.ref]
            _carry_out(cursor, displacement, row, uses.get(row.pk), choice, act)
    return displacement


def _targets(choices: Mapping[UUID, Choice], act: _Act) -> dict[UUID, NewUse]:
    """Where each booking goes that is not cancelled."""
    rooms = rooms_among({choice.room_id for choice in choices.values() if choice.room_id})
    targets = {}
    for ref, choice in choices.items():
        if choice.verdict == "cancel":
            continue
        if choice.room_id not in rooms or choice.starts_at is None or choice.ends_at is None:
            raise ChoiceMissing
        targets[ref] = NewUse(rooms[choice.room_id], choice.starts_at, choice.ends_at, by_hall=True)
        unfit = act.answer_by is None or not act.now < act.answer_by < choice.starts_at
        if choice.verdict == "ask" and unfit:
            raise AnswerTimeUnfit
    return targets


def _lock(
    cursor: Any, rooms: Sequence[RoomFacts], targets: Mapping[UUID, NewUse], act: _Act
) -> list[Reservation]:
    """Lock all spaces in one order, then read who is hit. Nobody can take these spaces any more."""
    space_ids = {space_id for room in rooms for space_id in room.space_ids}
    take_spaces(
        cursor, space_ids | {one for use in targets.values() for one in use.room.space_ids}, [], now=act.now
    )
    period = (act.taking.starts_at, act.taking.ends_at)
    take_over_expired(cursor, sorted(space_ids), *period, act.now)
    for use in targets.values():
        until = use.room.occupied_until(use.ends_at)
        take_over_expired(cursor, use.room.space_ids, use.starts_at, until, act.now)
    return hit_rows(cursor, rooms, act.taking, act.now)


def _compare(rows: Sequence[Reservation], seen: Mapping[UUID, int], act: _Act) -> list[Reservation]:
    """The bookings that stand, locked; if they are the ones that were decided about. Raises HitsChanged."""
    standing = [row for row in rows if row.status != Status.HOLD]
    if {row.ref: row.sequence for row in standing} != dict(seen):
        raise HitsChanged
    try:
        return [records.lock_as_seen(row, act.now) for row in standing]
    except Refusal as refusal:
        raise HitsChanged from refusal


def _assess(row: Reservation, use: NewUse, act: _Act) -> Assessed:
    """The new time as staff take it, whatever windows say; what a room cannot hold stays impossible."""
    try:
        return assess_change(row, use, channel="desk", now=act.now, override=True)
    except Refusal as refusal:
        raise AlternativeGone(f"{row.number}：{refusal.message}", number=row.number) from refusal


def _give_up_holds(rows: Sequence[Reservation], act: _Act) -> None:
    for row in rows:
        if row.status == Status.HOLD and not records.end(
            row, verb="release", actor=act.actor, reason=act.taking.reason, now=act.now
        ):
            raise HitsChanged


def _close(cursor: Any, rooms: Sequence[RoomFacts], act: _Act) -> Closure:
    taking = act.taking
    space_ids = sorted({space_id for room in rooms for space_id in room.space_ids})
    period = (taking.starts_at, taking.ends_at)
    closure = Closure.objects.create(
        facility_id=taking.facility_id,
        kind=Closure.Kind(taking.kind),
        starts_at=taking.starts_at,
        ends_at=taking.ends_at,
        reason=taking.reason.strip(),
        created_by_id=act.actor.id,
        created_at=act.now,
    )
    # What was cancelled and is kept for those who wait is not kept from official use; locked in ascending order.
    kept = Claim.objects.filter(
        release__isnull=False, active=True, space_id__in=space_ids, occupied__overlap=period
    )
    locked = [claim.pk for claim in kept.select_for_update(no_key=True).order_by("pk")]
    Claim.objects.filter(pk__in=locked).update(active=False)
    cursor.execute(_CLOSE, [closure.pk, space_ids, *period, *period])
    return closure


def _carry_out(
    cursor: Any,
    displacement: Displacement,
    row: Reservation,
    assessed: Assessed | None,
    choice: Choice,
    act: _Act,
) -> None:
    """Move or cancel one locked booking whose claims were given up. Raises AlternativeGone."""
    _supersede(row)
    if assessed is None:
        _note(displacement, row, Outcome.CANCELLED)
        cancel_for_the_hall(row, reason=act.taking.reason, actor=act.actor, now=act.now)
        return
    asked = choice.verdict == "ask"
    _note(displacement, row, Outcome.OFFERED if asked else Outcome.MOVED, act.answer_by if asked else None)
    terms = terms_of(
        row, assessed, payment=lock_payment(row.ref), actor_is_staff=True, waived=True, now=act.now
    )
    facts = {}
    if asked and act.answer_by:
        facts = {"until": act.answer_by.isoformat(), "path": f"/my/r/{row.ref}/answer/"}
    moving = Moving(
        act.actor,
        act.taking.reason.strip(),
        act.now,
        own=False,
        verb="ask" if asked else "move",
        notice="displacement_proposed" if asked else "displaced_moved",
        facts=facts,
    )
    try:
        move(cursor, row, terms, moving)
    except SlotTaken as refusal:
        raise AlternativeGone(f"{row.number}：{refusal.message}", number=row.number) from refusal


def _supersede(row: Reservation) -> None:
    """An earlier proposal that was not answered yet is no longer what is asked."""
    Displaced.objects.filter(reservation_id=row.pk, outcome=Outcome.OFFERED).update(outcome=Outcome.LAPSED)


def _note(
    displacement: Displacement,
    row: Reservation,
    outcome: Displaced.Outcome,
    answer_by: datetime | None = None,
) -> None:
    Displaced.objects.create(
        displacement=displacement,
        reservation_id=row.pk,
        old_room_id=row.room_id,
        old_starts_at=row.starts_at,
        old_ends_at=row.ends_at,
        outcome=outcome,
        answer_by=answer_by,
    )
