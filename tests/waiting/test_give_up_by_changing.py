"""Moving away from a time that others wait for is giving it up: it is kept and offered to them, not free at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actors import Actor
from accounts.services import register_resident
from booking.changing import change_reservation, change_terms, gives_up_wished
from booking.errors import SlotTaken
from booking.models import Claim, Release, Reservation
from booking.waiting.answering import accept_offer
from booking.waiting.errors import TakingBack
from booking.waiting.offering import advance_all
from booking.waiting.queries import released_after, releases_for_day
from facilities.details import Details
from facilities.queries import rooms_of
from tests.queue import enqueued
from tests.waiting.conftest import WEDNESDAY, at

DAY = timedelta(days=1)
STAFF = Actor("staff", 1)


@pytest.fixture
def jiro(city):
    return register_resident(name="山本 次郎")


@pytest.fixture
def change(room, now):
    """Change a reservation as who booked it, to 13:00 to 15:00 unless said otherwise, and let the worker run."""

    def act(reservation, starts="13:00", ends="15:00", *, room=room, actor=None, now=now, **more):
        changed = change_reservation(
            ref=reservation.ref,
            room_id=room.id,
            starts_at=at(starts),
            ends_at=at(ends),
            details=None,
            actor=actor or Actor("resident", reservation.resident_id),
            now=now,
            **more,
        )
        advance_all(now=now)
        return changed.reservation

    return act


def kept():
    """What releases keep: from and until."""
    rows = Claim.objects.filter(active=True, release__isnull=False).order_by("occupied")
    return [(row.occupied.lower, row.occupied.upper) for row in rows]


def test_a_friend_cannot_take_what_was_moved_away_from(book, change, hanako, ichiro, jiro, wait, room, now):
    booked = book()
    wait(ichiro)
    change(booked)
    release = Release.objects.get()
    assert (release.resident_id, release.reservation_id) == (hanako.pk, booked.pk)
    assert (release.starts_at, release.ends_at) == (at("10:00"), at("12:00"))
    assert release.free_at == at("09:00", (now + 3 * DAY).date())
    assert kept() == [(at("10:00"), room.occupied_until(at("12:00")))]
    with pytest.raises(SlotTaken):
        book(resident=jiro, now=release.free_at - timedelta(seconds=1))
    assert book(resident=jiro, now=release.free_at).status == "confirmed"


def test_who_waits_is_offered_it_and_books_it(book, change, ichiro, wait, open_offer, told, now):
    booked = book()
    wait(ichiro)
    change(booked)
    assert told("offer_made") == [ichiro.pk]
    taken = accept_offer(
        ref=open_offer().ref,
        purpose="体操",
        details=Details(headcount=10),
        actor=Actor("resident", ichiro.pk),
        now=now,
    )
    assert (taken.starts_at, taken.ends_at) == (at("10:00"), at("12:00"))
    assert Reservation.objects.get(pk=booked.pk).starts_at == at("13:00")
    assert kept() == []


def test_who_moved_away_cannot_have_it_again(book, change, hanako, ichiro, wait, told):
    booked = book()
    wait(ichiro)
    change(booked)
    with pytest.raises(TakingBack):
        wait(hanako)
    instant = Release.objects.get().free_at
    advance_all(now=instant)
    with pytest.raises(TakingBack):
        change(booked, "10:00", "12:00", now=instant)
    with pytest.raises(TakingBack):
        book("11:00", "13:00", now=instant)
    assert hanako.pk not in told("wait_freed")
    assert Reservation.objects.get(pk=booked.pk).starts_at == at("13:00")
    assert change(booked, "15:00", "17:00", now=instant).starts_at == at("15:00")


@pytest.mark.parametrize(
    ("waits_for", "becomes", "wished"),
    [
        (("10:00", "12:00"), ("13:00", "15:00"), True),
        (("10:00", "12:00"), ("10:00", "14:00"), False),
        (("10:00", "11:00"), ("11:00", "12:00"), True),
        (("11:00", "12:00"), ("11:00", "13:00"), False),
    ],
)
def test_it_is_told_before_the_change(book, ichiro, wait, room, now, waits_for, becomes, wished):
    booked = book()
    wait(ichiro, *waits_for)
    actor = Actor("resident", booked.resident_id)
    starts, ends = (at(one) for one in becomes)
    place = {"room_id": room.id, "starts_at": starts, "ends_at": ends, "details": None}
    new = change_terms(ref=booked.ref, **place, actor=actor, now=now).assessed
    assert gives_up_wished(ref=booked.ref, new=new, actor=actor, now=now) is wished


@pytest.mark.parametrize("more", [{}, {"override_reason": "電話での依頼"}])
def test_staff_who_move_it_for_the_applicant_give_it_up_for_them(book, change, ichiro, wait, hanako, more):
    booked = book()
    wait(ichiro)
    change(booked, actor=STAFF, **more)
    assert Release.objects.get().resident_id == hanako.pk


def test_a_shorter_use_gives_up_what_is_before_and_after_it(book, change, ichiro, jiro, wait, room):
    booked = book("10:00", "16:00")
    wait(ichiro, "10:00", "12:00")
    wait(jiro, "14:00", "16:00")
    change(booked, "12:00", "14:00")
    mine = room.occupied_until(at("14:00"))
    assert kept() == [(at("10:00"), at("12:00")), (mine, room.occupied_until(at("16:00")))]
    assert [one.ends_at for one in Release.objects.order_by("starts_at")] == [at("12:00"), at("16:00")]
    stands = Claim.objects.get(active=True, reservation=booked)
    assert (stands.occupied.lower, stands.occupied.upper) == (at("12:00"), mine)


def test_only_the_part_that_others_wait_for_is_kept(book, change, ichiro, jiro, wait):
    booked = book("10:00", "16:00")
    wait(ichiro, "10:00", "12:00")
    change(booked, "12:00", "14:00")
    assert [begins for begins, _ in kept()] == [at("10:00")]
    assert book("15:00", "16:00", resident=jiro).status == "confirmed"


def test_a_longer_use_gives_nothing_up(book, change, ichiro, wait):
    booked = book()
    wait(ichiro)
    change(booked, "10:00", "13:00")
    assert not Release.objects.exists()


def test_the_same_time_in_another_room_gives_up_the_first_room(book, change, ichiro, jiro, wait, room):
    other = next(one for one in rooms_of(room.facility_id) if one.key == "kenshu-3")
    booked = book()
    wait(ichiro)
    change(booked, "10:00", "12:00", room=other)
    assert Release.objects.get().room_id == room.id
    with pytest.raises(SlotTaken):
        book(resident=jiro)


def test_nobody_waits_so_the_time_is_free_at_once(book, change, jiro):
    change(book())
    assert not Release.objects.exists()
    assert book(resident=jiro).status == "confirmed"


def test_a_refused_change_gives_nothing_up(book, change, ichiro, jiro, wait):
    booked = book()
    book("13:00", "15:00", resident=jiro)
    wait(ichiro)
    with pytest.raises(SlotTaken):
        change(booked)
    assert not Release.objects.exists()
    assert Claim.objects.filter(active=True, reservation=booked).exists()


def test_near_the_use_it_is_free_at_once_and_who_waits_is_told(book, change, ichiro, jiro, wait):
    booked = book()
    wait(ichiro)
    late = at("10:00") - 2 * DAY + timedelta(minutes=1)
    change(booked, actor=STAFF, override_reason="電話での依頼", now=late)
    assert not Release.objects.exists()
    assert len(enqueued("booking.tell_freed")) == 1


def test_moved_twice_and_cancelled_each_time_has_a_release_of_its_own(
    book, change, cancel, ichiro, jiro, wait, room, now
):
    booked = book()
    wait(ichiro)
    moved = change(booked)
    wait(jiro, "13:00", "15:00")
    moved = change(moved, "15:00", "17:00", now=now + timedelta(hours=1))
    assert Release.objects.filter(reservation=booked).count() == 2
    assert released_after(booked.pk) is None
    cancel(moved, now=now + timedelta(hours=2))
    assert released_after(booked.pk) is None
    assert {one.number for one in releases_for_day(facility_id=room.facility_id, day=WEDNESDAY)} == {
        booked.number
    }


def test_what_an_earlier_change_gave_up_is_not_taken_for_what_was_cancelled(
    book, change, cancel, ichiro, jiro, wait, now
):
    booked = book()
    wait(ichiro)
    moved = change(booked)
    wait(jiro, "13:00", "15:00")
    later = now + 2 * DAY
    cancel(moved, now=later)
    first, second = Release.objects.order_by("pk").values_list("free_at", flat=True)
    assert first < second == released_after(booked.pk)
