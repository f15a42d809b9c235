"""A resident collects several rooms and days in the basket and books them at once."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.actors import Actor
from booking.models import Application, BasketItem, Reservation
from booking.services import book_room
from facilities.details import Details
from tenants.context import inside
from tests import factories
from tests.journeys.conftest import LARGE_PHONE, PHONE

pytestmark = pytest.mark.browser

HALL = "/h/chuo-kominkan/"


def put_in_basket(visitor, room, start):
    visitor.go(f"{HALL}{room}/")
    visitor.tap(visitor.page.locator("a.hour").nth(start))
    visitor.choose("#length input[name=time] >> nth=1").press("かごに入れる")
    assert "予約かごに入れました" in visitor.text


def take_first(municipality):
    """Somebody else books what lies first in the basket."""
    with inside(municipality):
        item = BasketItem.objects.order_by("starts_at", "room_id").first()
        other = factories.a_resident("先に 来た人")
        book_room(
            room_id=item.room_id,
            starts_at=item.starts_at,
            ends_at=item.ends_at,
            resident_id=other.pk,
            channel="desk",
            purpose="会議",
            details=Details(headcount=5),
            actor=Actor("staff", 1),
            now=timezone.now(),
        )


@pytest.mark.parametrize(("width", "javascript"), [(PHONE, False), (LARGE_PHONE, True)])
def test_two_rooms_in_one_application(visit, akiruno, aiko, width, javascript):
    visitor = visit(akiruno, width=width, person=aiko, javascript=javascript)
    put_in_basket(visitor, "kenshu-1", 2)
    put_in_basket(visitor, "kenshu-2", 3)
    assert "まだ予約はできていません" in visitor.text
    visitor.follow("使いみちを書いて、予約へ進む")
    visitor.press("つぎへ進む")
    assert visitor.page.title().startswith("エラー：")
    visitor.fill(purpose="合宿の打合せ", headcount="８人").press("つぎへ進む")
    assert "合宿の打合せ" in visitor.text
    visitor.press("この内容で予約する")
    assert "まとめて予約しました" in visitor.text
    with inside(akiruno):
        assert Application.objects.get().reservations.count() == 2
    visitor.go("/basket/")
    assert "予約かごは、空です" in visitor.text


def test_what_was_taken_meanwhile_is_told_and_something_else_is_taken(visit, akiruno, aiko):
    visitor = visit(akiruno, width=PHONE, person=aiko)
    put_in_basket(visitor, "kenshu-1", 2)
    put_in_basket(visitor, "kenshu-2", 2)
    visitor.go("/basket/use/").fill(purpose="読書会", headcount="6").press("つぎへ進む")
    take_first(akiruno)
    visitor.choose("#id_which_all").press("この内容で予約する")
    assert "1つも予約していません" in visitor.text
    visitor.choose("#id_which_free").press("この内容で予約する")
    assert "予約できたもの（1件）" in visitor.text
    assert "先に予約が入りました" in visitor.text
    visitor.follow("予約かごを見る")
    visitor.page.get_by_text("かわりに空いている時間と部屋").first.click()
    visitor.tap(visitor.page.locator("button.offer").first)
    assert "入れかえました" in visitor.text
    visitor.follow("使いみちを書いて、予約へ進む").press("つぎへ進む").press("この内容で予約する")
    assert "予約できたもの（1件）" in visitor.text
    with inside(akiruno):
        assert Reservation.objects.filter(purpose="読書会", status="confirmed").count() == 2


def test_things_are_taken_out_again(visit, akiruno, aiko):
    visitor = visit(akiruno, width=PHONE, person=aiko)
    put_in_basket(visitor, "kenshu-1", 2)
    visitor.press("かごから出す")
    assert "予約かごは、空です" in visitor.text
