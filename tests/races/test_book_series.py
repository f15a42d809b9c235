"""Series of many dates at the same time: each is had whole or not at all, and nobody waits in a circle."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.actors import Actor
from accounts.services import register_resident
from booking.models import Claim, Reservation, Series, SeriesDate
from booking.series.applying import Choices, apply_for_series
from booking.series.intentions import try_intentions
from booking.series.planning import plan_series, say_of_series
from facilities.details import Details
from facilities.queries import room_by_key
from tenants.context import inside
from tests.races.conftest import outcomes

pytestmark = pytest.mark.race

WEEKLY = "FREQ=WEEKLY;BYDAY=WE;COUNT=8"


@pytest.fixture
def plan(committed_city, now):
    """A draft of somebody: eight Wednesdays in these rooms."""

    def make(number, *keys, first=date(2027, 5, 19), rule=WEEKLY):
        with inside(committed_city):
            person = register_resident(name=f"人 {number}")
            rooms = [room_by_key("chuo-kominkan", key) for key in keys]
            actor = Actor("resident", person.pk)
            draft = plan_series(
                room_ids=[room.id for room in rooms],
                rule=rule,
                first=first,
                starts=600,
                ends=720,
                resident_id=person.pk,
                channel="web",
                actor=actor,
                now=now,
            )
            said = {room.id: Details(headcount=5) for room in rooms}
            say_of_series(ref=draft.ref, purpose="会", said=said, actor=actor, now=now)
            return draft.ref, actor

    return make


def test_of_many_series_over_shared_rooms_each_is_whole_or_nothing(race, plan, committed_city, now):
    pairs = [("kenshu-1", "kenshu-2"), ("kenshu-2", "kenshu-3"), ("kenshu-3", "kenshu-1")] * 2
    drafts = [plan(number, *pair) for number, pair in enumerate(pairs)]

    def act(ref, actor):
        return lambda: apply_for_series(ref=ref, choices=Choices(), all_or_nothing=True, actor=actor, now=now)

    found = outcomes(race([act(*one) for one in drafts]))
    assert set(found) <= {"won", "SeriesNotWhole", "SeriesEmpty"}
    assert found["won"] == 1
    with inside(committed_city):
        assert Reservation.objects.count() == 16
        assert Claim.objects.filter(active=True).count() == 16
        assert SeriesDate.objects.count() == 16
        assert Series.objects.filter(state="open").count() == 1


def test_workers_that_try_at_once_book_each_date_once(race, plan, committed_city, now):
    one = "FREQ=WEEKLY;BYDAY=WE;COUNT=4"
    first = date(2027, 9, 1)
    with inside(committed_city):
        for number in range(3):
            ref, actor = plan(number, "kenshu-1", first=first, rule=one)
            apply_for_series(ref=ref, choices=Choices(), all_or_nothing=False, actor=actor, now=now)
        later = max(SeriesDate.objects.values_list("opens_at", flat=True))
    found = race([lambda: try_intentions(now=later)] * 4)
    assert all(not isinstance(each, Exception) for each in found), found
    with inside(committed_city):
        states = list(SeriesDate.objects.values_list("state", flat=True))
        assert sorted(states) == ["booked"] * 4 + ["refused"] * 8
        assert Reservation.objects.count() == 4
