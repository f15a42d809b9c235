"""At the desk: a basket and a series for somebody on the phone, some dates against the rules with a reason."""

from __future__ import annotations

import re
from datetime import date

import pytest

from accounts.models import Membership
from booking.models import Application, BasketItem, Reservation, Series, SeriesDate
from tests import factories
from tests.factories import a_group
from tests.frontend.conftest import HALL

WEDNESDAY = date(2027, 5, 12)
NEW = f"/desk/{HALL}/kenshu-2/{WEDNESDAY}/new/"


@pytest.fixture
def hanako(city):
    return factories.a_resident("佐藤 花子", phone="042-555-0101")


@pytest.fixture
def taken(hanako):
    """What staff typed: 10:00 to 12:00 for Hanako on the phone."""
    return {"channel": "phone", "starts": "600", "ends": "720", "text": "", "resident": str(hanako.pk)}


@pytest.fixture
def browser(browser_of, dai):
    return browser_of(dai)


def key(page):
    return re.search(r'name="idempotency_key" value="([^"]+)"', page.content.decode())[1]


def text(page):
    return page.content.decode()


def test_a_basket_for_somebody_on_the_phone(browser, taken, hanako):
    page = browser.post(NEW, {**taken, "step": "basket"}, follow=True)
    assert "佐藤 花子さんの分です" in text(page)
    browser.post(NEW.replace("kenshu-2", "kenshu-1"), {**taken, "step": "basket"})
    assert BasketItem.objects.filter(resident=hanako, staff__isnull=False).count() == 2
    page = browser.post("/desk/basket/use/", {"purpose": "書道", "headcount": "8"}, follow=True)
    assert "書道" in text(page)
    sent = {"which": "all", "idempotency_key": key(page)}
    refused = browser.post("/desk/basket/check/", {**sent, "seen": "1 x"})
    assert refused.status_code == 409
    assert Reservation.objects.count() == 0
    seen = re.search(r'name="seen" value="([^"]+)"', text(refused))[1]
    sent = {"which": "all", "idempotency_key": key(refused), "seen": seen}
    page = browser.post("/desk/basket/check/", sent, follow=True)
    assert "まとめて予約しました" in text(page)
    assert {row.channel for row in Reservation.objects.filter(resident=hanako)} == {"phone"}
    assert Application.objects.get().reservations.count() == 2


def test_a_series_with_a_closed_day_against_the_rules(browser, taken, hanako):
    """19 May is free; Tuesdays 1st, 3rd, 5th are closed: the series is of Tuesdays."""
    new = f"/desk/{HALL}/kenshu-2/2027-05-11/new/"
    page = browser.post(new, {**taken, "step": "series"}, follow=True)
    assert "最初の日" in text(page)
    address = page.redirect_chain[-1][0]
    given = {"rhythm": "weeks-1", "ends": "count", "count": "3", "rooms": [str(_room(text(page)))]}
    page = browser.post(address, given, follow=True)
    page = browser.post(page.redirect_chain[-1][0], {"purpose": "書道", "headcount": "8"}, follow=True)
    assert "規則とちがうが" in text(page)
    dates = page.redirect_chain[-1][0]
    free = re.findall(r'name="take" value="([^"]+)"', text(page))
    closed = re.search(r'name="instead:([^"]+)"', text(page))[1]
    sent = {"take": free, f"instead:{closed}": "force", "which": "free", "idempotency_key": key(page)}
    refused = browser.post(dates, sent)
    assert refused.status_code == 422
    assert "理由を書いてください" in text(refused)
    sent |= {"override_reason": "館長の許可", "idempotency_key": key(refused)}
    page = browser.post(dates, sent, follow=True)
    assert "くり返しの予約を申し込みました" in text(page)
    assert sorted(SeriesDate.objects.values_list("state", flat=True)) == ["booked"] * 3
    listed = browser.get("/desk/series/")
    assert "佐藤 花子" in text(listed)


def test_for_a_group_of_the_customer(browser, taken, hanako, now):
    group = a_group("書道の会", now=now)
    Membership.objects.create(group=group, resident=hanako, role="booker", since=now)
    browser.post(NEW, {**taken, "step": "basket"})
    browser.post("/desk/customer/", {"group": str(group.pk)})
    page = browser.post(NEW, {**taken, "step": "basket"}, follow=True)
    assert "書道の会" in text(page)


def test_nobody_chosen_nothing_to_see(browser):
    assert browser.get("/desk/basket/").status_code == 404
    assert browser.get("/desk/series/new/").status_code == 404


def test_staff_of_another_hall_see_no_series_of_this_one(browser, browser_of, stranger, taken, hanako):
    page = browser.post(f"/desk/{HALL}/kenshu-2/2027-05-11/new/", {**taken, "step": "series"}, follow=True)
    given = {"rhythm": "weeks-1", "ends": "count", "count": "3", "rooms": [str(_room(text(page)))]}
    browser.post(page.redirect_chain[-1][0], given)
    ref = Series.objects.get().ref
    assert browser.get(f"/desk/series/{ref}/use/").status_code == 200
    assert browser_of(stranger).get(f"/desk/series/{ref}/use/").status_code == 404


def _room(page):
    return re.search(r'name="rooms" value="(\d+)"[^>]*checked', page)[1]
