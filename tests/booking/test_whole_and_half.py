"""A hall and its halves exclude each other, because they share spaces (三木市 青山公民館 大会議室)."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.actors import Actor
from accounts.services import register_resident
from booking.calendar import room_day
from booking.errors import SlotTaken
from booking.services import book_room
from facilities.details import Details
from facilities.queries import room_by_key
from facilities.room_rules import Asker
from tests.booking.conftest import at

DAY = date(2027, 6, 2)


@pytest.fixture
def book_half(inside_miki, now):
    resident = register_resident(name="三木 次郎")

    def act(key, starts="10:00", ends="12:00"):
        return book_room(
            room_id=room_by_key("aoyama", key).id,
            starts_at=at(starts, DAY),
            ends_at=at(ends, DAY),
            resident_id=resident.pk,
            channel="web",
            purpose="卓球",
            details=Details(headcount=4),
            actor=Actor("resident", resident.pk),
            now=now,
        )

    return act


def test_both_halves_can_be_hired_side_by_side(book_half):
    assert book_half("daikaigi-hanmen-a").price_yen == 1500
    assert book_half("daikaigi-hanmen-b").price_yen == 1500


@pytest.mark.parametrize("half", ["daikaigi-hanmen-a", "daikaigi-hanmen-b"])
def test_a_hired_half_keeps_the_whole_away(book_half, half):
    book_half(half)
    with pytest.raises(SlotTaken):
        book_half("daikaigi", "11:00", "13:00")


@pytest.mark.parametrize("half", ["daikaigi-hanmen-a", "daikaigi-hanmen-b"])
def test_the_hired_whole_keeps_each_half_away(book_half, half):
    assert book_half("daikaigi").price_yen == 3000
    with pytest.raises(SlotTaken):
        book_half(half)


def test_residents_see_the_half_as_taken_when_the_whole_is(book_half, now):
    book_half("daikaigi")
    day = room_day(
        room=room_by_key("aoyama", "daikaigi-hanmen-a"),
        day=DAY,
        asker=Asker("", "web", now),
    )
    taken = [slot.starts for slot in day.slots if slot.state == "taken"]
    assert taken == [600, 630, 660, 690]
