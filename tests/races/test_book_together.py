"""Baskets that want the same rooms in another order: nobody waits in a circle, nothing is half booked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actors import Actor
from accounts.services import register_resident
from booking import bulk, claiming
from booking.bulk import Item, book_together
from booking.models import Application, Reservation
from facilities.details import Details
from facilities.queries import room_by_key
from tenants.context import inside
from tests.booking.conftest import WEDNESDAY, at
from tests.races.conftest import outcomes
from tests.races.test_one_winner import overlaps

pytestmark = pytest.mark.race


@pytest.fixture
def wishes(committed_city, now):
    """Six residents want four weeks of two rooms, half of them in the opposite order."""
    with inside(committed_city):
        rooms = [room_by_key("chuo-kominkan", key) for key in ("kenshu-1", "kenshu-2")]
        people = [register_resident(name=f"住民 {number}").pk for number in range(6)]
    days = [WEDNESDAY + timedelta(weeks=week) for week in range(4)]
    items = [
        Item(room.id, at("10:00", day), at("12:00", day), Details(headcount=5))
        for day in days
        for room in rooms
    ]

    def act(resident, items, all_or_nothing):
        return lambda: book_together(
            items=items,
            resident_id=resident,
            channel="web",
            purpose="競争",
            all_or_nothing=all_or_nothing,
            actor=Actor("resident", resident),
            now=now,
        )

    def make(all_or_nothing=True):
        return [
            act(resident, items if place % 2 else items[::-1], all_or_nothing)
            for place, resident in enumerate(people)
        ]

    return make


def test_one_basket_gets_everything_the_others_nothing(committed_city, race, wishes):
    done = race(wishes())
    assert outcomes(done) == {"won": 6}
    assert sorted(len(one.booked) for one in done) == [0, 0, 0, 0, 0, 8]
    with inside(committed_city):
        assert (Reservation.objects.count(), Application.objects.count(), overlaps()) == (8, 1, 0)


def test_what_is_free_is_shared_out_once(committed_city, race, wishes):
    done = race(wishes(all_or_nothing=False))
    assert outcomes(done) == {"won": 6}
    assert sum(len(one.booked) for one in done) == 8
    with inside(committed_city):
        assert (Reservation.objects.count(), overlaps()) == (8, 0)


def test_without_the_sorted_lock_a_basket_is_torn_by_the_wall(
    committed_city, race, wishes, monkeypatch, meet
):
    """The bug the lock is there for: all have looked before any has written; who comes second fails as a whole,
    instead of learning which items are gone.
    """
    here = meet(6)
    seen = claiming.look_at
    looks = []

    def look_then_meet(*arguments):
        answer = seen(*arguments)
        looks.append(1)
        here()
        return answer

    monkeypatch.setattr(bulk, "lock_spaces", lambda *arguments: None)
    monkeypatch.setattr(bulk, "look_at", look_then_meet)
    done = race(wishes())
    assert outcomes(done)["won"] < 6
    with inside(committed_city):
        assert overlaps() == 0
