"""A resident books a room, on a phone and on a desk computer, from an empty start to the cancelled booking."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actors import Actor
from booking.models import Claim, Reservation
from booking.services import book_room
from facilities.details import Details
from facilities.queries import room_by_key
from facilities.room_rules import Asker
from frontend.resident.days import first_free_day
from tenants.context import inside
from tests import factories
from tests.journeys.conftest import LARGE_PHONE, PHONE, WIDTHS

pytestmark = pytest.mark.browser

HALL = "/h/chuo-kominkan/"
SLOT_HALL = "/h/hokota-chuo/"
SLOT_ROOM = "/h/hokota-chuo/kaigi/"


def register(visitor, email):
    """From the log-in page through registration back to where one came from."""
    visitor.follow("新しく登録する")
    visitor.press("登録する")
    assert visitor.page.title().startswith("エラー：")
    visitor.fill(
        name="葛󠄀城 𠮷子🎉",
        name_kana="かつらぎ よしこ",
        phone="０４２ー５５８－１１１１",
        email=email,
        password1="hiroba-no-yuyake-9",
    ).press("登録する")
    visitor.fill(code=visitor.code_from_mail()).press("つぎへ進む")


@pytest.mark.parametrize("width", WIDTHS)
def test_newcomer_books_and_cancels(visit, akiruno, width):
    visitor = visit(akiruno, width=width).go("/")
    visitor.follow("中央公民館").follow("集会室").tap(visitor.page.locator("a.day").nth(4))
    visitor.tap(visitor.page.locator("a.hour").first)
    visitor.choose("#length input[name=time] >> nth=1").press("つぎへ進む")
    assert "選んだ時間は、覚えています" in visitor.text
    register(visitor, "yoshiko@example.jp")
    visitor.press("この時間で進む")
    visitor.press("つぎへ進む")
    assert visitor.page.title().startswith("エラー：")
    assert visitor.page.evaluate("document.activeElement.className") == "error-summary"
    visitor.fill(purpose="体操の会 🎉", headcount="１２人").press("つぎへ進む")
    assert "葛󠄀城 𠮷子🎉" in visitor.text
    assert "042-558-1111" in visitor.text
    visitor.press("この内容で予約する")
    assert "予約しました" in visitor.text
    visitor.follow("予約の内容を見る").follow("予約を取り消す").press("予約を取り消す")
    assert "予約を取り消しました" in visitor.text
    visitor.follow("マイページへ")


def test_whole_journey_works_without_javascript(visit, hokota):
    visitor = visit(hokota, width=PHONE, javascript=False).go(SLOT_HALL)
    visitor.follow("会議室").tap(visitor.page.locator("a.day").nth(4))
    visitor.choose("input[name=time]").press("つぎへ進む")
    register(visitor, "yoshiko@example.jp")
    visitor.press("この時間で進む")
    assert "のこり 約10分" in visitor.text
    visitor.fill(purpose="町内会", headcount="8").press("つぎへ進む").press("この内容で予約する")
    assert "予約しました" in visitor.text
    visitor.follow("予約の内容を見る").follow("予約を取り消す").press("予約を取り消す")
    assert "予約を取り消しました" in visitor.text


def book_before(person, hall, room_key):
    """A booking the person made some time ago: the next free day, its first time."""
    now = timezone.now()
    with inside(person.municipality):
        room = room_by_key(hall, room_key)
        day = first_free_day(rooms=[room], asker=Asker("", "web", now)) + timedelta(days=1)
        starts = 540 if hall == "hokota-chuo" else 780
        at = timezone.datetime.combine(day, timezone.datetime.min.time(), room.zone)
        return book_room(
            room_id=room.id,
            starts_at=at + timedelta(minutes=starts),
            ends_at=at + timedelta(minutes=starts + (240 if hall == "hokota-chuo" else 120)),
            resident_id=person.resident.pk,
            channel="web",
            purpose="写真の会",
            details=Details(headcount=6),
            actor=Actor("resident", person.resident.pk),
            now=now,
        )


def test_returning_resident_needs_at_most_six_taps(visit, akiruno, aiko):
    book_before(aiko, "chuo-kominkan", "shukai")
    visitor = visit(akiruno, person=aiko).go(HALL)
    visitor.follow("第1研修室")
    visitor.tap(visitor.page.locator("a.hour").first)
    visitor.choose("#length input[name=time]").press("つぎへ進む")
    assert visitor.page.input_value("[name=purpose]") == "写真の会"
    assert visitor.page.input_value("[name=headcount]") == "6"
    visitor.press("つぎへ進む").press("この内容で予約する")
    assert "予約しました" in visitor.text
    assert visitor.taps <= 6


def test_returning_resident_of_a_hall_with_slots_needs_five_taps(visit, hokota, chika):
    book_before(chika, "hokota-chuo", "washitsu")
    visitor = visit(hokota, person=chika).go(SLOT_HALL)
    visitor.follow("会議室").choose("input[name=time]").press("つぎへ進む").press("つぎへ進む")
    visitor.press("この内容で予約する")
    assert "予約しました" in visitor.text
    assert visitor.taps <= 5


def test_same_as_last_time_takes_three_taps(visit, akiruno, aiko):
    before = book_before(aiko, "chuo-kominkan", "shukai")
    visitor = visit(akiruno, person=aiko).go("/")
    visitor.follow("同じ内容で予約する").tap(visitor.page.locator("button.offer").first)
    assert "写真の会" in visitor.text
    visitor.press("この内容で予約する")
    assert "予約しました" in visitor.text
    assert visitor.taps == 3
    with inside(akiruno):
        newest = Reservation.objects.latest("id")
    assert newest.room_id == before.room_id
    assert newest.starts_at.weekday() == before.starts_at.weekday()


def test_slot_taken_meanwhile_shows_what_is_left(visit, hokota, chika):
    visitor = visit(hokota, width=PHONE, person=chika).go(SLOT_ROOM).choose("input[name=time]")
    first_slot = visitor.page.locator(".choice:has(input) .choice__name").first.inner_text()
    day = visitor.page.locator("[aria-current=date]").get_attribute("href").rstrip("/").rsplit("/", 1)[1]
    with inside(hokota):
        rival = factories.a_resident("先に来た人")
        room = room_by_key("hokota-chuo", "kaigi")
        at = timezone.datetime.fromisoformat(day).replace(tzinfo=room.zone)
        hours = visitor.page.locator("input[name=time]").first.get_attribute("value").split("-")
        starts, ends = (timedelta(hours=int(one.split(":")[0])) for one in hours)
        book_room(
            room_id=room.id, starts_at=at + starts, ends_at=at + ends, resident_id=rival.pk, channel="web",
            purpose="先の会", details=Details(headcount=3), actor=Actor("resident", rival.pk), now=timezone.now(),
        )  # fmt: skip
    visitor.press("つぎへ進む")
    assert visitor.page.title().startswith("エラー：")
    assert "先に予約が入りました" in visitor.page.locator(".error-summary").inner_text()
    assert visitor.page.evaluate("document.activeElement.className") == "error-summary"
    assert first_slot in visitor.page.locator(".choice--taken-now").inner_text()
    assert "同じ時間に空いている、ほかの部屋" in visitor.text
    assert "先に来た人" not in visitor.page.content()
    visitor.tap(visitor.page.locator(".choose__all a").first).press("この時間で進む")
    assert "使いみちと人数" in visitor.text


def test_hold_that_ran_out_can_be_held_again(visit, hokota, chika):
    visitor = visit(hokota, person=chika).go(SLOT_ROOM).choose("input[name=time]").press("つぎへ進む")
    with inside(hokota):
        past = timezone.now() - timedelta(seconds=1)
        Reservation.objects.filter(status="hold").update(held_until=past)
        Claim.objects.filter(expires_at__isnull=False).update(expires_at=past)
    visitor.fill(purpose="町内会", headcount="8").press("つぎへ進む")
    assert "おさえていた10分が過ぎました" in visitor.text
    visitor.press("同じ時間をもう一度おさえる")
    assert "使いみちと人数" in visitor.text


def test_countdown_runs_and_a_banner_leads_back(visit, hokota, chika):
    visitor = visit(hokota, person=chika).go(SLOT_ROOM).choose("input[name=time]").press("つぎへ進む")
    left = visitor.page.locator("[data-left]")
    before = left.inner_text()
    visitor.page.wait_for_function(
        "before => document.querySelector('[data-left]').innerText !== before", arg=before
    )
    assert "9分5" in left.inner_text()
    visitor.go("/").follow("予約をつづける")
    assert "使いみちと人数" in visitor.text


def test_browsers_back_button_keeps_what_was_typed(visit, hokota, chika):
    visitor = visit(hokota, person=chika).go(SLOT_ROOM).choose("input[name=time]").press("つぎへ進む")
    visitor.fill(purpose="町内会", headcount="8").press("つぎへ進む")
    visitor.page.go_back()
    assert visitor.page.input_value("[name=purpose]") == "町内会"
    visitor.page.go_forward()
    visitor.press("この内容で予約する")
    assert "予約しました" in visitor.text


def test_day_and_hour_change_in_place_and_the_keyboard_follows(visit, akiruno):
    visitor = visit(akiruno, width=LARGE_PHONE).go(HALL + "shukai/")
    visitor.page.evaluate("window.stayed = true")
    visitor.tap(visitor.page.locator("a.day:not([aria-current])").nth(2))
    assert visitor.page.evaluate("document.activeElement.id") == "times-title"
    day = visitor.page.locator("[aria-current=date]").get_attribute("href")
    assert visitor.page.url.endswith(day)
    visitor.tap(visitor.page.locator("a.hour").nth(1))
    assert "何時まで使いますか" in visitor.page.evaluate("document.activeElement.innerText")
    assert visitor.page.evaluate("window.stayed")


def test_keyboard_alone_reaches_the_button_within_ten_stops(visit, hokota):
    visitor = visit(hokota, width=TABLET_WIDTH).go(SLOT_ROOM)
    keyboard, stops = visitor.page.keyboard, 0
    for _ in range(2):
        keyboard.press("Tab")
        stops += 1
    keyboard.press("Enter")
    while stops < 12:
        keyboard.press("Tab")
        stops += 1
        focused = visitor.page.evaluate("[document.activeElement.type, document.activeElement.innerText]")
        if focused[0] == "radio":
            keyboard.press("Space")
        if focused[1] == "つぎへ進む":
            break
    assert stops <= 10
    keyboard.press("Enter")
    visitor.page.wait_for_url("**/account/login/**")


def test_the_page_speaks_english_on_request(visit, hokota):
    visitor = visit(hokota).go(SLOT_ROOM).press("English")
    assert visitor.page.get_attribute("html", "lang") == "en"
    assert visitor.page.url.endswith(SLOT_ROOM)
    assert "Hokota City" in visitor.page.locator("header").inner_text()


TABLET_WIDTH = WIDTHS[-1]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "path",
    ["/", HALL, HALL + "{day}/", "/account/login/", "/account/signup/", "/account/login/code/",
     "/account/password/reset/", "/h/nowhere/", HALL + "2026-02-30/"],
)  # fmt: skip
def test_public_page_is_clean_at_every_width(visit, akiruno, width, path):
    day = timezone.localdate() + timedelta(days=9)
    visit(akiruno, width=width).go(path.format(day=day.isoformat()))


@pytest.mark.parametrize("width", WIDTHS)
def test_residents_own_pages_are_clean_at_every_width(visit, akiruno, aiko, width):
    booked = book_before(aiko, "chuo-kominkan", "shukai")
    visitor = visit(akiruno, person=aiko, width=width)
    for path in (
        "/", "/my/", f"/my/r/{booked.ref}/", f"/my/r/{booked.ref}/cancel/", "/my/details/", "/my/calendar/",
        "/account/email/", "/account/password/change/", "/account/2fa/", "/account/2fa/webauthn/", "/account/logout/",
    ):  # fmt: skip
        visitor.go(path)
