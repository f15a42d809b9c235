"""Official use against everybody else: what is decided about is what is hit, and an answer is given once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from accounts.actors import Actor
from accounts.services import register_resident
from booking.displacing import Choice, Taking, accept_offer, acting, displace, foresee, lapse_offers
from booking.models import Claim, Closure, Displaced, Reservation
from facilities.queries import room_by_key
from tests.booking.conftest import WEDNESDAY, at
from tests.factories import a_staff
from tests.races.conftest import PATIENCE_SECONDS, outcomes
from tests.races.test_change_reservations import change_act
from tests.races.test_one_winner import book_act, overlaps

pytestmark = pytest.mark.race

DEADLINE = at("17:00", WEDNESDAY - timedelta(days=7))


@pytest.fixture
def rooms(committed_city):
    return [room_by_key("chuo-kominkan", key) for key in ("kenshu-1", "kenshu-2")]


@pytest.fixture
def residents(committed_city):
    return [register_resident(name=f"住民 {number}").pk for number in range(2)]


@pytest.fixture
def mine(rooms, residents, now):
    return book_act(rooms[0].id, residents[0], "10:00", "12:00", now)()


@pytest.fixture
def elect(rooms, now):
    """Take the first room for a day, with what is seen there at this moment; each booking as chosen."""
    clerk = a_staff().pk
    taking = Taking(rooms[0].facility_id, (rooms[0].id,), at("09:00"), at("21:00"), "election", "投票所")

    def prepare(choice):
        seen = foresee(taking, now=now).seen
        return lambda: displace(
            taking=taking,
            choices=dict.fromkeys(seen, choice),
            seen=seen,
            appeal_notice="",
            answer_by=DEADLINE,
            staff_id=clerk,
            now=now,
        )

    return prepare


def act_while(other_act, race, monkeypatch, act):
    """Staff have decided; before the act locks anything, somebody else's act is carried out."""
    decided, done = threading.Event(), threading.Event()
    take = acting.take_spaces

    def take_later(*args, **kwargs):
        decided.set()
        assert done.wait(PATIENCE_SECONDS)
        take(*args, **kwargs)

    def other():
        assert decided.wait(PATIENCE_SECONDS)
        try:
            return other_act()
        finally:
            done.set()

    monkeypatch.setattr(acting, "take_spaces", take_later)
    return outcomes(race([act, other]))


def test_who_booked_at_the_last_moment_is_not_overrun(
    committed_city, race, mine, rooms, residents, elect, now, monkeypatch
):
    late = book_act(rooms[0].id, residents[1], "15:00", "17:00", now)
    assert act_while(late, race, monkeypatch, elect(Choice("cancel"))) == {"won": 1, "HitsChanged": 1}
    assert not Closure.objects.exists()
    assert Reservation.objects.filter(status="confirmed").count() == 2


def test_without_comparing_somebody_is_overrun_nobody_decided_about(
    committed_city, race, mine, rooms, residents, elect, now, monkeypatch
):
    """The act would close the rooms around a booking that nobody looked at."""
    monkeypatch.setattr(acting, "_compare", lambda rows, seen, act: [row for row in rows if row.ref in seen])
    late = book_act(rooms[0].id, residents[1], "15:00", "17:00", now)
    assert act_while(late, race, monkeypatch, elect(Choice("cancel"))) == {"won": 2}
    forgotten = Reservation.objects.get(starts_at=at("15:00"))
    assert forgotten.status == "confirmed"
    assert not Claim.objects.filter(reservation=forgotten, active=True).exists()


def test_who_moved_away_at_the_last_moment_is_not_cancelled(
    committed_city, race, mine, rooms, elect, now, monkeypatch
):
    away = change_act(mine, rooms[1], "13:00", "15:00", now)
    assert act_while(away, race, monkeypatch, elect(Choice("cancel"))) == {"won": 1, "HitsChanged": 1}
    assert Reservation.objects.get().status == "confirmed"


def test_two_acts_at_once_and_bookings_all_over_do_not_deadlock(
    committed_city, race, mine, rooms, residents, elect, now
):
    cancel, move = elect(Choice("cancel")), elect(Choice("move", rooms[1].id, at("10:00"), at("12:00")))
    others = [book_act(room.id, residents[1], "13:00", "14:00", now) for room in rooms for _ in range(4)]
    counted = outcomes(race([cancel, move, *others]))
    assert set(counted) <= {"won", "SlotTaken", "HitsChanged", "AlternativeGone"}
    assert overlaps() == 0
    assert Closure.objects.count() <= 1


def test_yes_and_the_end_of_the_time_to_answer_cannot_both_win(committed_city, race, mine, rooms, elect, now):
    elect(Choice("ask", rooms[1].id, at("10:00"), at("12:00")))()
    last_moment = DEADLINE - timedelta(microseconds=1)

    def accept():
        return accept_offer(ref=mine.ref, actor=Actor("resident", mine.resident_id), now=last_moment)

    def lapse():
        return lapse_offers(now=DEADLINE)

    counted = outcomes(race([accept, lapse] * 4))
    assert set(counted) <= {"won", "OfferNotOpen"}
    outcome, status = Displaced.objects.get().outcome, Reservation.objects.get().status
    assert (outcome, status) in {("accepted", "confirmed"), ("lapsed", "cancelled")}
    assert Claim.objects.filter(reservation=mine, active=True).exists() == (status == "confirmed")
