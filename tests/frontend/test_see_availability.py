"""Public pages: what is free, for everybody, at an address that can be passed on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from frontend.resident.choices import read_clock, read_time
from frontend.resident.days import today
from tests.frontend.conftest import ROOM


@pytest.fixture
def anyone(client_for, akiruno):
    client = client_for(akiruno)
    client.raise_request_exception = False
    return client


def test_room_opens_on_a_day_with_free_times_and_says_the_next_one(anyone, city):
    page = anyone.get(ROOM).content.decode()
    assert "何時から使いますか" in page
    assert "次に空いている日" in page


def test_lengths_show_their_price(anyone, day):
    page = anyone.get(f"{ROOM}{day}/", {"start": "13:00"}).content.decode()
    assert "午後1時から、何時まで使いますか" in page
    assert "午後3時まで" in page
    assert "1,600円" in page


def test_price_says_why(anyone, day):
    page = anyone.get(f"{ROOM}{day}/", {"start": "13:00"}).content.decode()
    assert "料金のわけ" in page
    assert "1時間800円です。" in page


def test_closed_day_says_why(anyone, city):
    closed = next(
        at for at in (today(timezone.now()) + timedelta(days=n) for n in range(60))
        if at.weekday() == 1 and (at.day - 1) // 7 in {0, 2, 4} and (at.month, at.day) not in {(12, 29)}
    )  # fmt: skip
    answer = anyone.get(f"{ROOM}{closed}/")
    assert answer.status_code == 200
    assert "休館" in answer.content.decode()


@pytest.mark.parametrize("days", [-400, -1, 400, 790])
def test_day_that_cannot_be_booked_is_a_clear_page(anyone, city, days):
    at = today(timezone.now()) + timedelta(days=days)
    for address in (f"{ROOM}{at}/", f"/h/chuo-kominkan/{at}/"):
        answer = anyone.get(address)
        assert answer.status_code == 200
        assert "つぎへ進む" not in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        f"{ROOM}2026-02-30/",
        f"{ROOM}9999-12-31/",
        f"{ROOM}0001-01-01/",
        f"{ROOM}0000-00-00/",
        "/h/chuo-kominkan/2026-13-01/",
        "/h/nowhere/",
        "/h/nowhere/2026-12-02/",
        "/h/chuo-kominkan/nowhere/",
        "/h/chuo-kominkan/nowhere/2026-12-02/",
        "/no/such/page",
    ],
)
def test_address_of_nothing_is_a_clear_404(anyone, city, path):
    answer = anyone.get(path)
    assert answer.status_code == 404
    assert "はじめのページへ" in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"start": "99:99"},
        {"start": "x"},
        {"time": "１３：００-15:00"},
        {"time": "z-z"},
        {"time": "13:00-13:00"},
    ],
)
def test_odd_query_still_shows_the_page(anyone, day, query):
    assert anyone.get(f"{ROOM}{day}/", query).status_code == 200


def test_only_our_own_origin_may_run_scripts(anyone, day):
    answer = anyone.get(f"{ROOM}{day}/")
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    page = answer.content.decode()
    assert "style=" not in page
    assert "onclick=" not in page


def test_free_room_of_a_hall_leads_to_its_day(anyone, day):
    page = anyone.get(f"/h/chuo-kominkan/{day}/").content.decode()
    assert f'href="{ROOM}{day}/"' in page
    assert "9:00〜22:00" in page


def test_clock_reads_full_width_and_refuses_what_is_no_time():
    assert read_clock("０９：３０") == 570
    assert read_clock("24:00") == 1440
    assert read_clock("34:00") == 2040  # the next day at 10:00
    assert read_clock("72:01") is None
    assert read_time("9:00-12:00") == (540, 720)
    assert read_time("12:00-9:00") is None


def test_slots_that_follow_each_other_can_be_taken_together(client_for, city, hokota):
    at = today(timezone.now()) + timedelta(days=21)
    address = f"/h/hokota-chuo/kaigi/{at}/"
    page = client_for(hokota).get(address).content.decode()
    assert "午前・午後 9:00〜17:00" in page
    assert "1,040円" in page
    assert "午前・午後・夜 9:00" not in page  # the rules call that 1日
    chosen = client_for(hokota).get(address, {"time": "9:00-17:00"}).content.decode()
    assert "この時間で進む" in chosen
