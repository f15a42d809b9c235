"""A booking moves to another time, day or room, on a phone and without JavaScript; staff do it at the desk."""

from __future__ import annotations

import os

import pytest
from django.utils import timezone

from booking.models import Change, Reservation
from facilities.periods import local
from tenants.context import inside
from tests.booking.conftest import TOKYO
from tests.journeys.conftest import LARGE_PHONE, PHONE, TABLET, WIDTHS
from tests.journeys.test_book_as_resident import book_before

pytestmark = pytest.mark.browser


def shot(visitor, name):
    """Keep a picture where MACHINOMA_PICTURES says, for whoever wants to look."""
    folder = os.environ.get("MACHINOMA_PICTURES")
    if folder:
        width = visitor.page.viewport_size["width"]
        visitor.page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_club_moves_a_date_and_sees_the_price_before(visit, akiruno, aiko, width):
    with inside(akiruno):
        mine = book_before(aiko, "chuo-kominkan", "kenshu-1")
    visitor = visit(akiruno, width=width, person=aiko).go(f"/my/r/{mine.ref}/")
    visitor.follow("予約を変更する")
    shot(visitor, "change")
    visitor.tap(visitor.page.locator("a.day").nth(3))
    begins = visitor.page.locator("#id_starts option").first.inner_text()
    visitor.page.select_option("#id_starts", index=0)
    visitor.page.select_option("#id_ends", index=2)
    visitor.press("つぎへ進む")
    shot(visitor, "change-check")
    assert "いまの予約" in visitor.text
    assert "→" in visitor.text
    visitor.press("この内容に変更する")
    assert "予約を変更しました" in visitor.text
    shot(visitor, "changed")
    with inside(akiruno):
        after = Reservation.objects.get(ref=mine.ref)
        assert (after.sequence, Change.objects.count()) == (1, 1)
        assert f"{local(after.starts_at, TOKYO)[1] // 60}:00" == begins
    visitor.follow("予約の内容を見る")
    assert "予約を変更する" in visitor.text


def test_another_room_without_javascript_and_the_questions_it_asks(visit, akiruno, aiko):
    with inside(akiruno):
        mine = book_before(aiko, "chuo-kominkan", "kenshu-1")
    visitor = visit(akiruno, width=PHONE, person=aiko, javascript=False).go(f"/my/r/{mine.ref}/change/")
    visitor.page.select_option("#id_room", label="第2研修室")
    visitor.press("この部屋と日の空きを見る").press("つぎへ進む").press("この内容に変更する")
    assert "第2研修室" in visitor.text
    assert "予約を変更しました" in visitor.text


def test_a_change_made_in_another_window_is_not_overwritten(visit, akiruno, aiko):
    with inside(akiruno):
        mine = book_before(aiko, "chuo-kominkan", "kenshu-1")
    visitor = visit(akiruno, width=LARGE_PHONE, person=aiko).go(f"/my/r/{mine.ref}/change/")
    visitor.tap(visitor.page.locator("a.day").nth(3))
    visitor.page.select_option("#id_starts", index=0)
    visitor.page.select_option("#id_ends", index=1)
    visitor.press("つぎへ進む")
    with inside(akiruno):
        Reservation.objects.filter(ref=mine.ref).update(sequence=1, updated_at=timezone.now())
    visitor.press("この内容に変更する")
    assert "先に変わりました" in visitor.text


@pytest.mark.parametrize("width", [LARGE_PHONE, TABLET])
def test_staff_change_a_booking_for_somebody_with_a_reason_where_rules_speak_against_it(
    visit, akiruno, aiko, dai, width
):
    with inside(akiruno):
        mine = book_before(aiko, "chuo-kominkan", "kenshu-1")
    visitor = visit(akiruno, width=width, person=dai).go(f"/desk/reservation/{mine.ref}/")
    visitor.follow("予約を変更する")
    shot(visitor, "desk-change")
    visitor.follow("規則とちがう時間に変更する")
    visitor.page.select_option("#id_starts", index=0)
    visitor.page.select_option("#id_ends", index=1)
    visitor.press("つぎへ進む").press("この内容に変更する")
    assert "理由を書いてください" in visitor.text
    visitor.fill(override_reason="館の手ちがい").press("この内容に変更する")
    assert "予約を変更しました" in visitor.text
    assert "館の手ちがい" in visitor.text
    shot(visitor, "desk-changed")
