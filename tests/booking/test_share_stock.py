"""Equipment a hall has only so many of: shared by its rooms at the same time, and it can run out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.actors import Actor
from booking.bulk import Item, book_together
from booking.cancelling import cancel_reservation
from booking.errors import OutsideRules
from booking.services import confirm_reservation
from booking.stock import Lent, most_at_once
from facilities.details import Details
from facilities.queries import room_by_key
from tests.booking.conftest import WEDNESDAY, at

STOCK = (
    (
        "facilities:\n  - key: chuo-kominkan",
        "extras:\n  tools:\n    - {key: projector, name: プロジェクター, name_en: Projector, unit: 台, stock: 2,"
        " fee: {yen: 100}}\n    - {key: mat, name: マット, unit: 枚, fee: {yen: 10}}\n\n"
        "facilities:\n  - key: chuo-kominkan",
    ),
    (
        "    time: hourly\n    application: open\n",
        "    time: hourly\n    extras: tools\n    application: open\n",
    ),
)

MINUTES = st.integers(0, 30)
LENT = st.lists(
    st.builds(
        lambda begins, length, number: Lent(
            at("00:00") + timedelta(minutes=begins), at("00:00") + timedelta(minutes=begins + length), number
        ),
        MINUTES,
        st.integers(1, 10),
        st.integers(1, 3),
    ),
    max_size=8,
)


@given(LENT, MINUTES, st.integers(1, 10))
def test_as_many_are_out_as_at_the_busiest_minute(lent, begins, length):
    starts, ends = (at("00:00") + timedelta(minutes=one) for one in (begins, begins + length))
    minutes = [starts + timedelta(minutes=one) for one in range(length)]
    busiest = max(
        sum(one.number for one in lent if one.starts_at <= minute < one.ends_at) for minute in minutes
    )
    assert most_at_once(lent, starts, ends) == busiest


@pytest.fixture
def stocked(publish):
    """Two projectors for the whole hall; as many mats as anybody wants."""
    publish(*STOCK)


@pytest.fixture
def second(city):
    """第2研修室 of the same hall."""
    return room_by_key("chuo-kominkan", "kenshu-2")


def projectors(number, **more):
    return Details(headcount=10, extras={"projector": number}, **more)


def sentences(refusal):
    return [one.sentence("ja") for one in refusal.facts["reasons"]]


def test_the_last_one_is_lent_once_in_the_whole_hall(stocked, book, second, ichiro):
    book(details=projectors(1))
    with pytest.raises(OutsideRules) as refused:
        book("11:00", "13:00", room=second, resident=ichiro, details=projectors(2))
    assert sentences(refused.value) == ["プロジェクターは、この時間はあと1台です。"]
    assert book("11:00", "13:00", room=second, resident=ichiro, details=projectors(1))


def test_uses_that_follow_each_other_share_the_same_ones(stocked, book, second):
    book("09:00", "11:00", details=projectors(2))
    book("13:00", "15:00", details=projectors(2))
    assert book("11:00", "13:00", room=second, details=projectors(2))
    with pytest.raises(OutsideRules):
        book("10:00", "14:00", room=room_by_key("chuo-kominkan", "kenshu-3"), details=projectors(1))


def test_what_there_is_no_number_of_is_lent_without_end(stocked, book, second):
    book(details=Details(headcount=10, extras={"mat": 500}))
    assert book(room=second, details=Details(headcount=10, extras={"mat": 500}))


def test_it_can_run_out_between_the_held_time_and_the_confirmation(
    stocked, hold, book, second, ichiro, hanako, now
):
    held = hold()
    book(room=second, resident=ichiro, details=projectors(2))
    act = {"ref": held.ref, "purpose": "会", "actor": Actor("resident", hanako.pk), "now": now}
    with pytest.raises(OutsideRules) as refused:
        confirm_reservation(**act, details=projectors(1))
    assert sentences(refused.value) == ["プロジェクターは、この時間はあと0台です。"]
    assert confirm_reservation(**act, details=Details(headcount=10)).status == "confirmed"


def test_what_was_cancelled_is_there_again(stocked, book, second, hanako, now):
    first = book(details=projectors(2))
    cancel_reservation(ref=first.ref, actor=Actor("resident", hanako.pk), reason="", now=now)
    assert book(room=second, details=projectors(2))


def test_things_applied_for_together_share_it_too(stocked, room, second, hanako, now):
    items = [
        Item(one.id, at("10:00", WEDNESDAY), at("12:00", WEDNESDAY), projectors(number))
        for one, number in ((room, 1), (second, 2))
    ]
    done = book_together(
        items=items,
        resident_id=hanako.pk,
        channel="web",
        purpose="会",
        all_or_nothing=False,
        actor=Actor("resident", hanako.pk),
        now=now,
    )
    assert sorted(done.booked) == [0]
    assert sentences(done.refused[1]) == ["プロジェクターは、この時間はあと1台です。"]
