"""Somebody waits for a taken time, sees it, changes their mind, and is told when it is free."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actors import Actor
from accounts.services import register_resident
from booking.cancelling import cancel_reservation
from booking.closing import close_rooms, lift_closure
from booking.errors import NotForGroup
from booking.models import Wait
from booking.services import release_hold
from booking.waiting.asking import MOST_WAITS, change_wait, withdraw_wait
from booking.waiting.errors import (
    AlreadyWaiting,
    NotLentLikeThis,
    NotTaken,
    OwnTime,
    TimeOver,
    TooManyWaits,
    WaitNotFound,
    WaitOver,
)
from booking.waiting.freeing import tell_freed
from tests.waiting.conftest import at


def test_who_asks_for_a_taken_time_waits_for_it(book, ichiro, wait):
    book()
    found = wait(ichiro)
    assert (found.status, found.wish, [room.key for room in found.rooms.all()]) == (
        "waiting",
        "offer",
        ["kenshu-1"],
    )


def test_a_free_time_is_booked_not_waited_for(ichiro, wait):
    with pytest.raises(NotTaken):
        wait(ichiro)


def test_nobody_waits_for_what_they_have_themselves(book, hanako, wait):
    book()
    with pytest.raises(OwnTime):
        wait(hanako)


def test_a_time_the_room_is_not_lent_for_is_refused(book, ichiro, wait):
    book()
    with pytest.raises(NotLentLikeThis):
        wait(ichiro, "10:10", "11:10")


def test_nobody_waits_for_a_time_that_has_begun(book, ichiro, wait):
    book()
    with pytest.raises(TimeOver):
        wait(ichiro, now=at("10:00"))


def test_one_waits_once_for_a_time(book, ichiro, wait):
    book()
    wait(ichiro)
    with pytest.raises(AlreadyWaiting):
        wait(ichiro)
    assert Wait.objects.count() == 1


def test_a_person_cannot_wait_without_end(book, ichiro, wait, now):
    book()
    first = wait(ichiro)
    for place in range(MOST_WAITS - 1):
        Wait.objects.create(
            resident=ichiro, room_id=first.room_id, wish="tell", created_at=now, updated_at=now,
            starts_at=at("10:00") + timedelta(days=place + 1), ends_at=at("12:00") + timedelta(days=place + 1),
        )  # fmt: skip
    with pytest.raises(TooManyWaits):
        wait(ichiro, "11:00", "12:00")


def test_another_person_cannot_wait_for_a_group(book, ichiro, wait, choir):
    book()
    with pytest.raises(NotForGroup):
        wait(ichiro, group_id=choir.pk)


def test_any_room_of_the_kind_may_do(book, ichiro, wait):
    book()
    keys = {room.key for room in wait(ichiro, any_alike=True).rooms.all()}
    assert "kenshu-1" in keys
    assert len(keys) > 1


def test_a_wait_is_changed_and_withdrawn_by_whose_it_is(book, ichiro, hanako, wait, now):
    book()
    one, other = wait(ichiro), Actor("resident", hanako.pk)
    with pytest.raises(WaitNotFound):
        change_wait(ref=one.ref, wish="tell", any_alike=False, actor=other, now=now)
    with pytest.raises(WaitNotFound):
        withdraw_wait(ref=one.ref, actor=other, now=now)
    mine = Actor("resident", ichiro.pk)
    assert change_wait(ref=one.ref, wish="tell", any_alike=True, actor=mine, now=now).wish == "tell"
    withdraw_wait(ref=one.ref, actor=mine, now=now)
    withdraw_wait(ref=one.ref, actor=mine, now=now)
    assert Wait.objects.get().status == "withdrawn"
    with pytest.raises(WaitOver):
        change_wait(ref=one.ref, wish="offer", any_alike=False, actor=mine, now=now)
    wait(ichiro)


def test_a_lifted_closure_is_told_once(ichiro, wait, room, staff, now, told):
    closure = close_rooms(
        facility_id=room.facility_id, room_ids=[room.id], starts_at=at("09:00"), ends_at=at("17:00"),
        reason="工事", staff_id=staff.pk, now=now,
    )  # fmt: skip
    wait(ichiro)
    assert tell_freed(now=now) == 0
    lift_closure(closure_id=closure.pk, staff_id=staff.pk, now=now)
    assert tell_freed(now=now) == 1
    assert tell_freed(now=now) == 0
    assert told("wait_freed") == [ichiro.pk]


def test_who_was_told_is_told_again_only_after_somebody_had_it(book, hold, hanako, ichiro, wait, now, told):
    held = hold()
    wait(ichiro)
    mine = Actor("resident", hanako.pk)
    release_hold(ref=held.ref, actor=mine, now=now)
    assert tell_freed(now=now) == 1
    again = hold()
    tell_freed(now=now)
    release_hold(ref=again.ref, actor=mine, now=now)
    assert tell_freed(now=now) == 0
    book(resident=register_resident(name="山本 次郎"))
    tell_freed(now=now)
    assert Wait.objects.get().told_at is None
    assert told("wait_freed") == [ichiro.pk]


def test_a_free_time_nobody_may_apply_for_any_more_is_not_told(book, ichiro, wait, hanako):
    booked = book()
    wait(ichiro)
    late = at("09:59")
    cancel_reservation(ref=booked.ref, actor=Actor("staff", 1), reason="電話", now=late - timedelta(days=1))
    assert tell_freed(now=at("10:00")) == 0
    assert Wait.objects.get().status == "over"
