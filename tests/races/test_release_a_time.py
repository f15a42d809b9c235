"""A released time under contention: offered once, accepted or expired but never both, and free for exactly one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actors import Actor
from booking.cancelling import cancel_reservation
from booking.models import Claim, Offer, Release, Reservation
from booking.services import book_room
from booking.waiting import answering, offering
from booking.waiting.answering import accept_offer
from booking.waiting.asking import wait_for_time
from booking.waiting.offering import advance_release
from facilities.details import Details
from facilities.queries import room_by_key
from tenants.context import inside
from tests import factories
from tests.queue import enqueued
from tests.races.conftest import outcomes
from tests.waiting.conftest import at

pytestmark = pytest.mark.race
PERIOD = {"starts_at": at("10:00"), "ends_at": at("12:00")}


@pytest.fixture
def room(committed_city):
    with inside(committed_city):
        return room_by_key("chuo-kominkan", "kenshu-1")


@pytest.fixture
def people(committed_city):
    with inside(committed_city):
        return [factories.a_resident(f"人 {number}") for number in range(9)]


def booking(room, person, now):
    actor = Actor("resident", person.pk)
    return lambda: book_room(
        room_id=room.id, **PERIOD, resident_id=person.pk, channel="web", purpose="合唱",
        details=Details(headcount=5), actor=actor, now=now,
    )  # fmt: skip


@pytest.fixture
def waited_for(room, people, now, committed_city):
    """A reservation of the last person, for which the first two wait."""
    with inside(committed_city):
        booked = booking(room, people[-1], now)()
        for person in people[:2]:
            wait_for_time(
                room_id=room.id, **PERIOD, wish="offer", any_alike=False, resident_id=person.pk,
                actor=Actor("resident", person.pk), now=now,
            )  # fmt: skip
        return booked


def cancelling(booked, now):
    actor = Actor("resident", booked.resident_id)
    return lambda: cancel_reservation(ref=booked.ref, actor=actor, reason="", now=now)


@pytest.fixture
def release(waited_for, now, committed_city):
    with inside(committed_city):
        cancelling(waited_for, now)()
        return Release.objects.get()


def advancing(release, now):
    return lambda: advance_release(release_id=release.pk, now=now)


def accepting(offer, now):
    return lambda: accept_offer(
        ref=offer.ref, purpose="体操", details=Details(headcount=5),
        actor=Actor("resident", offer.wait.resident_id), now=now,
    )  # fmt: skip


def offers_told():
    return [one for one in enqueued("frontend.tell") if one["kind"] == "offer_made"]


def test_of_many_workers_one_makes_the_offer(race, release, now):
    assert outcomes(race([advancing(release, now)] * 8)) == {"won": 8}
    assert Offer.objects.filter(state="open").count() == 1
    assert len(offers_told()) == 1


def test_without_the_lock_two_workers_make_it_twice(race, release, meet, monkeypatch, now):
    """The bug the lock is there for: both see the same place in the line, and both tell its holder."""
    both = meet(2)

    def looked(release_id):
        return Release.objects.get(pk=release_id)

    def part_once_both_are_here(*args, **kwargs):
        both()
        return real(*args, **kwargs)

    real = offering.part_for
    monkeypatch.setattr(offering, "lock_release", looked)
    monkeypatch.setattr(offering, "part_for", part_once_both_are_here)
    race([advancing(release, now)] * 2)
    assert len(offers_told()) == 2


def test_an_offer_accepted_many_times_at_once_is_one_reservation(race, release, now):
    advancing(release, now)()
    offer = Offer.objects.select_related("wait").get(state="open")
    results = race([accepting(offer, now)] * 8)
    assert outcomes(results) == {"won": 8}
    assert {one.ref for one in results} == {Reservation.objects.get(status="confirmed").ref}
    assert Claim.objects.filter(active=True).count() == 1


def expire_while_accepting(race, release, meet, monkeypatch, now):
    """Somebody accepts in the last second; before they have the locks, the worker lets the offer expire."""
    advancing(release, now)()
    offer = Offer.objects.select_related("wait").get(state="open")
    looked, expired, real = meet(2), meet(2), answering.lock_spaces

    def lock_once_it_has_expired(*args):
        looked()
        expired()
        return real(*args)

    monkeypatch.setattr(answering, "lock_spaces", lock_once_it_has_expired)

    def expire():
        looked()
        advancing(release, offer.expires_at)()
        expired()

    return offer, race([accepting(offer, offer.expires_at - timedelta(seconds=1)), expire])


def test_who_accepts_while_the_offer_expires_comes_too_late(race, release, meet, monkeypatch, now):
    offer, results = expire_while_accepting(race, release, meet, monkeypatch, now)
    assert outcomes(results) == {"OfferOver": 1, "won": 1}
    assert Offer.objects.get(state="open").wait_id != offer.wait_id
    assert not Reservation.objects.filter(status="confirmed").exists()


def test_without_the_second_look_an_expired_offer_takes_the_time_from_the_next(
    race, release, meet, monkeypatch, now
):
    """The bug the second look is there for: the time was offered to somebody else meanwhile."""
    monkeypatch.setattr(answering, "_lock_open", lambda offer, now: None)
    offer, results = expire_while_accepting(race, release, meet, monkeypatch, now)
    assert outcomes(results) == {"won": 2}
    taken = Reservation.objects.get(status="confirmed")
    assert (taken.resident_id, Offer.objects.filter(state="open").count()) == (offer.wait.resident_id, 1)


def test_nobody_slips_in_while_a_wished_time_is_cancelled(race, waited_for, room, people, now):
    acts = [cancelling(waited_for, now), *(booking(room, person, now) for person in people[:8])]
    assert outcomes(race(acts)) == {"won": 1, "SlotTaken": 8}
    assert Claim.objects.get(active=True).release_id == Release.objects.get().pk


def test_at_the_instant_exactly_one_gets_the_time_whatever_the_worker_does(race, release, room, people, now):
    instant = release.free_at
    acts = [booking(room, person, instant) for person in people[:7]]
    results = race([*acts, advancing(release, instant)])
    assert outcomes(results) == {"won": 2, "SlotTaken": 6}
    assert Reservation.objects.filter(status="confirmed").count() == 1
    assert Claim.objects.get(active=True).reservation_id
    assert Release.objects.get().ended_at == instant
