"""Staff decide a price where the rules leave it open, or another one, and say why."""

from __future__ import annotations

import re
from datetime import date

import pytest

from booking.models import Reservation
from booking.queries import reservation_for_staff
from facilities.models import RuleBook
from facilities.services import publish_rules
from tests.booking.conftest import rules_text
from tests.frontend.conftest import HALL
from tests.frontend.test_desk_reservation import page_of


@pytest.fixture
def open_price(city, book, now):
    """A reservation under rules that show no price."""
    text = re.sub(r"fee: \{yen_per_hour: \d+\}", "fee: {not_shown: true}", rules_text("akiruno"))
    text = text[: text.index("\ncases:")]
    publish_rules(rule_book_id=RuleBook.objects.get().pk, text=text, effective_from=date(2026, 1, 1), now=now)
    return book()


def test_a_lower_price_of_a_public_fee_is_not_the_halls_to_set(browser_of, dai, book):
    row = book()
    answer = browser_of(dai).post(page_of(row, "price/"), {"yen": "450", "reason": "暖房が止まったため"})
    assert "減免として、進達してください。" in answer.text
    assert Reservation.objects.get(pk=row.pk).price_yen == 600


def test_another_price_is_kept_with_its_reason_and_charged(browser_of, emi, book):
    row, browser = book(), browser_of(emi)
    assert "いまの料金：600円" in browser.get(page_of(row, "price/")).text
    answer = browser.post(page_of(row, "price/"), {"yen": "４５０円", "reason": "暖房が止まったため"})
    assert answer.url == page_of(row)
    page = browser.get(answer.url).text
    for words in ("未払い 450円", "料金の決定", "暖房が止まったため", "職員が決めた額"):
        assert words in page, words
    view = reservation_for_staff(ref=row.ref)
    assert (view.price_yen, view.payment.assessed_yen) == (450, 450)


def test_an_open_price_is_shown_as_open_everywhere_at_the_desk(browser_of, dai, open_price):
    browser = browser_of(dai)
    day = open_price.starts_at.date().isoformat()
    assert "料金は未定" in browser.get(f"/desk/{HALL}/{day}/").text
    page = browser.get(page_of(open_price)).text
    assert "料金は未定" in page
    assert page_of(open_price, "price/") in page
    assert "規則では、料金が決まりません。" in browser.get(page_of(open_price, "price/")).text
    for path in ("cash/", "cancel/"):
        assert browser.get(page_of(open_price, path)).status_code == 200


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"yen": "", "reason": "x"}, "料金"),
        ({"yen": "-1", "reason": "x"}, "料金"),
        ({"yen": "9" * 20, "reason": "x"}, "料金"),
        ({"yen": "たくさん", "reason": "x"}, "数字"),
        ({"yen": "500", "reason": " "}, "理由"),
    ],
)
def test_a_mistake_changes_nothing_and_loses_nothing(browser_of, dai, book, typed, words):
    row = book()
    answer = browser_of(dai).post(page_of(row, "price/"), typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert Reservation.objects.get(pk=row.pk).price_yen == 600


def test_what_is_cancelled_or_elsewhere_cannot_be_priced(browser_of, dai, chika, book):
    row, browser = book(), browser_of(dai)
    browser.post(page_of(row, "cancel/"), {"reason": "電話"})
    answer = browser.post(page_of(row, "price/"), {"yen": "1", "reason": "x"})
    assert answer.status_code == 409 or answer.status_code == 422
    assert Reservation.objects.get(pk=row.pk).price_yen == 600
    assert browser_of(chika).get(page_of(row, "price/")).status_code in {302, 403, 404}
