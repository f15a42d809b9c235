"""The pages of waiting: ask from the room's page, see, change, withdraw; answer an offer; staff see the day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actors import Actor
from booking.cancelling import cancel_reservation
from booking.models import Offer, Release, Reservation, Wait
from booking.services import book_room
from booking.waiting.offering import advance_all
from facilities.details import Details
from facilities.periods import moment
from facilities.queries import room_by_key
from tenants.context import inside
from tests.factories import a_resident
from tests.waiting.conftest import TOKYO


@pytest.fixture
def day():
    """An open Wednesday far enough ahead."""
    today = timezone.now().astimezone(TOKYO).date()
    return today + timedelta(days=21 + (2 - today.weekday()) % 7)


@pytest.fixture
def taken(akiruno, day):
    """10:00 to 12:00 of 第1研修室 is somebody else's."""
    with inside(akiruno):
        room, other = room_by_key("chuo-kominkan", "kenshu-1"), a_resident("佐藤 花子")
        return book_room(
            room_id=room.id, starts_at=moment(day, 600, TOKYO), ends_at=moment(day, 720, TOKYO),
            resident_id=other.pk, channel="web", purpose="合唱", details=Details(headcount=5),
            actor=Actor("resident", other.pk), now=timezone.now(),
        )  # fmt: skip


@pytest.fixture
def browser(client_for, akiruno, aiko):
    """Aiko's browser."""
    client = client_for(akiruno)
    client.force_login(aiko.user)
    return client


def asked(browser, day, **said):
    said = {"starts": "600", "ends": "720", "wish": "offer", **said}
    return browser.post(f"/h/chuo-kominkan/kenshu-1/{day}/wait/", said)


@pytest.fixture
def offered(akiruno, browser, taken, day):
    """Aiko waits, the time is cancelled, she is offered it."""
    asked(browser, day)
    with inside(akiruno):
        now = timezone.now()
        cancel_reservation(ref=taken.ref, actor=Actor("resident", taken.resident_id), reason="", now=now)
        advance_all(now=now)
        return Offer.objects.get()


def test_every_taken_time_of_a_room_leads_to_waiting(browser, taken, day):
    page = browser.get(f"/h/chuo-kominkan/kenshu-1/{day}/").content.decode()
    assert f"/h/chuo-kominkan/kenshu-1/{day}/wait/?from=10:00" in page
    assert f"/h/chuo-kominkan/kenshu-1/{day}/wait/?from=9:00" not in page
    form = browser.get(f"/h/chuo-kominkan/kenshu-1/{day}/wait/?from=10:00").content.decode()
    assert '<option value="600" selected>' in form
    assert '<option value="720" selected>' in form
    assert "空き待ちのきまり" in form


def test_asking_is_answered_with_the_wait(akiruno, browser, taken, day):
    answer = asked(browser, day, any_alike="on")
    with inside(akiruno):
        wait = Wait.objects.get()
        assert wait.rooms.count() > 1
    assert answer["Location"] == f"/my/waits/{wait.ref}/"
    assert "第1研修室" in browser.get("/my/waits/").content.decode()
    assert browser.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({"wish": ""}, 422, "選んでください"),
        ({"starts": "720", "ends": "600"}, 422, "終わりの時刻"),
        ({"starts": "540", "ends": "600"}, 409, "空いています"),
        ({"starts": "x"}, 422, ""),
    ],
)
def test_what_cannot_be_waited_for_is_said_in_plain_words(browser, taken, day, said, status, words):
    answer = asked(browser, day, **said)
    assert answer.status_code == status
    assert words in answer.content.decode()


def test_a_wait_is_changed_and_withdrawn(akiruno, browser, taken, day):
    page = asked(browser, day)["Location"]
    browser.post(page, {"wish": "tell"})
    with inside(akiruno):
        assert Wait.objects.get().wish == "tell"
    browser.post(f"{page}withdraw/")
    assert "やめました" in browser.get(page).content.decode()


def test_an_offer_is_booked_over_the_pages(akiruno, browser, offered):
    page = f"/my/offers/{offered.ref}/"
    seen = browser.get(page).content.decode()
    assert "お返事は" in seen
    assert "あと" in seen
    assert "ご案内を見る" in browser.get("/my/waits/").content.decode()
    assert browser.get(f"{page}check/")["Location"] == f"{page}use/"
    assert browser.post(f"{page}use/", {"purpose": "", "headcount": "x"}).status_code == 422
    assert browser.post(f"{page}use/", {"purpose": "体操", "headcount": "99"}).status_code == 422
    assert browser.post(f"{page}use/", {"purpose": "体操", "headcount": "12"})["Location"] == f"{page}check/"
    assert "800円" in browser.get(f"{page}check/").content.decode()
    answer = browser.post(f"{page}check/", {"idempotency_key": "k"})
    again = browser.post(f"{page}check/", {"idempotency_key": "k"})
    with inside(akiruno):
        booked = Reservation.objects.get(status="confirmed")
    assert answer["Location"] == again["Location"] == f"/my/r/{booked.ref}/done/"
    assert "予約しました" in browser.get(page).content.decode()


def test_an_offer_is_declined(akiruno, browser, offered):
    page = f"/my/offers/{offered.ref}/"
    browser.post(f"{page}decline/")
    browser.post(f"{page}decline/")
    assert "次の人へ回しました" in browser.get(page).content.decode()
    assert browser.get(f"{page}use/")["Location"] == page


def test_an_offer_that_is_over_says_so(akiruno, browser, offered):
    with inside(akiruno):
        Offer.objects.update(offered_at=timezone.now() - timedelta(days=2), expires_at=timezone.now())
    page = f"/my/offers/{offered.ref}/"
    assert "終わりました" in browser.get(page).content.decode()
    assert browser.post(f"{page}decline/")["Location"] == page
    assert browser.get(f"{page}use/")["Location"] == page


def test_everybody_sees_when_a_kept_time_is_free(client_for, akiruno, offered, day):
    page = client_for(akiruno).get(f"/h/chuo-kominkan/kenshu-1/{day}/").content.decode()
    assert "取消処理中" in page


def test_staff_see_who_waits_and_what_is_released(client_for, akiruno, emi, offered, day):
    with inside(akiruno):
        release = Release.objects.get()
    client = client_for(akiruno)
    client.force_login(emi.user)
    page = client.get(f"/desk/chuo-kominkan/{day}/waiting/").content.decode()
    assert release.seed in page
    assert "青木 愛子" in page
    sheet = client.get(f"/desk/chuo-kominkan/{day}/").content.decode()
    assert "取消処理中" in sheet
    assert f"/desk/chuo-kominkan/{day}/waiting/" in sheet


def test_nobody_sees_the_waits_and_offers_of_others(client_for, akiruno, offered):
    with inside(akiruno):
        other = a_resident("他の 人", "other@example.jp", login=True).user
        wait = Wait.objects.get()
    client = client_for(akiruno)
    client.force_login(other)
    for page in (f"/my/waits/{wait.ref}/", f"/my/offers/{offered.ref}/", f"/my/offers/{offered.ref}/use/"):
        assert client.get(page).status_code == 404
    assert client.post(f"/my/waits/{wait.ref}/withdraw/").status_code == 404
