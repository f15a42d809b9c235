"""Rooms for official use at the desk: looked at before, decided one by one, carried out at once."""

from __future__ import annotations

import pytest

from booking.models import Closure, Displaced, Reservation
from facilities.queries import room_by_key
from tests.frontend.conftest import HALL

DESK = f"/desk/{HALL}/official/"


def typed(**changes):
    return {
        "kind": "official", "rooms": [room_by_key(HALL, "kenshu-2").id], "first": "2027-05-12", "starts": "540",
        "last": "2027-05-12", "ends": "1320", "reason": "市の説明会", "appeal_notice": "", **changes,
    }  # fmt: skip


def decided(reservation, value="cancel", **changes):
    return typed(
        step="act",
        **{f"seen_{reservation.ref}": str(reservation.sequence), f"to_{reservation.ref}": value},
        **changes,
    )


def test_looking_shows_who_is_hit_and_changes_nothing(browser_of, dai, book):
    mine = book()
    page = browser_of(dai).post(DESK, typed(step="look")).text
    assert mine.number in page
    assert "当たる予約：1件" in page
    assert not Closure.objects.exists()


def test_nobody_hit_is_said_and_the_rooms_are_taken(browser_of, dai, city):
    browser = browser_of(dai)
    assert "当たる予約は、ありません" in browser.post(DESK, typed(step="look")).text
    answer = browser.post(DESK, typed(step="act"))
    assert "/desk/displacement/" in answer.url
    assert "当たった予約は、ありませんでした" in browser.get(answer.url).text
    closure = Closure.objects.get()
    assert closure.kind == "official"
    assert "当たった予約がどうなったか見る" in browser.get(f"/desk/closure/{closure.pk}/").text


def test_the_usual_notice_of_appeal_is_there_to_be_changed(browser_of, dai, city):
    assert "あきる野市長" in browser_of(dai).get(DESK).text


@pytest.mark.parametrize("value", ["", "x", "1|2|3", "1|2027-05-12T10:00|2027-05-12T12:00", "🎉|🎉|🎉"])
def test_garbage_for_a_decision_is_asked_again(browser_of, dai, book, value):
    answer = browser_of(dai).post(DESK, decided(book(), value))
    assert answer.status_code == 422
    assert "すべての予約についてえらんでください" in answer.text
    assert not Closure.objects.exists()


def test_who_is_asked_needs_a_deadline(browser_of, dai, book):
    mine = book()
    other = room_by_key(HALL, "kenshu-3")
    to = f"{other.id}|{mine.starts_at.isoformat()}|{mine.ends_at.isoformat()}"
    answer = browser_of(dai).post(
        DESK, decided(mine, to, how="ask", answer_day="2027-02-30", answer_at="1020")
    )
    assert answer.status_code == 422
    assert "この日付は、ありません" in answer.text
    late = browser_of(dai).post(DESK, decided(mine, to, how="ask", answer_day="2027-05-20", answer_at="1020"))
    assert late.status_code == 422
    assert "返事の期限は" in late.text
    assert not Closure.objects.exists()


def test_moved_at_once_needs_no_deadline(browser_of, dai, book):
    mine = book()
    other = room_by_key(HALL, "kenshu-3")
    to = f"{other.id}|{mine.starts_at.isoformat()}|{mine.ends_at.isoformat()}"
    browser_of(dai).post(DESK, decided(mine, to, how="move"))
    assert Reservation.objects.get(pk=mine.pk).room_id == other.id
    assert Displaced.objects.get().outcome == "moved"


def test_a_manager_of_another_hall_finds_nothing(browser_of, dai, stranger, book):
    assert browser_of(stranger).get(DESK).status_code == 404
    answer = browser_of(dai).post(DESK, decided(book()))
    assert browser_of(stranger).get(answer.url).status_code == 404
    assert browser_of(dai).get(answer.url).status_code == 200


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "holiday"}, "選んで"),
        ({"rooms": []}, "部屋を選んでください"),
        ({"reason": " "}, "理由を書いてください"),
    ],
)
def test_mistakes_are_said_in_words(browser_of, dai, city, changes, words):
    answer = browser_of(dai).post(DESK, typed(step="look", **changes))
    assert answer.status_code == 422
    assert words in answer.text
