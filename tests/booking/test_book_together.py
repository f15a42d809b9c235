"""Several rooms and dates at once: all or nothing, or what is free; each refusal with its reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actors import Actor
from booking.bulk import Item, book_together, look_together
from booking.errors import NotForGroup, PurposeUnfit
from booking.models import Application, Claim, Reservation
from booking.parties import Party
from facilities.details import Details
from facilities.queries import room_by_key
from payments.models import Charge
from tests.booking.conftest import WEDNESDAY, at
from tests.factories import a_group

TEN = Details(headcount=10)


@pytest.fixture
def other_room(city):
    """第2研修室 of the same hall."""
    return room_by_key("chuo-kominkan", "kenshu-2")


@pytest.fixture
def item(room):
    def make(starts="10:00", ends="12:00", *, weeks=0, room=room, details=TEN):
        day = WEDNESDAY + timedelta(weeks=weeks)
        return Item(room.id, at(starts, day), at(ends, day), details)

    return make


@pytest.fixture
def together(hanako, now):
    def act(*items, all_or_nothing=True, resident=hanako, **changes):
        arguments = {"channel": "web", "purpose": "合宿", "actor": Actor("resident", resident.pk), "now": now}
        return book_together(
            items=items,
            resident_id=resident.pk,
            all_or_nothing=all_or_nothing,
            **{**arguments, **changes},
        )

    return act


def codes(refused):
    return {place: refusal.code for place, refusal in refused.items()}


def test_two_rooms_and_two_dates_become_one_application(together, item, other_room):
    done = together(item(), item(room=other_room), item(weeks=1))
    assert sorted(done.booked) == [0, 1, 2]
    assert not done.refused
    rows = Reservation.objects.filter(application=done.application)
    assert {row.status for row in rows} == {"confirmed"}
    assert {row.purpose for row in rows} == {"合宿"}
    assert Charge.objects.filter(subject__in=[row.ref for row in rows]).count() == 3


def test_all_or_nothing_books_nothing_when_one_is_taken(together, item, book, ichiro):
    book(resident=ichiro)
    done = together(item(weeks=1), item())
    assert (done.application, done.booked, codes(done.refused)) == (None, {}, {1: "slot_taken"})
    assert not Application.objects.exists()
    assert Reservation.objects.count() == 1


def test_what_is_free_is_booked_and_the_rest_comes_back_with_its_reason(together, item, book, ichiro):
    book(resident=ichiro)
    done = together(item(), item(weeks=1), item("03:00", "04:00"), all_or_nothing=False)
    assert sorted(done.booked) == [1]
    assert codes(done.refused) == {0: "slot_taken", 2: "outside_rules"}


def test_two_items_in_each_others_way_the_first_one_counts(together, item):
    done = together(item(), item("11:00", "13:00"), item("12:00", "13:00"), all_or_nothing=False)
    assert sorted(done.booked) == [0, 2]
    assert codes(done.refused) == {1: "slot_taken"}


def test_nothing_free_writes_no_application(together, item, book, ichiro):
    book(resident=ichiro)
    done = together(item(), all_or_nothing=False)
    assert done.application is None
    assert not Application.objects.exists()


def test_an_expired_hold_is_no_obstacle(together, item, hold, ichiro, now):
    hold(resident=ichiro)
    done = together(item(), now=now + timedelta(minutes=11))
    assert sorted(done.booked) == [0]
    assert Claim.objects.filter(active=True).count() == 1


def test_a_living_hold_is_one(together, item, hold, ichiro):
    hold(resident=ichiro)
    assert codes(together(item()).refused) == {0: "slot_taken"}


def test_looking_first_tells_what_booking_then_does(together, item, book, ichiro, hanako, now):
    book(resident=ichiro)
    items = [item(), item(weeks=1), item("03:00", "04:00")]
    looked = look_together(items=items, party=Party(hanako.pk), channel="web", now=now)
    done = together(*items, all_or_nothing=False)
    assert codes(looked.refused) == codes(done.refused)
    assert list(looked.free) == list(done.booked)
    assert looked.price_yen == done.booked[1].price_yen


def test_looking_leaves_nothing_behind(item, hanako, now):
    look_together(items=[item(), item(weeks=1)], party=Party(hanako.pk), channel="web", now=now)
    assert not Reservation.objects.exists()
    assert not Claim.objects.exists()


def test_for_a_group_one_does_not_act_for_it_is_refused(together, item, city, now):
    group = a_group("よその会", now=now)
    with pytest.raises(NotForGroup):
        together(item(), group_id=group.pk)


def test_staff_override_the_rules_for_all_with_a_reason(together, item):
    done = together(
        item("03:00", "04:00"),
        item("03:00", "04:00", weeks=1),
        actor=Actor("staff", 1),
        channel="desk",
        override_reason="選挙の準備",
    )
    assert sorted(done.booked) == [0, 1]
    steps = {row.transitions.get().reason for row in done.booked.values()}
    assert steps == {"選挙の準備"}


def test_a_number_of_people_that_is_none_is_refused_item_by_item(together, item):
    done = together(item(), item(weeks=1, details=Details(headcount=0)), all_or_nothing=False)
    assert (list(done.booked), codes(done.refused)) == ([0], {1: "headcount_unfit"})


@pytest.mark.parametrize("purpose", ["あ" * 201, "\0"])
def test_words_that_cannot_be_kept_are_refused_before_anything_is_booked(together, item, purpose):
    with pytest.raises(PurposeUnfit):
        together(item(), purpose=purpose)
    assert not Application.objects.exists()
