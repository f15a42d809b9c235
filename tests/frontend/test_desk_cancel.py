"""Staff cancel for somebody: by whose cause, what comes back by the rules then, or what staff decide instead."""

from __future__ import annotations

from datetime import date

import pytest

from booking.models import Reservation
from booking.queries import reservation_for_staff
from facilities.models import RuleBook
from facilities.services import publish_rules
from payments.refunds.left_open import open_question
from tests.booking.conftest import rules_text
from tests.frontend.test_desk_reservation import page_of

LADDER = (
    "    refunds:\n"
    "      - {causes: [no-fault], percent: 100, article: 条例第9条}\n"
    "      - {causes: [own], when: {rain: true}, percent: 50}\n"
    "      - {causes: [own], at_least_days_before: 30, discretionary: 全部又は一部, article: 条例第9条}\n"
    "      - {causes: [own], percent: 0, article: 条例第9条}\n"
    "    charges: [{causes: [own], at_least_days_before: 0, percent: 20, article: 規則第8条}]\n"
)


@pytest.fixture
def ladder(city, now):
    """Akiruno's rules with a ladder by cause and weather, and a charge where nothing was paid."""
    text = rules_text("akiruno").replace(
        "    deadline: {days_before: 1}\n", f"    deadline: {{days_before: 1}}\n{LADDER}"
    )
    text = text.replace("causes:\n", "questions: [{key: rain, name: 大雨の警報}]\ncauses:\n", 1)
    publish_rules(rule_book_id=RuleBook.objects.get().pk, text=text, effective_from=date(2026, 1, 1), now=now)


@pytest.fixture
def paid(ladder, book, browser_of, dai):
    """A reservation of 600 yen, paid in cash."""
    row = book()
    browser_of(dai).post(page_of(row, "cash/"), {"yen": "600"})
    return row


def due_back(row):
    return reservation_for_staff(ref=row.ref).payment.refund_due_yen


def test_the_cause_decides_what_comes_back_and_can_be_looked_at_first(browser_of, dai, paid):
    browser = browser_of(dai)
    assert "返すお金：なし" in browser.get(page_of(paid, "cancel/")).text
    looked = browser.post(page_of(paid, "cancel/"), {"cause": "no-fault", "reason": "停電", "step": "look"})
    assert "返すお金：600円" in looked.text
    assert "条例第9条" in looked.text
    assert Reservation.objects.get(pk=paid.pk).status == "confirmed"
    browser.post(page_of(paid, "cancel/"), {"cause": "no-fault", "reason": "停電"})
    assert due_back(paid) == 600


def test_what_the_rules_ask_while_cancelling_counts(browser_of, dai, paid):
    browser_of(dai).post(page_of(paid, "cancel/"), {"cause": "own", "q_rain": "yes", "reason": "電話"})
    assert due_back(paid) == 300


def test_staff_decide_the_refund_and_the_reason_stays(browser_of, dai, paid):
    browser = browser_of(dai)
    browser.post(page_of(paid, "cancel/"), {"cause": "own", "reason": "葬儀のため", "refund_yen": "４５０円"})
    assert due_back(paid) == 450
    assert "葬儀のため" in browser.get(page_of(paid)).text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"refund_yen": "601"}, "受け取った額まで"),
        ({"refund_yen": "-1"}, "返すお金"),
        ({"refund_yen": "全部"}, "数字"),
        ({"cause": "aliens"}, "都合"),
    ],
)
def test_a_mistake_cancels_nothing(browser_of, dai, paid, typed, words):
    answer = browser_of(dai).post(page_of(paid, "cancel/"), {"cause": "own", "reason": "x", **typed})
    assert answer.status_code == 422
    assert words in answer.text
    assert Reservation.objects.get(pk=paid.pk).status == "confirmed"


def test_a_charge_for_cancelling_stays_to_be_paid(browser_of, dai, ladder, book):
    row, browser = book(), browser_of(dai)
    assert "受け取るお金（取消料）：120円" in browser.get(page_of(row, "cancel/")).text
    browser.post(page_of(row, "cancel/"), {"cause": "own", "reason": "電話"})
    payment = reservation_for_staff(ref=row.ref).payment
    assert (payment.state, payment.assessed_yen) == ("unpaid", 120)


def test_a_reservation_without_a_price_is_cancelled_too(browser_of, dai, book, city):
    row = book()
    Reservation.objects.filter(pk=row.pk).update(price_yen=None, quote=None)
    browser_of(dai).post(page_of(row, "cancel/"), {"reason": "電話"})
    assert Reservation.objects.get(pk=row.pk).status == "cancelled"


def test_where_the_rules_leave_it_open_a_hall_says_what_it_thinks_and_the_municipality_decides(
    browser_of, dai, emi, book
):
    row, browser = book(), browser_of(dai)
    browser.post(page_of(row, "cash/"), {"yen": "600"})
    assert "自治体の職員が決めます" in browser.get(page_of(row, "cancel/")).text
    browser.post(page_of(row, "cancel/"), {"reason": "入院のため", "refund_yen": "300"})
    payment = reservation_for_staff(ref=row.ref).payment
    assert (payment.paid_yen, payment.refund_due_yen) == (600, 0)
    task = open_question(row.ref)
    assert (task.facts["proposed_yen"], task.facts["why"]) == (300, "入院のため")
    browser_of(emi).post(f"/desk/money/tasks/{task.pk}/", {"yen": "300", "reason": "入院のため"})
    assert reservation_for_staff(ref=row.ref).payment.refund_due_yen == 300


def test_where_the_rules_leave_the_refund_to_staff_they_have_to_say_it(browser_of, emi, book):
    row, browser = book(), browser_of(emi)
    browser.post(page_of(row, "cash/"), {"yen": "600"})
    sent = {"reason": "電話で申し出"}
    looked = browser.post(page_of(row, "cancel/"), {**sent, "step": "look"})
    assert looked.status_code == 200
    assert "返さないときは、0と書いてください。" in looked.text
    unsaid = browser.post(page_of(row, "cancel/"), sent)
    assert unsaid.status_code == 422
    assert "返すお金を書いてください。" in unsaid.text
    assert "電話で申し出" in unsaid.text
    assert Reservation.objects.get().status == "confirmed"
    browser.post(page_of(row, "cancel/"), {**sent, "refund_yen": "0"})
    assert Reservation.objects.get().status == "cancelled"
    assert reservation_for_staff(ref=row.ref).payment.refund_due_yen == 0


def test_a_price_lowered_after_it_was_paid_does_not_stand_in_the_way_of_cancelling(paid, browser_of, emi):
    browser = browser_of(emi)
    browser.post(page_of(paid, "price/"), {"yen": "100", "reason": "暖房が止まったため"})
    browser.post(page_of(paid, "cancel/"), {"reason": "電話で申し出", "cause": "own", "q_rain": "yes"})
    payment = reservation_for_staff(ref=paid.ref).payment
    assert Reservation.objects.get().status == "cancelled"
    assert payment.refund_due_yen == 500 + 50, "what was too much, and half of the 100 yen that were left"


def test_a_price_raised_again_asks_for_what_is_really_missing(paid, browser_of, emi):
    browser = browser_of(emi)
    for yen in ("100", "700"):
        browser.post(page_of(paid, "price/"), {"yen": yen, "reason": "見直し"})
    assert reservation_for_staff(ref=paid.ref).payment.due_yen == 600
    browser.post(page_of(paid, "refund/"))
    assert "600円" in browser.get(page_of(paid, "cash/")).text
