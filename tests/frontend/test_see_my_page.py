"""My page: one's own bookings and details, out of every cache."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Resident
from booking.models import Reservation
from frontend.resident import door
from locks.queries import DoorCode
from payments.queries import payment_states
from payments.services import collect_cash
from tests import factories
from tests.frontend.conftest import confirm, page_of


@pytest.fixture
def booked(browser_of_aiko, hold):
    held = hold()
    browser_of_aiko.post(f"/book/{held.ref}/", {"purpose": "体操の会", "headcount": "12"})
    browser_of_aiko.post(f"/book/{held.ref}/check/", {"idempotency_key": uuid.uuid4().hex})
    return Reservation.objects.get(ref=held.ref)


def test_bookings_are_listed_and_no_cache_keeps_them(browser_of_aiko, booked):
    for path in ("/my/", f"/my/r/{booked.ref}/", f"/my/r/{booked.ref}/done/"):
        answer = browser_of_aiko.get(path)
        assert "集会室" in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]


def test_door_code_is_asked_for_only_from_a_day_before(browser_of_aiko, booked, monkeypatch):
    asked = []

    def reveal(*, subject, now):
        asked.append(subject)
        return [DoorCode("正面", "", "4711", booked.starts_at, booked.ends_at)]

    monkeypatch.setattr(door, "reveal_codes", reveal)
    assert "4711" not in browser_of_aiko.get(f"/my/r/{booked.ref}/").content.decode()
    assert not asked
    soon = timezone.now().replace(second=0, microsecond=0) + timedelta(hours=20)
    Reservation.objects.filter(pk=booked.pk).update(starts_at=soon, ends_at=soon + timedelta(hours=2))
    assert "4711" in browser_of_aiko.get(f"/my/r/{booked.ref}/").content.decode()


def test_cancelling_twice_is_one_cancellation(browser_of_aiko, booked):
    page = browser_of_aiko.get(f"/my/r/{booked.ref}/cancel/").content.decode()
    assert "払うお金はなくなります" in page
    first = browser_of_aiko.post(f"/my/r/{booked.ref}/cancel/", {"idempotency_key": "one"})
    second = browser_of_aiko.post(f"/my/r/{booked.ref}/cancel/", {"idempotency_key": "two"})
    assert first.url == f"/my/r/{booked.ref}/cancelled/"
    assert second.url == f"/my/r/{booked.ref}/"
    assert booked.transitions.filter(verb="cancel").count() == 1


def test_booking_too_late_to_cancel_says_the_rule(browser_of_aiko, booked):
    soon = timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=30)
    Reservation.objects.filter(pk=booked.pk).update(starts_at=soon, ends_at=soon + timedelta(hours=2))
    answer = browser_of_aiko.post(f"/my/r/{booked.ref}/cancel/", {"idempotency_key": "one"})
    assert answer.status_code == 409
    assert "期限" in answer.content.decode()
    booked.refresh_from_db()
    assert booked.status == "confirmed"


def test_same_as_last_time_holds_the_chosen_day(browser_of_aiko, booked):
    page = browser_of_aiko.get("/again/").content.decode()
    assert "体操の会" in page
    at = page.split('name="day" value="')[1][:10]
    answer = browser_of_aiko.post("/again/", {"day": at, "idempotency_key": "x"})
    assert answer.url.endswith("/check/")
    assert "体操の会" in browser_of_aiko.get(answer.url).content.decode()


@pytest.mark.parametrize("text", ["", "2026-02-30", "nonsense", "2020-01-01"])
def test_same_as_last_time_refuses_an_odd_day(browser_of_aiko, booked, text):
    answer = browser_of_aiko.post("/again/", {"day": text, "idempotency_key": "x"})
    assert answer.status_code in {404, 409, 422}
    assert Reservation.objects.count() == 1


def test_rare_characters_in_names_are_kept(city, browser_of_aiko, aiko):
    form = {
        "name": "葛󠄀城 𠮷子🎉",
        "name_kana": "かつらぎ",
        "phone": "０４２ー５５８－１１１１",
        "language": "en",
    }
    assert browser_of_aiko.post("/my/details/", form).status_code == 302
    resident = Resident.objects.get(pk=aiko.resident.pk)
    assert (resident.name, resident.phone, resident.language) == ("葛󠄀城 𠮷子🎉", "042-558-1111", "en")


@pytest.mark.parametrize("phone", ["", "12", "電話", "042-558-1111-2222-3333", "\x00"])
def test_odd_phone_is_refused_in_words(browser_of_aiko, phone):
    form = {"name": "青木 愛子", "name_kana": "あおき", "phone": phone, "language": "ja"}
    answer = browser_of_aiko.post("/my/details/", form)
    assert answer.status_code == 422
    assert 'value="青木 愛子"' in answer.content.decode()


def test_after_saving_nobody_is_sent_to_another_site(browser_of_aiko):
    form = {
        "name": "青木",
        "name_kana": "あおき",
        "phone": "0425581111",
        "language": "ja",
        "next": "https://evil.example/",
    }
    assert browser_of_aiko.post("/my/details/", form).url == "/my/"


def test_log_in_without_a_resident_gives_name_first(city, client_for):
    client = client_for(city)
    client.force_login(factories.a_user("new@example.jp"))
    assert client.get("/my/").url == "/my/details/?next=%2Fmy%2F"
    form = {"name": "新井", "name_kana": "あらい", "phone": "0425581111", "language": "ja", "next": "/my/"}
    assert client.post("/my/details/", form).url == "/my/"
    assert Resident.objects.get(user__email="new@example.jp").name == "新井"


def test_cancelling_asks_what_the_refund_depends_on(browser_of_aiko, held, answer):
    one = held("kouen/field", time="13:00-15:00")
    answer(one)
    confirm(browser_of_aiko, one)
    collect_cash(subject=one.ref, yen=2000, staff_id=factories.a_staff().pk, now=timezone.now())
    path = f"/my/r/{one.ref}/cancel/"
    page = page_of(browser_of_aiko.get(path))
    assert "雨で使えない" in page
    assert "1,000円" in page, "without rain half of it comes back"
    page = page_of(browser_of_aiko.post(path, {"q_rain": "yes", "look": "1"}))
    assert "2,000円 を返します" in page
    assert "規則第9条第1号" in page
    missing = browser_of_aiko.post(path, {"idempotency_key": "a"})
    assert missing.status_code == 422
    assert "雨で使えないを選んでください。" in page_of(missing)
    one.refresh_from_db()
    assert one.status == "confirmed"
    browser_of_aiko.post(path, {"q_rain": "yes", "idempotency_key": "b"})
    one.refresh_from_db()
    assert one.status == "cancelled"
    assert payment_states([one.ref])[one.ref].refund_due_yen == 2000


@pytest.mark.parametrize("answer_to_rain", ["maybe", "", "\x00"])
def test_odd_answer_while_cancelling_cancels_nothing(browser_of_aiko, held, answer, answer_to_rain):
    one = held("kouen/field", time="13:00-15:00")
    answer(one)
    confirm(browser_of_aiko, one)
    response = browser_of_aiko.post(f"/my/r/{one.ref}/cancel/", {"q_rain": answer_to_rain})
    assert response.status_code == 422
    one.refresh_from_db()
    assert one.status == "confirmed"


PERSON = {"name": "青木 愛子", "name_kana": "あおき", "phone": "0425581111", "language": "ja"}


def test_class_is_asked_only_where_rules_know_several(browser_of_aiko):
    assert "applicant_class" not in page_of(browser_of_aiko.get("/my/details/"))


def test_resident_says_their_class_and_it_is_preselected_for_a_booking(browser_of_aiko, aiko, held):
    held()
    page = page_of(browser_of_aiko.get("/my/details/"))
    assert "市外の人や団体" in page
    assert "登録団体" not in page
    assert browser_of_aiko.post("/my/details/", PERSON).status_code == 422
    browser_of_aiko.post("/my/details/", PERSON | {"applicant_class": "outside"})
    assert Resident.objects.get(pk=aiko.resident.pk).applicant_class == "outside"
    one = held(time="18:00-21:00")
    assert one.price_yen == 9000 * 1.5
    page = page_of(browser_of_aiko.get(f"/book/{one.ref}/"))
    assert re.search(r'name="who" value="outside"[^>]*checked', page)


def test_nobody_grants_themselves_a_class(browser_of_aiko, aiko, halls):
    response = browser_of_aiko.post("/my/details/", PERSON | {"applicant_class": "registered"})
    assert response.status_code == 422
    assert Resident.objects.get(pk=aiko.resident.pk).applicant_class == ""


def test_class_staff_granted_is_shown_and_stays(browser_of_aiko, aiko, halls):
    Resident.objects.filter(pk=aiko.resident.pk).update(applicant_class="registered")
    page = page_of(browser_of_aiko.get("/my/details/"))
    assert "登録団体" in page
    assert 'name="applicant_class"' not in page
    browser_of_aiko.post("/my/details/", PERSON | {"applicant_class": "outside"})
    assert Resident.objects.get(pk=aiko.resident.pk).applicant_class == "registered"


def test_newcomer_says_their_class_while_registering(city, client_for, halls):
    client = client_for(city)
    client.force_login(factories.a_user("new@example.jp"))
    assert client.post("/my/details/", PERSON).status_code == 422
    client.post("/my/details/", PERSON | {"applicant_class": "outside"})
    assert Resident.objects.get(user__email="new@example.jp").applicant_class == "outside"
    assert "市外の人や団体" in page_of(client_for(city).get("/account/signup/"))
