"""Rows 1 and 2: many clients for few times, and a roll-back with a queue behind it."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import islice

import psycopg
from django.db import connection, connections, transaction
from django.utils import timezone

from accounts.actors import Actor
from bench.bare import racing as limit
from bench.comparing import Row, in_turn, median
from bench.crowd import Outcome, crowd
from bench.load import Result, drive
from bench.stage import Stage, say
from bench.wishes import Wish, Wishes, booking_request
from booking import records
from booking.applications import Assessed, assess
from booking.claiming import LOOK, lock_spaces
from booking.errors import SlotTaken
from booking.services import book_room
from facilities.details import Details
from facilities.queries import room_facts
from facilities.room_rules import Asker
from tenants.context import inside

CLIENTS, SLOTS, WAITERS = 200, 50, 20
MUST_WALL, MUST_STORM = 3.0, 100.0

_WON = "SELECT count(*) FROM booking_claim WHERE active AND space_id = %s AND occupied = tstzrange(%s, %s)"
_OVERLAPS = """
SELECT count(*) FROM booking_claim a JOIN booking_claim b ON a.id < b.id AND a.active AND b.active
 AND int8range(a.space_id, a.space_id, '[]') && int8range(b.space_id, b.space_id, '[]') AND a.occupied && b.occupied
WHERE lower(a.occupied) > now()
"""
_DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


def race(stage: Stage) -> list[Row]:
    """200 clients for 50 slots: over HTTP, through the services, and the database's part against the bare limit."""
    _ = stage.residents
    wishes = Wishes(stage)
    deadlocks = _deadlocks(stage)
    http = _over_http(stage, wishes)
    services = _check(stage, wishes, partial(_through_services, stage))
    connections.close_all()
    with stage.connect() as own:
        own.execute(limit.SCHEMA)
    bare, product = in_turn(
        partial(_bare, stage, wishes),
        partial(_check, stage, wishes, partial(_database_part, stage)),
        rounds=stage.rounds,
    )
    deadlocks = _deadlocks(stage) - deadlocks
    overlaps = _overlaps(stage)
    one, other = median([run.seconds for run in bare]), median([run.seconds for run in product])
    clean = not overlaps and not deadlocks
    attempts = CLIENTS * SLOTS
    return [
        Row(
            "1",
            f"race, {CLIENTS} clients for {SLOTS} slots over HTTP ({attempts:,} attempts)",
            "-",
            f"{http.statuses[201]} winners, {overlaps} overlaps, {deadlocks} deadlocks, {http.server_errors} 5xx, "
            f"{http.seconds:.1f} s",
            "-",
            f"{SLOTS}, 0, 0, 0",
            clean and http.statuses[201] == SLOTS and http.statuses[409] == attempts - SLOTS,
        ),
        Row(
            "1 services",
            "the same through the services, threads",
            "-",
            f"{services.counted['won']} winners, {services.seconds:.1f} s",
            "-",
            f"{SLOTS}, no other refusal",
            clean and services.counted == {"won": SLOTS, "taken": attempts - SLOTS},
        ),
        Row(
            "1 wall",
            "the same, the booking's own statements only (look, lock, write)",
            f"ON CONFLICT {one:.2f} s",
            f"{other:.2f} s",
            f"{other / one:.2f}",
            f"<= {MUST_WALL:.0f}",
            other / one <= MUST_WALL and all(run.counted["won"] == SLOTS for run in product),
        ),
    ]


def _take(wishes: Wishes) -> list[Wish]:
    taken = list(islice(wishes.ahead(), SLOTS))
    wishes.use(SLOTS)
    return taken


def _over_http(stage: Stage, wishes: Wishes) -> Result:
    slots = _take(wishes)
    chance = random.Random(4)
    requests = [
        booking_request(
            slot, stage.residents[client % len(stage.residents)], client, chance=random.SystemRandom()
        )
        for slot in slots
        for client in chance.sample(range(CLIENTS), CLIENTS)
    ]
    connections.close_all()
    with stage.product() as product:
        result = drive(product.port, lambda: requests, connections=CLIENTS, expected=(201, 409))
    _count_winners(stage, slots)
    return result


def _check(stage: Stage, wishes: Wishes, run: Callable[[list[Wish]], Outcome]) -> Outcome:
    slots = _take(wishes)
    outcome = run(slots)
    _count_winners(stage, slots)
    return outcome


def _count_winners(stage: Stage, slots: list[Wish]) -> None:
    with stage.connect(stage.town.schema_name) as own:
        for slot in slots:
            (won,) = own.execute(_WON, [slot.space, *_period(slot)]).fetchone() or (0,)
            if won != 1:
                raise RuntimeError(f"{won} winners for one slot")


def _period(slot: Wish) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(slot.starts_at), datetime.fromisoformat(slot.ends_at)


def _book(stage: Stage, slot: Wish, who: int) -> None:
    starts_at, ends_at = _period(slot)
    book_room(
        room_id=slot.room,
        starts_at=starts_at,
        ends_at=ends_at,
        resident_id=who,
        channel="web",
        purpose="競争",
        details=Details(headcount=5),
        actor=Actor("resident", who),
        now=timezone.now(),
    )


