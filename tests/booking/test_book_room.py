"""Booking in one step, by staff also against the rules, with a reason that stays."""

from __future__ import annotations

import pytest

from accounts.actors import Actor
from booking.errors import HeadcountUnfit, OutsideRules, PurposeUnfit, SlotTaken, TooManyPeople
from booking.models import Reservation, Transition
from facilities.details import Details
from payments.queries import payment_states

CLERK = Actor("staff", 1)


def test_a_booking_is_confirmed_priced_and_charged(book):
    reservation = book("13:00", "16:00")
    stored = Reservation.objects.get()
    assert (stored.status, stored.price_yen, stored.number) == ("confirmed", 1200, reservation.number)
    assert payment_states([stored.ref])[stored.ref].assessed_yen == 1200


def test_more_people_than_the_room_holds_are_refused(book):
    with pytest.raises(TooManyPeople) as refusal:
        book(details=Details(headcount=31))
    assert refusal.value.facts["capacity"] == 30


def test_staff_book_against_the_rules_with_a_reason_that_stays(book):
    with pytest.raises(OutsideRules):
        book("08:00", "09:00", actor=CLERK, channel="desk")
    book("08:00", "09:00", actor=CLERK, channel="desk", override_reason="選挙の準備")
    assert Transition.objects.get().reason == "選挙の準備"


def test_staff_cannot_override_another_booking(book):
    book()
    with pytest.raises(SlotTaken):
        book(actor=CLERK, override_reason="急用")


def test_a_resident_cannot_override_the_rules(book):
    with pytest.raises(OutsideRules):
        book("08:00", "09:00", override_reason="どうしても")


def test_rare_kanji_and_emoji_stay_as_typed(book):
    book(purpose="葛󠄀城の𠮷野 🎵")
    assert Reservation.objects.get().purpose == "葛󠄀城の𠮷野 🎵"


@pytest.mark.parametrize("headcount", [0, -1, 100_001, 2**31])
def test_a_number_of_people_that_is_none_is_refused(book, headcount):
    with pytest.raises(HeadcountUnfit):
        book(details=Details(headcount=headcount))
    assert not Reservation.objects.exists()


@pytest.mark.parametrize("purpose", ["あ" * 201, "合唱\0", "合唱\ud83c"])
def test_words_that_cannot_be_kept_are_refused(book, purpose):
    with pytest.raises(PurposeUnfit):
        book(purpose=purpose)
    assert not Reservation.objects.exists()


def test_words_as_long_as_the_form_allows_are_kept(book):
    assert book(purpose="あ" * 200).purpose == "あ" * 200
