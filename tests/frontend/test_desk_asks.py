"""At the desk the rules ask what they ask everybody, and what only staff know; the price follows."""

from __future__ import annotations

from datetime import date

import pytest

from booking.models import Reservation
from facilities.models import RuleBook
from facilities.services import publish_rules
from tests.booking.conftest import rules_text
from tests.booking.test_say_details import QUESTIONS, USED
from tests.frontend.test_desk_new_booking import NEW, typed

SAID = {"use": "sale", "q_admission": "５００円", "q_heating": "yes", "x_piano": "2"}
CLASSES = (
    "applicant_classes:\n",
    "applicant_classes:\n  - {key: registered, name: 登録団体, granted: true}\n",
)
OPEN_TO = ("who: [general]", "who: [general, registered]")


@pytest.fixture
def asking(city, now):
    """Akiruno's rules with purposes, questions, a piano, and a class staff grant that halves the price."""
    text = rules_text("akiruno")
    halved = "    rows:\n      - {name: 登録団体, when: {who: registered}, take: 5割}\n"
    for old, new in (QUESTIONS, USED, CLASSES, OPEN_TO, ("    rows:\n", halved)):
        assert old in text, old
        text = text.replace(old, new, 1)
    publish_rules(rule_book_id=RuleBook.objects.get().pk, text=text, effective_from=date(2026, 1, 1), now=now)


def test_the_page_asks_what_the_rules_ask(browser_of, dai, asking):
    page = browser_of(dai).get(NEW).text
    for name in ('name="use"', 'name="q_admission"', 'name="q_heating"', 'name="x_piano"', 'name="who"'):
        assert name in page, name


def test_what_was_said_is_shown_priced_and_kept(browser_of, dai, asking):
    browser = browser_of(dai)
    check = browser.post(NEW, typed(step="check", **SAID)).text
    for words in ("販売", "500円", "はい", "ピアノ"):
        assert words in check, words
    assert 'name="q_admission" value="５００円"' in check or 'name="q_admission" value="500"' in check
    browser.post(NEW, typed(step="book", **SAID))
    row = Reservation.objects.get()
    assert (row.purpose_key, row.answers, row.extras) == (
        "sale",
        {"admission": 500, "heating": True},
        {"piano": 2},
    )
    assert f"{row.price_yen:,}円" in check


def test_staff_may_say_a_class_the_applicant_has_not(browser_of, dai, asking):
    browser = browser_of(dai)
    meeting = {**SAID, "use": "meeting", "q_admission": "0", "q_heating": "no", "x_piano": ""}
    browser.post(NEW, typed(step="book", **meeting))
    full = Reservation.objects.get()
    full_price = full.price_yen
    browser.post(f"/desk/reservation/{full.ref}/cancel/", {"reason": "x"})
    browser.post(NEW, typed(step="book", who="registered", **meeting))
    half = Reservation.objects.exclude(pk=full.pk).get()
    assert (half.applicant_class, half.price_yen * 2) == ("registered", full_price)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"use": ""}, "利用の目的を選んでください"),
        ({"use": "wedding"}, "利用の目的を選んでください"),
        ({"q_admission": "たくさん"}, "入場料は、数字で書いてください"),
        ({"q_admission": "-1"}, "入場料"),
        ({"x_piano": "9" * 30}, "ピアノ"),
    ],
)
def test_a_mistake_is_said_at_its_field_and_nothing_is_lost(browser_of, dai, asking, changes, words):
    answer = browser_of(dai).post(NEW, typed(step="check", **{**SAID, **changes}))
    assert answer.status_code == 422
    assert words in answer.text
    assert "１２人" in answer.text
    assert not Reservation.objects.exists()
