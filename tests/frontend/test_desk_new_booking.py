"""A phone booking typed into a free gap."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import Resident
from booking.models import Reservation, Transition
from facilities.models import RuleBook
from facilities.services import publish_rules
from tests import factories
from tests.booking.conftest import rules_text
from tests.booking.test_keep_limits import APPLICATION, TWO_A_WEEK
from tests.frontend.conftest import HALL

NEW = f"/desk/{HALL}/kenshu-2/2027-05-12/new/"
FAR = f"/desk/{HALL}/kenshu-2/2028-05-10/new/"


def typed(**changes):
    return {
        "step": "check", "channel": "phone", "starts": "600", "ends": "720", "text": "", "resident": "new",
        "name": "葛󠄀西 𠮷子", "name_kana": "かさい よしこ", "phone": "０４２ー５５５－０１０９", "purpose": "絵手紙の会",
        "headcount": "１２人", **changes,
    }  # fmt: skip


def test_form_opens_at_the_gap_that_was_tapped(browser_of, dai):
    page = browser_of(dai).get(f"{NEW}?from=780").text
    assert '<option value="780" selected>13:00</option>' in page
    assert '<option value="840" selected>14:00</option>' in page


def test_sign_no_text_may_hold_finds_nobody(browser_of, dai, city):
    factories.a_resident("佐藤 花子")
    answer = browser_of(dai).post(NEW, typed(step="find", text="\x00", resident="", name="\x00"))
    assert answer.status_code == 200
    assert "0人が見つかりました" in answer.text


@pytest.mark.parametrize("text", ["佐藤花子", "サトウ", "0425550101", "555-0101", "sato@example.jp"])
def test_resident_is_found_by_name_kana_phone_and_mail(browser_of, dai, city, text):
    factories.a_resident("佐藤 花子", "sato@example.jp", name_kana="さとう はなこ", phone="042-555-0101")
    factories.a_resident("鈴木 一郎", "suzuki@example.jp", name_kana="すずき いちろう", phone="042-555-0202")
    page = browser_of(dai).post(NEW, typed(step="find", text=text, resident="")).text
    assert "1人が見つかりました" in page
    assert "佐藤 花子（さとう はなこ）" in page
    assert "鈴木" not in page


def test_variation_of_a_kanji_does_not_hide_a_person(browser_of, dai, city):
    factories.a_resident("葛󠄀城 和子")
    assert "葛󠄀城 和子" in browser_of(dai).post(NEW, typed(step="find", text="葛城和子")).text


def test_search_keeps_everything_typed(browser_of, dai, city):
    page = browser_of(dai).post(NEW, typed(step="find", text="だれも")).text
    for words in ("絵手紙の会", "１２人", "葛󠄀西 𠮷子", "だれも", "0人が見つかりました"):
        assert words in page, words


def test_check_shows_price_and_books_nothing(browser_of, dai, city):
    page = browser_of(dai).post(NEW, typed()).text
    assert "600円" in page
    assert "葛󠄀西 𠮷子" in page
    assert not Reservation.objects.exists()
    assert not Resident.objects.filter(name="葛󠄀西 𠮷子").exists()


def test_new_person_is_registered_and_booked(browser_of, dai, city):
    answer = browser_of(dai).post(NEW, typed(step="book"))
    reservation = Reservation.objects.get()
    assert answer.url == f"/desk/reservation/{reservation.ref}/"
    assert (reservation.status, reservation.channel, reservation.headcount) == ("confirmed", "phone", 12)
    assert (reservation.resident.name, reservation.resident.phone) == ("葛󠄀西 𠮷子", "042-555-0109")
    assert Transition.objects.get(reservation=reservation).actor_id == dai.staff.pk


def test_known_person_is_not_registered_again(browser_of, dai, city):
    resident = factories.a_resident("佐藤 花子")
    browser_of(dai).post(NEW, typed(step="book", resident=str(resident.pk)))
    assert Reservation.objects.get().resident_id == resident.pk
    assert Resident.objects.count() == 1


def test_second_tap_of_the_same_button_books_once(browser_of, dai, city):
    browser = browser_of(dai)
    form = typed(step="book", idempotency_key="one-form")
    first, second = browser.post(NEW, form), browser.post(NEW, form)
    assert first.url == second.url
    assert Reservation.objects.count() == Resident.objects.count() == 1


def test_time_that_somebody_took_meanwhile_is_refused_and_nothing_is_lost(browser_of, dai, book):
    book()
    answer = browser_of(dai).post(NEW, typed(step="book"))
    assert answer.status_code == 422
    assert "もう空いていません" in answer.text
    assert "絵手紙の会" in answer.text
    assert not Resident.objects.filter(name="葛󠄀西 𠮷子").exists()


def test_refused_booking_leaves_no_new_resident(browser_of, dai, city):
    answer = browser_of(dai).post(NEW, typed(step="book", headcount="500"))
    assert answer.status_code == 422
    assert "人までです" in answer.text
    assert not Resident.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"purpose": ""}, "何に使うかを書いてください"),
        ({"headcount": "たくさん"}, "数字で書いてください"),
        ({"starts": "720", "ends": "600"}, "終わりの時刻は、始まりの時刻より後に"),
        ({"resident": ""}, "利用者を選んでください"),
        ({"name": " "}, "お名前を書いてください"),
        ({"resident": "999999999999999999999999"}, "この中から選んでください"),
        ({"starts": "1500"}, "もう空いていません"),
    ],
)
def test_mistakes_are_said_at_their_field(browser_of, dai, city, changes, words):
    answer = browser_of(dai).post(NEW, typed(**changes))
    assert answer.status_code == 422
    assert words in answer.text
    assert not Reservation.objects.exists()


def test_day_too_far_ahead_says_the_rule_and_offers_the_staffs_own_decision(browser_of, dai, city):
    page = browser_of(dai).get(FAR).text
    assert "この日に、いま予約できる時間はありません" in page
    assert "職員の判断で入れる" in page


def test_booking_against_the_rules_needs_a_reason_and_keeps_it(browser_of, dai, city):
    browser = browser_of(dai)
    refused = browser.post(FAR, typed(step="book", override="1"))
    assert "理由を書いてください" in refused.text
    browser.post(FAR, typed(step="book", override="1", override_reason="市の行事"))
    reservation = Reservation.objects.get()
    assert Transition.objects.get(reservation=reservation).reason == "市の行事"


def test_room_of_another_hall_is_not_found(browser_of, dai, city):
    hall = factories.a_facility("hoka", "ほかの会館")
    factories.a_room(hall, "heya", "部屋")
    assert browser_of(dai).get("/desk/hoka/heya/2027-05-12/new/").status_code == 404


def test_limit_reached_is_told_on_the_way_and_staff_may_book_all_the_same(browser_of, dai, book, now):
    text = rules_text("akiruno").replace(APPLICATION, APPLICATION + TWO_A_WEEK)
    publish_rules(rule_book_id=RuleBook.objects.get().pk, text=text, effective_from=date(2026, 1, 1), now=now)
    hanako = factories.a_resident("佐藤 花子", phone="042-555-0101")
    book(resident=hanako, starts=780, ends=840)
    book(resident=hanako, starts=840, ends=900)
    browser, sent = browser_of(dai), typed(resident=str(hanako.pk))
    refused = browser.post(NEW, sent)
    assert refused.status_code == 422
    assert "規則第9条" in refused.text
    again = browser.post(NEW, {**sent, "step": "", "override": "1"}).text
    assert 'name="override_reason"' in again
    assert "絵手紙の会" in again
    browser.post(NEW, {**sent, "step": "book", "override": "1", "override_reason": "市の行事"})
    assert Reservation.objects.count() == 3
