"""My page: one's own bookings and details, out of every cache."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Resident
from booking.models import Reservation
from frontend.resident import door
from locks.queries import DoorCode
from tests import factories


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