def _through_services(stage: Stage, slots: list[Wish]) -> Outcome:
    who = [one.resident_id for one in stage.residents]

    def attempt(slot: Wish, number: int) -> str:
        with inside(stage.town):
            try:
                _book(stage, slot, who[number % len(who)])
            except SlotTaken:
                return "taken"
        return "won"

    connections.close_all()
    return crowd(
        CLIENTS,
        enter=lambda: threading.get_ident(),
        attempts=[partial(attempt, slot) for slot in slots],
        leave=lambda _place: connections.close_all(),
    )


def _database_part(stage: Stage, slots: list[Wish]) -> Outcome:
    """What a booking writes to win or lose: the product's own functions on a plain connection."""
    now = timezone.now()
    who = stage.residents[0].resident_id
    with inside(stage.town):
        assessed = [_assessed(slot, now) for slot in slots]
    new = records.NewReservation(resident_id=who, status="confirmed", purpose="競争")

    def attempt(one: Assessed, own: psycopg.Connection) -> str:
        spaces, period = one.room.space_ids, (one.starts_at, one.occupied_until)
        try:
            seen = own.execute(LOOK, [now, now, list(spaces), *period]).fetchone()
            if seen and seen[0]:
                return "taken"
            with own.transaction(), own.cursor() as cursor:
                lock_spaces(cursor, spaces)
                records.insert(cursor, one, new, Actor("resident", who), now)
        except SlotTaken:
            return "taken"
        return "won"

    connections.close_all()
    return crowd(
        CLIENTS,
        enter=partial(stage.connect, stage.town.schema_name),
        attempts=[partial(attempt, one) for one in assessed],
        leave=lambda own: own.close(),
    )


def _assessed(slot: Wish, now: datetime) -> Assessed:
    starts_at, ends_at = _period(slot)
    return assess(
        room=room_facts(slot.room),
        starts_at=starts_at,
        ends_at=ends_at,
        asker=Asker("", "web", now, Details(headcount=5)),
    )


def _bare(stage: Stage, wishes: Wishes) -> Outcome:
    periods = [(slot.space, *_period(slot)) for slot in _take(wishes)]

    def attempt(period: tuple[int, datetime, datetime], own: psycopg.Connection) -> str:
        return "won" if limit.attempt(own, *period) else "taken"

    return crowd(
        CLIENTS,
        enter=stage.connect,
        attempts=[partial(attempt, period) for period in periods],
        leave=lambda own: own.close(),
    )


def _deadlocks(stage: Stage) -> int:
    with stage.connect() as own:
        row = own.execute(_DEADLOCKS).fetchone()
    return int(row[0]) if row else 0


def _overlaps(stage: Stage) -> int:
    with stage.connect(stage.town.schema_name) as own:
        row = own.execute(_OVERLAPS).fetchone()
    return int(row[0]) if row else 0


def storm(stage: Stage) -> list[Row]:
    """One booking is rolled back with 20 waiting behind it: how soon the next one has the time."""
    _ = stage.residents
    wishes = Wishes(stage)
    deadlocks = _deadlocks(stage)
    taken = [_storm(stage, _take(wishes)[0]) for _ in range(stage.rounds)]
    deadlocks = _deadlocks(stage) - deadlocks
    winner = median([run[0] for run in taken])
    counted = [run[1] for run in taken]
    clean = not deadlocks and all(one == {"won": 1, "taken": WAITERS - 1} for one in counted)
    return [
        Row(
            "2",
            f"roll-back storm, {WAITERS} waiters, through the services",
            "-",
            f"winner after {winner:.1f} ms, {deadlocks} deadlocks",
            "-",
            f"< {MUST_STORM:.0f} ms, 0",
            clean and winner < MUST_STORM,
            "" if clean else f"outcomes: {counted}",
        )
    ]


def _storm(stage: Stage, slot: Wish) -> tuple[float, dict[str, int]]:
    """Milliseconds from the roll-back to the winner's commit, and the outcomes."""
    who = [one.resident_id for one in stage.residents]
    won_at: list[float] = []
    counted: dict[str, int] = {}
    ready = threading.Barrier(WAITERS + 1)

    def wait_for_it(number: int) -> None:
        try:
            with inside(stage.town):
                connection.ensure_connection()
                ready.wait()
                outcome = _try(number)
        finally:
            connections.close_all()
        counted[outcome] = counted.get(outcome, 0) + 1

    def _try(number: int) -> str:
        try:
            _book(stage, slot, who[number])
        except SlotTaken:
            return "taken"
        except Exception as error:
            return type(error).__name__
        won_at.append(time.perf_counter())
        return "won"

    threads = [threading.Thread(target=wait_for_it, args=(number,)) for number in range(WAITERS)]
    with inside(stage.town), transaction.atomic():
        _book(stage, slot, who[-1])
        for thread in threads:
            thread.start()
        ready.wait()
        _until_all_wait(stage)
        transaction.set_rollback(True)
        released = time.perf_counter()
    for thread in threads:
        thread.join()
    return (min(won_at, default=float("inf")) - released) * 1000, counted


def _until_all_wait(stage: Stage) -> None:
    question = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    deadline = time.monotonic() + 20
    with stage.connect() as own:
        while time.monotonic() < deadline:
            row = own.execute(question).fetchone()
            if row and row[0] >= WAITERS:
                return
            time.sleep(0.01)
    say("Not all were waiting.")
