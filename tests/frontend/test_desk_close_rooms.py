"""Taking rooms out of use at the desk, and in the console."""

from __future__ import annotations

import pytest

from booking.models import Claim, Closure
from facilities.queries import room_by_key
from tests import factories
from tests.frontend.conftest import HALL

DESK = f"/desk/{HALL}/close/"
CONSOLE = f"/console/closures/new/{HALL}/"


def typed(**changes):
    return {
        "rooms": [room_by_key(HALL, "kenshu-2").id], "first": "2027-05-12", "starts": "540", "last": "2027-05-12",
        "ends": "720", "reason": "床の工事", **changes,
    }  # fmt: skip


def test_room_is_closed_and_put_back(browser_of, dai, city, book):
    browser = browser_of(dai)
    assert browser.post(DESK, typed()).url == f"/desk/{HALL}/2027-05-12/"
    closure = Closure.objects.get()
    page = browser.get(f"/desk/closure/{closure.pk}/").text
    assert "床の工事" in page
    assert "第2研修室" in page
    browser.post(f"/desk/closure/{closure.pk}/")
    assert Closure.objects.get().lifted_at is not None
    assert book(starts=540, ends=720)


def test_reservations_in_the_way_are_named_and_nothing_is_closed(browser_of, emi, book):
    reservation = book()
    answer = browser_of(emi).post(CONSOLE, typed())
    assert answer.status_code == 422
    assert reservation.number in answer.text
    assert "床の工事" in answer.text
    assert not Closure.objects.exists()


def test_whole_hall_takes_every_space(browser_of, emi, city):
    browser_of(emi).post(CONSOLE, typed(rooms=[], whole="on", starts="0", ends="1440"))
    assert Claim.objects.filter(closure=Closure.objects.get(), active=True).count() == 19
    assert "床の工事" in browser_of(emi).get("/console/closures/").text


def test_closure_is_lifted_in_the_console(browser_of, emi, city):
    browser = browser_of(emi)
    browser.post(CONSOLE, typed())
    browser.post(f"/console/closures/{Closure.objects.get().pk}/lift/")
    assert "やめました" in browser.get("/console/closures/").text
    again = browser.post(f"/console/closures/{Closure.objects.get().pk}/lift/")
    assert again.status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rooms": []}, "部屋を選んでください"),
        ({"reason": " "}, "理由を書いてください"),
        ({"first": "2027-02-30"}, "この日付は、ありません"),
        ({"first": "0001-01-01"}, "この日付は、ありません"),
        ({"starts": "720", "ends": "540"}, "終わりの時刻は、始まりの時刻より後に"),
        ({"rooms": ["999999"]}, "この中から選んでください"),
    ],
)
def test_mistakes_are_said_in_words(browser_of, dai, city, changes, words):
    answer = browser_of(dai).post(DESK, typed(**changes))
    assert answer.status_code == 422
    assert words in answer.text
    assert not Closure.objects.exists()


def test_manager_of_another_hall_cannot_lift(browser_of, dai, stranger, city):
    browser_of(dai).post(DESK, typed())
    closure = Closure.objects.get()
    assert browser_of(stranger).get(f"/desk/closure/{closure.pk}/").status_code == 404
    assert browser_of(stranger).post(f"/desk/closure/{closure.pk}/").status_code == 404
    assert Closure.objects.get().lifted_at is None


def test_rooms_of_another_hall_are_not_offered(browser_of, dai, city):
    other = factories.a_room(factories.a_facility("hoka", "ほかの会館"), "heya", "よその部屋")
    assert "よその部屋" not in browser_of(dai).get(DESK).text
    assert browser_of(dai).post(DESK, typed(rooms=[other.pk])).status_code == 422
