"""One reservation at the desk: attendance, cash and receipt, cancelling, the key."""

from __future__ import annotations

import pytest

from booking.models import Reservation, Transition
from booking.queries import reservation_for_staff
from facilities.models import Facility
from facilities.queries import room_by_key
from locks.models import Credential, KeyHandover
from locks.services import add_door
from payments.models import LedgerEntry, Paper
from tests.frontend.conftest import HALL


def page_of(reservation, part=""):
    return f"/desk/reservation/{reservation.ref}/{part}"


def test_attendance_is_one_tap_and_can_be_undone(browser_of, dai, book):
    reservation, browser = book(), browser_of(dai)
    for word in ("arrived", "unknown", "absent"):
        answer = browser.post(page_of(reservation, "attendance/"), {"attendance": word})
        assert answer.status_code == 302
        assert Reservation.objects.get(pk=reservation.pk).attendance == word
    verbs = list(Transition.objects.filter(reservation=reservation).values_list("verb", "actor_id"))
    assert verbs[1:] == [(word, dai.staff.pk) for word in ("arrived", "unknown", "absent")]


def test_unknown_word_for_attendance_changes_nothing(browser_of, dai, book):
    reservation = book()
    browser_of(dai).post(page_of(reservation, "attendance/"), {"attendance": "dancing"})
    assert Reservation.objects.get(pk=reservation.pk).attendance == "unknown"


def test_page_shows_phone_purpose_price_and_history(browser_of, dai, book):
    page = browser_of(dai).get(page_of(book())).text
    for words in ('href="tel:0425550101"', "書道の会", "未払い 600円", "窓口", "これまでのこと"):
        assert words in page, words


def test_cash_makes_a_ledger_entry_and_a_numbered_receipt(browser_of, dai, book):
    reservation, browser = book(), browser_of(dai)
    assert "600円を受け取った" in browser.get(page_of(reservation, "cash/")).text
    answer = browser.post(page_of(reservation, "cash/"), {"yen": "600"})
    assert answer.url == page_of(reservation, "receipt/")
    entry = LedgerEntry.objects.get(kind="collected")
    assert (entry.yen, entry.actor_id) == (600, dai.staff.pk)
    receipt = browser.get(answer.url).text
    assert Paper.objects.get().number in receipt
    assert "佐藤 花子" in receipt
    assert "再発行" not in receipt
    assert reservation_for_staff(ref=reservation.ref).payment.state == "paid"


def test_second_look_at_a_receipt_says_that_it_is_a_reissue(browser_of, dai, book):
    reservation, browser = book(), browser_of(dai)
    browser.post(page_of(reservation, "cash/"), {"yen": "600"})
    browser.get(page_of(reservation, "receipt/"))
    assert "再発行" in browser.get(page_of(reservation, "receipt/")).text


def test_cash_taken_twice_is_one_payment(browser_of, dai, book):
    reservation, browser = book(), browser_of(dai)
    for _tap in range(2):
        answer = browser.post(page_of(reservation, "cash/"), {"yen": "600"})
        assert answer.url == page_of(reservation, "receipt/")
    assert LedgerEntry.objects.filter(kind="collected").count() == 1


@pytest.mark.parametrize("yen", ["500", "", "-600", "６００円", "9" * 30])
def test_wrong_amount_is_refused_with_the_right_one(browser_of, dai, book, yen):
    answer = browser_of(dai).post(page_of(book(), "cash/"), {"yen": yen})
    assert answer.status_code == 422
    assert "600円を受け取ってください" in answer.text


def test_cancelling_for_someone_needs_a_reason(browser_of, dai, book):
    reservation, browser = book(), browser_of(dai)
    answer = browser.post(page_of(reservation, "cancel/"), {"reason": "  "})
    assert answer.status_code == 422
    assert "取り消す理由を書いてください" in answer.text
    assert Reservation.objects.get(pk=reservation.pk).status == "confirmed"


def test_cancelling_keeps_the_reason_and_frees_the_time(browser_of, dai, book):
    reservation, browser = book(), browser_of(dai)
    browser.post(page_of(reservation, "cancel/"), {"reason": "電話で申し出"})
    assert Reservation.objects.get(pk=reservation.pk).status == "cancelled"
    assert Transition.objects.get(reservation=reservation, verb="cancel").reason == "電話で申し出"
    assert "電話で申し出" in browser.get(page_of(reservation)).text
    book()


def test_cancelling_shows_what_the_rules_say_of_the_refund(browser_of, dai, book):
    reservation, browser = book(), browser_of(dai)
    browser.post(page_of(reservation, "cash/"), {"yen": "600"})
    page = browser.get(page_of(reservation, "cancel/")).text
    assert "規則では" in page
    assert "返すお金" in page


def test_key_goes_out_and_comes_back(browser_of, dai, book, now):
    room = room_by_key(HALL, "kenshu-2")
    hall = Facility.objects.get(key=HALL)
    add_door(
        facility_id=hall.pk, name="窓口の鍵", adapter="physical_key", room_ids=[room.id], note="1階", now=now
    )
    reservation, browser = book(), browser_of(dai)
    Credential.objects.filter(subject=reservation.ref).update(state="accepted")
    assert "鍵を渡した" in browser.get(page_of(reservation)).text
    browser.post(page_of(reservation, "key/"), {"key": "out"})
    assert KeyHandover.objects.get().given_to == "佐藤 花子"
    assert "鍵が返った" in browser.get(page_of(reservation)).text
    browser.post(page_of(reservation, "key/"), {"key": "in"})
    assert KeyHandover.objects.get().returned_to_id == dai.staff.pk


def test_key_that_is_not_there_is_refused_in_words(browser_of, dai, book):
    answer = browser_of(dai).post(page_of(book(), "key/"), {"key": "out"})
    assert answer.status_code in {404, 409}
    assert "鍵" in answer.text
