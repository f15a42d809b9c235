"""The basket: several rooms and dates collected, each with its state, then booked all or as far as free."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.actors import Actor
from booking.basket.errors import BasketChanged, BasketEmpty, BasketFull, BasketNotWhole, NotInBasket
from booking.basket.services import (
    Basket,
    apply_for_basket,
    count_basket,
    forget_baskets,
    look_into_basket,
    put_in,
    put_instead,
    say_of_basket,
    take_out,
)
from booking.errors import InvalidPeriod, NotForGroup
from booking.models import Application, Reservation
from facilities.details import Details
from facilities.queries import room_by_key
from tests.booking.conftest import WEDNESDAY, at
from tests.factories import a_group
from tests.queue import enqueued

THURSDAY = WEDNESDAY + timedelta(days=1)


@pytest.fixture
def basket(hanako):
    return Basket(hanako.pk)


@pytest.fixture
def put(basket, room, hanako, now):
    def act(starts="10:00", ends="12:00", *, day=WEDNESDAY, room=room, basket=basket, **changes):
        actor = changes.pop("actor", Actor("resident", hanako.pk))
        period = {"starts_at": at(starts, day), "ends_at": at(ends, day)}
        return put_in(basket, room_id=room.id, **period, actor=actor, now=now, **changes)

    return act


@pytest.fixture
def look(basket, now):
    def act(*, complete=False, basket=basket):
        return look_into_basket(basket, channel="web", now=now, complete=complete)

    return act


@pytest.fixture
def apply_for(basket, hanako, now):
    def act(*, all_or_nothing=True, **changes):
        actor = changes.pop("actor", Actor("resident", hanako.pk))
        arguments = {"channel": "web", "all_or_nothing": all_or_nothing, "actor": actor, "now": now}
        return apply_for_basket(basket, **{**arguments, **changes})

    return act


@pytest.fixture
def small(city):
    """第2研修室, for 12 people."""
    return room_by_key("chuo-kominkan", "kenshu-2")


def say(basket, *rooms, headcount=10):
    said = {room.id: Details(headcount=headcount) for room in rooms}
    say_of_basket(basket, purpose="合宿", said=said)


def test_things_are_kept_by_time_and_hold_nothing(put, look, small, hold, ichiro):
    put(day=THURSDAY)
    put(room=small)
    assert [(one.wish.day, one.wish.room.key) for one in look()] == [
        (WEDNESDAY, "kenshu-2"),
        (THURSDAY, "kenshu-1"),
    ]
    assert hold(day=THURSDAY, resident=ichiro)


def test_twice_the_same_is_there_once(put, basket):
    assert put().pk == put().pk
    assert count_basket(basket) == 1


def test_each_thing_shows_its_state_and_what_could_be_had_instead(put, look, book, ichiro):
    put()
    put("13:00", "15:00", day=date(2027, 6, 15))
    book(resident=ichiro)
    taken, closed = look()
    assert list(taken.foreseen.whys) == ["この時間は、先に予約が入りました。ほかの時間を選んでください。"]
    assert {one.kind for one in taken.alternatives} >= {"time", "room"}
    assert closed.foreseen.state == "refused"
    assert closed.alternatives == ()


def test_one_purpose_one_application_one_notice(put, basket, apply_for, room, small):
    put()
    put(room=small)
    say(basket, room, small)
    done = apply_for()
    assert sorted(done.booked) == [0, 1]
    assert {row.purpose for row in Reservation.objects.all()} == {"合宿"}
    assert Application.objects.get().reservations.count() == 2
    assert [one["kind"] for one in enqueued("frontend.tell")] == ["application_confirmed"]
    assert count_basket(basket) == 0


def test_all_or_nothing_leaves_the_basket_as_it_was(put, basket, apply_for, book, ichiro, room):
    put()
    put(day=THURSDAY)
    say(basket, room)
    book(resident=ichiro)
    with pytest.raises(BasketNotWhole) as refused:
        apply_for()
    assert {place: one.code for place, one in refused.value.facts["refused"].items()} == {0: "slot_taken"}
    assert count_basket(basket) == 2
    assert Reservation.objects.count() == 1


def test_what_is_free_is_booked_and_what_is_refused_stays(put, basket, apply_for, look, book, ichiro, room):
    put()
    put(day=THURSDAY)
    say(basket, room)
    book(resident=ichiro)
    assert sorted(apply_for(all_or_nothing=False).booked) == [1]
    (left,) = look(complete=True)
    assert left.wish.day == WEDNESDAY
    assert left.foreseen.state == "refused"


def test_an_alternative_takes_its_place_and_what_was_said_stays(
    put, basket, look, apply_for, book, ichiro, room, hanako, now
):
    item = put()
    say(basket, room)
    book(resident=ichiro)
    (line,) = look(complete=True)
    other = next(one for one in line.alternatives if one.kind == "room")
    put_instead(basket, item_id=item.pk, wish=other.wish, actor=Actor("resident", hanako.pk), now=now)
    done = apply_for()
    assert done.booked[0].room_id == other.wish.room.id
    assert (done.booked[0].purpose, done.booked[0].headcount) == ("合宿", 10)


def test_things_are_taken_out(put, basket, hanako, now):
    item = put()
    take_out(basket, item_id=item.pk)
    assert count_basket(basket) == 0
    with pytest.raises(NotInBasket):
        take_out(basket, item_id=item.pk)
    with pytest.raises(NotInBasket):
        put_instead(basket, item_id=item.pk, wish=None, actor=Actor("resident", hanako.pk), now=now)


def test_an_empty_basket_is_not_applied_for(apply_for):
    with pytest.raises(BasketEmpty):
        apply_for()


def test_a_basket_is_never_endless(put, basket):
    for hour in range(60):
        put(f"{hour % 12 + 8}:00", f"{hour % 12 + 9}:00", day=WEDNESDAY + timedelta(days=hour // 12))
    with pytest.raises(BasketFull):
        put(day=THURSDAY + timedelta(days=60))


def test_what_is_no_time_is_refused(put):
    with pytest.raises(InvalidPeriod):
        put("12:00", "12:00")


def test_baskets_of_others_of_the_group_and_of_the_desk_are_apart(put, look, ichiro, hanako, now, basket):
    put()
    assert look(basket=Basket(ichiro.pk)) == []
    assert look(basket=Basket(hanako.pk, staff_id=1)) == []
    group = a_group("会", now=now)
    assert look(basket=Basket(hanako.pk, group.pk)) == []
    with pytest.raises(NotForGroup):
        put(basket=Basket(hanako.pk, group.pk))


def test_what_nobody_applied_for_is_forgotten(put, basket, now):
    put()
    assert forget_baskets(now=now) == 0
    assert forget_baskets(now=at("10:00", WEDNESDAY)) == 0
    assert forget_baskets(now=at("10:01", WEDNESDAY)) == 1


def test_what_another_window_put_in_is_not_booked_unseen(put, apply_for, basket, room):
    shown = put()
    put("13:00", "15:00")
    say(basket, room)
    with pytest.raises(BasketChanged):
        apply_for(seen=[shown.pk])
    assert count_basket(basket) == 2
    assert len(apply_for(seen=[one.pk for one in basket.items]).booked) == 2
