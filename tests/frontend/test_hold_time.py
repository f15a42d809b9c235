"""Choosing a time on a room's page, and what follows until it is a booking."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from booking.models import Claim, Reservation
from tenants.context import inside
from tests import factories
from tests.frontend.conftest import ROOM


def test_stranger_is_sent_to_sign_in_and_keeps_the_choice(client_for, akiruno, day):
    answer = client_for(akiruno).post(f"{ROOM}{day}/", {"time": "13:00-15:00"})
    assert answer.status_code == 302
    assert answer.url.startswith("/account/login/?next=")
    assert "13%253A00-15%253A00" in answer.url
    assert not Reservation.objects.exists()


def test_same_submit_twice_is_one_hold(browser_of_aiko, day):
    form = {"time": "13:00-15:00", "idempotency_key": "a-form"}
    first, second = (browser_of_aiko.post(f"{ROOM}{day}/", form) for _ in range(2))
    assert first.url == second.url
    assert Reservation.objects.count() == 1


def test_asking_again_for_ones_own_hold_leads_back_to_it(browser_of_aiko, day, hold):
    held = hold()
    answer = browser_of_aiko.post(f"{ROOM}{day}/", {"time": "13:00-15:00", "idempotency_key": "another"})
    assert answer.url == f"/book/{held.ref}/"


def test_taken_time_stays_on_the_page_with_its_sentence(city, browser_of_aiko, day, hold, client_for):
    hold()
    rival = factories.a_resident("別の人", "betsu@example.jp", login=True)
    other = client_for(city)
    other.force_login(rival.user)
    answer = other.post(f"{ROOM}{day}/", {"time": "14:00-16:00", "idempotency_key": "b"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "<title>エラー：" in page
    assert "先に予約が入りました" in page
    assert "同じ時間に空いている、ほかの部屋" in page
    assert "青木" not in page


@pytest.mark.parametrize("time", ["", "25:00-26:00", "15:00-13:00", "abc", "13:00", "13:60-15:00"])
def test_time_that_is_none_is_refused_in_words(browser_of_aiko, day, time):
    answer = browser_of_aiko.post(f"{ROOM}{day}/", {"time": time})
    assert answer.status_code == 422
    assert "まちがいがあります" in answer.content.decode()


@pytest.mark.parametrize("time", ["05:00-06:00", "13:30-14:30", "21:00-24:00"])
def test_time_outside_the_rules_is_refused_with_the_rule(browser_of_aiko, day, time):
    answer = browser_of_aiko.post(f"{ROOM}{day}/", {"time": time, "idempotency_key": "c"})
    assert answer.status_code == 422
    assert not Reservation.objects.exists()


def test_use_and_headcount_are_refused_in_words_and_kept(browser_of_aiko, hold):
    held = hold()
    answer = browser_of_aiko.post(f"/book/{held.ref}/", {"purpose": "合唱の会", "headcount": "151"})
    assert answer.status_code == 422
    assert "この部屋は150人までです。" in answer.content.decode()
    assert 'value="合唱の会"' in answer.content.decode()


@pytest.mark.parametrize("headcount", ["0", "-3", "十人", "9" * 40, "1.5", "\x00"])
def test_headcount_that_is_none_is_refused(browser_of_aiko, hold, headcount):
    answer = browser_of_aiko.post(f"/book/{hold().ref}/", {"purpose": "会", "headcount": headcount})
    assert answer.status_code == 422


def test_confirming_twice_is_one_booking(browser_of_aiko, hold):
    held = hold()
    browser_of_aiko.post(f"/book/{held.ref}/", {"purpose": "合唱 🎵 𠮷", "headcount": "１２人"})
    answers = [browser_of_aiko.post(f"/book/{held.ref}/check/", {"idempotency_key": "k"}) for _ in range(2)]
    assert [answer.url for answer in answers] == [f"/my/r/{held.ref}/done/"] * 2
    booked = Reservation.objects.get()
    assert (booked.status, booked.purpose, booked.headcount) == ("confirmed", "合唱 🎵 𠮷", 12)


def test_check_page_without_answers_asks_for_them_first(browser_of_aiko, hold):
    held = hold()
    assert browser_of_aiko.get(f"/book/{held.ref}/check/").url == f"/book/{held.ref}/"


def test_hold_that_ran_out_says_so_and_books_nothing(browser_of_aiko, hold):
    held = hold()
    browser_of_aiko.post(f"/book/{held.ref}/", {"purpose": "会", "headcount": "5"})
    past = timezone.now() - timedelta(seconds=1)
    Reservation.objects.update(held_until=past)
    Claim.objects.update(expires_at=past)
    answer = browser_of_aiko.post(f"/book/{held.ref}/check/", {"idempotency_key": "k"})
    assert answer.status_code == 410
    assert "同じ時間をもう一度おさえる" in answer.content.decode()
    assert Reservation.objects.get().status != "confirmed"


def test_releasing_gives_the_time_back(browser_of_aiko, hold, day):
    held = hold()
    answer = browser_of_aiko.post(f"/book/{held.ref}/release/", {"choose": "room"})
    assert answer.url == f"{ROOM}{day}/"
    assert not Claim.objects.filter(active=True).exists()


def test_anothers_hold_is_not_found(city, client_for, hold):
    held = hold()
    rival = factories.a_resident("別の人", "betsu@example.jp", login=True)
    other = client_for(city)
    other.raise_request_exception = False
    other.force_login(rival.user)
    for path in (
        f"/book/{held.ref}/",
        f"/book/{held.ref}/check/",
        f"/my/r/{held.ref}/",
        f"/my/r/{held.ref}/cancel/",
    ):
        assert other.get(path).status_code == 404
        assert other.post(path, {"purpose": "x", "headcount": "1"}).status_code in {404, 405}


def test_hold_of_another_municipality_is_not_found(hold, hokota, chika):
    held = hold()
    with inside(hokota):
        browser = chika.client()
    browser.raise_request_exception = False
    assert browser.get(f"/book/{held.ref}/").status_code == 404
