"""The pages of changing: what is typed wrongly is said in words, what is not theirs is not found."""

from __future__ import annotations

import pytest

from accounts.actors import Actor
from booking.models import Change, Reservation
from booking.waiting.asking import wait_for_time
from facilities.queries import room_by_key
from tests.factories import a_resident
from tests.frontend.conftest import HALL

GARBAGE = [
    {"room": "x", "day": "2027-06-09", "time": "abc"},
    {"room": "99999999999999999999", "day": "2027-06-09", "time": "9:00-12:00"},
    {"time": "25:99-1:00"},
    {"starts": "12:00", "ends": "9:00"},
    {"time": "9:00-12:00", "asked": "1", "headcount": "たくさん"},
    {"day": "2027-05-12", "starts": "9:00", "ends": "9:07"},
]


def choice(**more):
    return {
        "room": str(room_by_key(HALL, "kenshu-2").id), "day": "2027-05-12", "starts": "13:00", "ends": "15:00", **more,
    }  # fmt: skip


@pytest.fixture
def mine(book, aiko):
    """Aiko's booking in 第2研修室, on the coming Wednesday."""
    return book(resident=aiko.resident)


def test_the_own_time_counts_as_free_and_is_named(browser_of, aiko, mine):
    page = browser_of(aiko).get(f"/my/r/{mine.ref}/change/").text
    assert "いまの予約" in page
    assert "いまの予約はそのままです" in page


@pytest.mark.parametrize("query", GARBAGE)
@pytest.mark.parametrize("place", ["/my/r/{}/change/", "/my/r/{}/change/check/"])
def test_garbage_in_an_address_is_never_a_fault(browser_of, aiko, mine, place, query):
    answer = browser_of(aiko).get(place.format(mine.ref), query)
    assert answer.status_code in {200, 302, 404, 422}
    assert not Change.objects.exists()


@pytest.mark.parametrize("query", GARBAGE)
def test_garbage_in_the_form_changes_nothing(browser_of, aiko, dai, mine, query):
    for browser, place in ((browser_of(aiko), "/my/r/{}"), (browser_of(dai), "/desk/reservation/{}")):
        answer = browser.post(f"{place.format(mine.ref)}/change/check/", {**query, "sequence": "x"})
        assert answer.status_code in {200, 302, 404, 422}
    assert not Change.objects.exists()


@pytest.mark.parametrize("day", ["2027-02-30", "9999-01-01", "garbage"])
def test_a_day_that_is_none_is_said_so(browser_of, aiko, dai, mine, day):
    assert browser_of(aiko).get(f"/my/r/{mine.ref}/change/", {"day": day}).status_code == 404
    assert browser_of(dai).get(f"/desk/reservation/{mine.ref}/change/", {"day": day}).status_code == 404


def test_a_time_somebody_has_is_said_with_the_choice_still_there(browser_of, aiko, mine, book):
    book(starts=780, ends=900)
    answer = browser_of(aiko).get(f"/my/r/{mine.ref}/change/check/", choice())
    assert answer.status_code == 422
    assert "先に予約が入りました" in answer.text
    assert "部屋と日をえらぶ" in answer.text


def test_pressing_twice_changes_once(browser_of, aiko, mine):
    browser, sent = browser_of(aiko), choice(sequence="0", idempotency_key="k" * 20)
    for _ in range(2):
        answer = browser.post(f"/my/r/{mine.ref}/change/check/", sent)
        assert answer.url == f"/my/r/{mine.ref}/changed/"
    assert Reservation.objects.get(pk=mine.pk).sequence == 1


def test_who_moves_away_from_a_wished_time_is_told_before(browser_of, aiko, mine):
    browser, page = browser_of(aiko), f"/my/r/{mine.ref}/change/check/"
    assert "もう一度予約することはできません" not in browser.get(page, choice()).text
    other = a_resident("待つ人").pk
    wait_for_time(
        room_id=mine.room_id, starts_at=mine.starts_at, ends_at=mine.ends_at, wish="offer", any_alike=False,
        resident_id=other, actor=Actor("resident", other), now=mine.created_at,
    )  # fmt: skip
    answer = browser.get(page, choice())
    assert answer.status_code == 200
    assert "あなたは、その時間をもう一度予約することはできません" in answer.text


def test_another_room_asks_what_was_not_said(browser_of, dai, mine):
    Reservation.objects.filter(pk=mine.pk).update(headcount=None)
    page = browser_of(dai).get(f"/desk/reservation/{mine.ref}/change/check/", choice())
    assert page.status_code == 200


def test_more_people_are_shown_and_changed(browser_of, aiko, mine):
    said = choice(asked="1", purpose="会議", headcount="７人")
    browser = browser_of(aiko)
    assert "この内容に変更しますか" in browser.get(f"/my/r/{mine.ref}/change/check/", said).text
    browser.post(f"/my/r/{mine.ref}/change/check/", {**said, "sequence": "0", "idempotency_key": "k" * 20})
    assert Reservation.objects.get(pk=mine.pk).headcount == 7


def test_too_many_people_stand_at_their_field(browser_of, aiko, mine):
    answer = browser_of(aiko).get(
        f"/my/r/{mine.ref}/change/check/", choice(asked="1", purpose="会議", headcount="999")
    )
    assert answer.status_code == 422
    assert "12人まで" in answer.text


def test_what_is_not_theirs_is_not_found(browser_of, aiko, stranger, book):
    other = book()
    for path in ("change/", "change/check/", "changed/", "answer/"):
        assert browser_of(aiko).get(f"/my/r/{other.ref}/{path}").status_code == 404
    for path in ("change/", "change/check/"):
        assert browser_of(stranger).get(f"/desk/reservation/{other.ref}/{path}").status_code == 404


def test_an_answer_to_nothing_leads_back(browser_of, aiko, mine):
    assert browser_of(aiko).post(f"/my/r/{mine.ref}/answer/", {"answer": "yes"}).status_code == 302


def test_pages_are_complete_in_english(browser_of, aiko, dai, mine):
    for browser, path in (
        (browser_of(aiko), f"/my/r/{mine.ref}/change/"),
        (browser_of(dai), f"/desk/reservation/{mine.ref}/change/"),
        (browser_of(dai), f"/desk/{HALL}/official/"),
    ):
        page = browser.get(path, headers={"accept-language": "en"}).text
        assert "予約を変更する" not in page
        assert "公用・災害" not in page
