"""Two hundred clients, one time: exactly one gets it, and without the guard more than one would."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from accounts.actors import Actor
from accounts.services import register_resident
from booking import services
from booking.claiming import lock_spaces
from booking.models import Claim, Reservation
from booking.services import book_room, confirm_reservation, hold_room
from facilities.details import Details
from facilities.models import RoomSpace
from facilities.queries import room_by_key
from tenants.context import inside
from tests.booking.conftest import WEDNESDAY, at
from tests.races.conftest import PATIENCE_SECONDS, outcomes, until

pytestmark = pytest.mark.race

OVERLAPS = """
SELECT count(*) FROM booking_claim a JOIN booking_claim b
  ON a.space_id = b.space_id AND a.id < b.id AND a.occupied && b.occupied AND a.active AND b.active
"""
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def overlaps():
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        return cursor.fetchone()[0]


def waiting_for_locks():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # what it shows stays the same within a transaction
        cursor.execute(WAITING)
        return cursor.fetchone()[0]


@pytest.fixture
def residents(committed_city):
    with inside(committed_city):
        return [register_resident(name=f"住民 {number}").pk for number in range(8)]


def hold_act(room_id, resident_id, starts, ends, now, day=WEDNESDAY):
    return lambda: hold_room(
        room_id=room_id,
        starts_at=at(starts, day),
        ends_at=at(ends, day),
        resident_id=resident_id,
        channel="web",
        actor=Actor("resident", resident_id),
        now=now,
    )


def book_act(room_id, resident_id, starts, ends, now):
    return lambda: book_room(
        room_id=room_id,
        starts_at=at(starts),
        ends_at=at(ends),
        resident_id=resident_id,
        channel="web",
        purpose="競争",
        details=Details(headcount=3),
        actor=Actor("resident", resident_id),
        now=now,
    )


def test_two_hundred_clients_on_one_slot_have_exactly_one_winner(committed_city, race, residents, now):
    with inside(committed_city):
        room = room_by_key("chuo-kominkan", "kenshu-1")
    acts = [hold_act(room.id, residents[n % 8], "10:00", "12:00", now) for n in range(200)]
    assert outcomes(race(acts)) == {"won": 1, "SlotTaken": 199}
    with inside(committed_city):
        assert Reservation.objects.count() == 1
        assert overlaps() == 0


def test_without_the_constraint_the_same_race_double_books(
    committed_city, race, residents, now, meet, monkeypatch
):
    """The bug the guard is there for: look first, then write, with neither lock nor constraint."""
    with inside(committed_city):
        room = room_by_key("chuo-kominkan", "kenshu-1")
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE booking_claim DROP CONSTRAINT claim_no_overlap")
    monkeypatch.setattr(services, "lock_spaces", meet(8))
    try:
        acts = [hold_act(room.id, residents[n], "10:00", "12:00", now) for n in range(8)]
        assert outcomes(race(acts)) == {"won": 8}
        with inside(committed_city):
            assert overlaps() > 0
    finally:
        with inside(committed_city), connection.schema_editor() as editor:
            editor.execute("TRUNCATE booking_claim CASCADE")
            editor.add_constraint(Claim, Claim._meta.constraints[0])


def test_the_constraint_alone_refuses_what_the_lock_would_have_prevented(
    committed_city, race, residents, now, meet, monkeypatch
):
    with inside(committed_city):
        room = room_by_key("chuo-kominkan", "kenshu-1")
    monkeypatch.setattr(services, "lock_spaces", meet(8))
    acts = [hold_act(room.id, residents[n], "10:00", "12:00", now) for n in range(8)]
    assert outcomes(race(acts)) == {"won": 1, "SlotTaken": 7}


def test_baskets_over_whole_and_half_never_overlap_nor_deadlock(committed_city, race, residents, now):
    """A whole hall, its half, and two more rooms, in every mixture and at shifted times."""
    with inside(committed_city):
        whole, half, *others = (
            room_by_key("chuo-kominkan", key) for key in ("kenshu-1", "kenshu-2", "kenshu-3", "kenshu-5")
        )
        RoomSpace.objects.create(room_id=whole.id, space_id=half.space_ids[0])
        whole = room_by_key("chuo-kominkan", "kenshu-1")
    mixtures = [[whole], [half], [whole, *others], [half, *others], [*others, half], [others[1], others[0]]]
    times = [("10:00", "12:00"), ("11:00", "13:00"), ("12:00", "14:00")]

    def basket(number):
        rooms = mixtures[number % len(mixtures)]
        space_ids = sorted({space_id for room in rooms for space_id in room.space_ids})

        def act():
            with transaction.atomic():
                with connection.cursor() as cursor:
                    lock_spaces(cursor, space_ids)
                for room in rooms:
                    book_act(room.id, residents[number % 8], *times[number % 3], now)()

        return act

    counted = outcomes(race([basket(number) for number in range(72)]))
    assert set(counted) <= {"won", "SlotTaken"}
    assert counted["won"] >= 1
    with inside(committed_city):
        assert overlaps() == 0


def test_an_expired_hold_goes_to_exactly_one_successor(committed_city, race, residents, now):
    with inside(committed_city):
        room = room_by_key("chuo-kominkan", "kenshu-1")
        first = hold_act(room.id, residents[0], "10:00", "12:00", now)()
    later = now + timedelta(minutes=10)
    counted = outcomes(
        race([hold_act(room.id, residents[n % 8], "10:00", "12:00", later) for n in range(40)])
    )
    assert counted == {"won": 1, "SlotTaken": 39}
    with inside(committed_city):
        assert Reservation.objects.get(pk=first.pk).status == "expired"


def test_a_hold_confirmed_by_many_clicks_is_confirmed_once(committed_city, race, residents, now):
    with inside(committed_city):
        room = room_by_key("chuo-kominkan", "kenshu-1")
        held = hold_act(room.id, residents[0], "10:00", "12:00", now)()

    def click():
        return confirm_reservation(
            ref=held.ref,
            purpose="競争",
            details=Details(headcount=3),
            actor=Actor("resident", residents[0]),
            now=now,
        )

    assert outcomes(race([click] * 12)) == {"won": 12}
    with inside(committed_city):
        assert Reservation.objects.get().transitions.filter(verb="confirm").count() == 1


def test_confirming_and_taking_over_cannot_both_win(committed_city, race, residents, now):
    """At the very end of the ten minutes either the holder confirms or the next person gets it."""
    with inside(committed_city):
        room = room_by_key("chuo-kominkan", "kenshu-1")
        held = hold_act(room.id, residents[0], "10:00", "12:00", now)()
    last_moment = now + timedelta(minutes=10) - timedelta(microseconds=1)

    def confirm():
        return confirm_reservation(
            ref=held.ref,
            purpose="",
            details=Details(headcount=3),
            actor=Actor("resident", residents[0]),
            now=last_moment,
        )

    take = hold_act(room.id, residents[1], "10:00", "12:00", now + timedelta(minutes=10))
    counted = outcomes(race([confirm, take] * 6))
    assert set(counted) <= {"won", "SlotTaken", "HoldExpired"}
    with inside(committed_city):
        assert Reservation.objects.filter(status__in=["hold", "confirmed"]).count() == 1
        assert overlaps() == 0


def test_a_rolled_back_winner_frees_the_waiters_at_once(committed_city, race, residents, now):
    """Nineteen wait for one transaction that rolls back: one of them wins, none dies in a deadlock."""
    with inside(committed_city):
        room = room_by_key("chuo-kominkan", "kenshu-1")

    written = threading.Event()

    def give_up():
        with transaction.atomic():
            book_act(room.id, residents[0], "10:00", "12:00", now)()
            written.set()
            until(lambda: waiting_for_locks() == 19)
            transaction.set_rollback(True)

    def come_later(resident_id):
        written.wait(PATIENCE_SECONDS)
        return book_act(room.id, resident_id, "10:00", "12:00", now)()

    acts = [give_up] + [lambda n=n: come_later(residents[n % 8]) for n in range(19)]
    assert outcomes(race(acts)) == {"won": 2, "SlotTaken": 18}  # giving up counts as won
    with inside(committed_city):
        assert Reservation.objects.count() == 1
        assert overlaps() == 0
