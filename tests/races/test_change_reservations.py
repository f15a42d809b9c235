"""A booking that is changed by two at once, or while it is cancelled, taken or swapped: nothing lost, nothing twice."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from accounts.actors import Actor
from accounts.services import register_resident
from booking import changing, moving, records
from booking.cancelling import cancel_reservation
from booking.changing import change_reservation
from booking.models import Change, Claim, Reservation
from facilities.queries import room_by_key
from tenants.context import inside
from tests.booking.conftest import at
from tests.races.conftest import PATIENCE_SECONDS, outcomes
from tests.races.test_one_winner import book_act, overlaps

pytestmark = pytest.mark.race


@pytest.fixture
def rooms(committed_city):
    return [room_by_key("chuo-kominkan", key) for key in ("kenshu-1", "kenshu-2")]


@pytest.fixture
def residents(committed_city):
    return [register_resident(name=f"住民 {number}").pk for number in range(2)]


@pytest.fixture
def booked(rooms, residents, now):
    """Two bookings from 10:00 to 12:00, each resident in a room of their own."""
    return [
        book_act(room.id, resident, "10:00", "12:00", now)()
        for room, resident in zip(rooms, residents, strict=True)
    ]


def change_act(reservation, room, starts, ends, now):
    return lambda: change_reservation(
        ref=reservation.ref,
        room_id=room.id,
        starts_at=at(starts),
        ends_at=at(ends),
        details=None,
        actor=Actor("resident", reservation.resident_id),
        now=now,
    )


def before_locking(monkeypatch, meet):
    """Let every change wait at a place of meeting after it has looked and before it locks anything."""
    take = moving.take_spaces

    def wait_and_take(*args, **kwargs):
        meet()
        take(*args, **kwargs)

    monkeypatch.setattr(changing, "take_spaces", wait_and_take)


def lock_whatever_it_is_now(seen, now):
    """The step without its guard: the row is locked, but not compared with what was seen."""
    rows = Reservation.objects.filter(pk=seen.pk).select_for_update(no_key=True)
    row = rows.get()
    row.sequence += 1
    rows.update(sequence=row.sequence)
    return row


def occupied(reservation):
    claims = Claim.objects.filter(reservation_id=reservation.pk, active=True)
    return sorted((claim.space_id, claim.occupied.lower) for claim in claims)


TIMES = [("13:00", "14:00"), ("14:00", "15:00"), ("15:00", "16:00"), ("16:00", "17:00")]


def change_four_times(race, booked, rooms, now):
    return outcomes(race([change_act(booked[0], rooms[0], *times, now) for times in TIMES]))


def test_of_several_changes_at_once_one_wins(committed_city, race, booked, rooms, now, meet, monkeypatch):
    before_locking(monkeypatch, meet(4))
    assert change_four_times(race, booked, rooms, now) == {"won": 1, "ChangedMeanwhile": 3}
    row = Reservation.objects.get(pk=booked[0].pk)
    assert (row.sequence, Change.objects.count()) == (1, 1)
    assert occupied(row) == [(rooms[0].space_ids[0], row.starts_at)]


def test_without_the_comparison_each_overwrites_the_one_before(
    committed_city, race, booked, rooms, now, meet, monkeypatch
):
    before_locking(monkeypatch, meet(4))
    monkeypatch.setattr(records, "lock_as_seen", lock_whatever_it_is_now)
    assert change_four_times(race, booked, rooms, now) == {"won": 4}
    assert Reservation.objects.get(pk=booked[0].pk).sequence == 4


def change_while(other_act, race, monkeypatch, change):
    """Run a change that has looked already; before it locks, the other act is carried out from begin to end."""
    looked, done = threading.Event(), threading.Event()
    take = moving.take_spaces

    def take_later(*args, **kwargs):
        looked.set()
        assert done.wait(PATIENCE_SECONDS)
        take(*args, **kwargs)

    def other():
        assert looked.wait(PATIENCE_SECONDS)
        try:
            return other_act()
        finally:
            done.set()

    monkeypatch.setattr(changing, "take_spaces", take_later)
    return outcomes(race([change, other]))


def cancel_act(reservation, now):
    actor = Actor("resident", reservation.resident_id)
    return lambda: cancel_reservation(ref=reservation.ref, actor=actor, reason="", now=now)


def test_what_was_cancelled_meanwhile_stays_cancelled(committed_city, race, booked, rooms, now, monkeypatch):
    change = change_act(booked[0], rooms[0], "13:00", "15:00", now)
    assert change_while(cancel_act(booked[0], now), race, monkeypatch, change) == {
        "won": 1,
        "ChangedMeanwhile": 1,
    }
    assert Reservation.objects.get(pk=booked[0].pk).status == "cancelled"
    assert occupied(booked[0]) == []


def test_without_the_comparison_a_cancelled_booking_comes_back(
    committed_city, race, booked, rooms, now, monkeypatch
):
    monkeypatch.setattr(records, "lock_as_seen", lock_whatever_it_is_now)
    change = change_act(booked[0], rooms[0], "13:00", "15:00", now)
    assert change_while(cancel_act(booked[0], now), race, monkeypatch, change) == {"won": 2}
    assert occupied(booked[0]) != []


def test_a_time_that_was_booked_meanwhile_is_refused_and_the_old_one_kept(
    committed_city, race, booked, rooms, residents, now, monkeypatch
):
    book = book_act(rooms[0].id, residents[1], "13:00", "15:00", now)
    change = change_act(booked[0], rooms[0], "13:00", "15:00", now)
    assert change_while(book, race, monkeypatch, change) == {"won": 1, "SlotTaken": 1}
    assert Reservation.objects.get(pk=booked[0].pk).sequence == 0
    assert occupied(booked[0]) == [(rooms[0].space_ids[0], at("10:00"))]
    assert overlaps() == 0


def test_without_the_constraint_the_new_time_would_be_taken_twice(
    committed_city, race, booked, rooms, residents, now, monkeypatch
):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE booking_claim DROP CONSTRAINT claim_no_overlap")
    try:
        book = book_act(rooms[0].id, residents[1], "13:00", "15:00", now)
        change = change_act(booked[0], rooms[0], "13:00", "15:00", now)
        assert change_while(book, race, monkeypatch, change) == {"won": 2}
        assert overlaps() > 0
    finally:
        with inside(committed_city), connection.schema_editor() as editor:
            editor.execute("TRUNCATE booking_claim CASCADE")
            editor.add_constraint(Claim, Claim._meta.constraints[0])


def swap(booked, rooms, now):
    one, other = booked
    return [
        change_act(one, rooms[1], "10:00", "12:00", now),
        change_act(other, rooms[0], "10:00", "12:00", now),
    ]


def test_two_who_want_each_others_room_do_not_wait_in_a_circle(
    committed_city, race, booked, rooms, now, meet, monkeypatch
):
    before_locking(monkeypatch, meet(2))
    assert outcomes(race(swap(booked, rooms, now))) == {"SlotTaken": 2}
    assert [Reservation.objects.get(pk=one.pk).sequence for one in booked] == [0, 0]
    assert overlaps() == 0


def test_locked_old_before_new_the_same_two_would_deadlock(
    committed_city, race, booked, rooms, now, meet, monkeypatch
):
    met = meet(2)

    def old_first(cursor, old_space_ids, wanted, *, now):
        moving.lock_spaces(cursor, old_space_ids)
        met()
        moving.lock_spaces(cursor, wanted[0].room.space_ids)

    monkeypatch.setattr(changing, "take_spaces", old_first)
    assert "OperationalError" in outcomes(race(swap(booked, rooms, now)))
