"""A resident waits for a taken time, is offered it after it was cancelled, and books it; others see when it is free."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actors import Actor
from booking.services import book_room
from booking.waiting.offering import advance_all
from facilities.details import Details
from facilities.periods import moment
from facilities.queries import room_by_key
from tenants.context import inside
from tests import factories
from tests.conftest import Person
from tests.journeys.conftest import LARGE_PHONE, PHONE, TABLET
from tests.waiting.conftest import TOKYO

pytestmark = pytest.mark.browser


@pytest.fixture
def hanako(akiruno):
    with inside(akiruno):
        resident = factories.a_resident("佐藤 花子", "hanako@example.jp", login=True)
        return Person("佐藤 花子", resident.user, akiruno, resident=resident)


@pytest.fixture
def day():
    """An open Wednesday far enough ahead."""
    today = timezone.now().astimezone(TOKYO).date()
    return today + timedelta(days=21 + (2 - today.weekday()) % 7)


@pytest.fixture
def booked(akiruno, hanako, day):
    """10:00 to 12:00 of 第1研修室 is Hanako's."""
    with inside(akiruno):
        return book_room(
            room_id=room_by_key("chuo-kominkan", "kenshu-1").id, starts_at=moment(day, 600, TOKYO),
            ends_at=moment(day, 720, TOKYO), resident_id=hanako.resident.pk, channel="web", purpose="合唱",
            details=Details(headcount=5), actor=Actor("resident", hanako.resident.pk), now=timezone.now(),
        )  # fmt: skip


def ask(visitor, day):
    """From the room's day to the wait."""
    visitor.go(f"/h/chuo-kominkan/kenshu-1/{day}/").tap(visitor.page.locator("a.hour--wait").first)
    assert visitor.page.input_value("select[name=ends]") == "720"
    visitor.press("空き待ちを申し込む")
    assert "空き待ち（使いたい）" in visitor.text


def cancel(visitor, booked):
    visitor.go(f"/my/r/{booked.ref}/").follow("予約を取り消す").press("予約を取り消す")
    assert "取消処理中" in visitor.text


def work(akiruno):
    """As the worker does within a minute."""
    with inside(akiruno):
        advance_all(now=timezone.now())


@pytest.mark.parametrize("javascript", [True, False])
def test_who_waits_is_offered_the_time_and_books_it(visit, akiruno, aiko, hanako, booked, day, javascript):
    phone = visit(akiruno, person=aiko, width=PHONE, javascript=javascript)
    ask(phone, day)
    cancel(visit(akiruno, person=hanako, width=LARGE_PHONE), booked)
    work(akiruno)
    phone.go("/my/").follow("空き待ちと、空きのご案内").follow("ご案内を見る")
    assert "あと 2" in phone.text
    phone.follow("この時間を使う").fill(purpose="体操の会", headcount="12").press("つぎへ進む")
    assert "800円" in phone.text
    phone.press("この内容で予約する")
    assert "予約番号" in phone.text
    phone.go("/my/waits/").follow("第1研修室")
    assert "予約できました" in phone.text


def test_everybody_sees_when_a_cancelled_time_is_free(visit, akiruno, aiko, hanako, emi, booked, day):
    resident = visit(akiruno, person=aiko, width=LARGE_PHONE)
    ask(resident, day)
    cancel(visit(akiruno, person=hanako, width=PHONE), booked)
    work(akiruno)
    anybody = visit(akiruno, width=PHONE, javascript=False)
    assert "取消処理中" in anybody.go(f"/h/chuo-kominkan/kenshu-1/{day}/").text
    english = visit(akiruno, width=LARGE_PHONE, language="en")
    assert "Being released" in english.go(f"/h/chuo-kominkan/kenshu-1/{day}/").text
    staff = visit(akiruno, person=emi, width=TABLET)
    staff.go(f"/desk/chuo-kominkan/{day}/").follow("空き待ちを見る")
    assert "青木 愛子" in staff.text
    assert "ご案内中" in staff.text
    small = visit(akiruno, person=emi, width=LARGE_PHONE)
    small.go(f"/desk/chuo-kominkan/{day}/waiting/")
    resident.go("/my/waits/").follow("ご案内を見る").press("使わない")
    assert "次の人へ回しました" in resident.text
    resident.follow("空き待ちを見る").press("空き待ちをやめる")
    assert "やめました" in resident.text
