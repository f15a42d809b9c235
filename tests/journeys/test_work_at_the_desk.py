"""The hall manager's day, on a tablet and on a phone: look, book for a caller, take cash, note who came, cancel."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.actors import Actor
from booking.services import book_room
from facilities.details import Details
from facilities.models import Facility
from facilities.ordinance import open_periods
from facilities.periods import local, moment
from facilities.queries import room_by_key
from locks.services import add_door
from tenants.context import inside
from tests import factories
from tests.journeys.conftest import PHONE, TABLET, WIDTHS

pytestmark = pytest.mark.browser

TOKYO = ZoneInfo("Asia/Tokyo")
HALL = "chuo-kominkan"


@pytest.fixture
def open_day(akiruno):
    """A day next week on which the hall is open."""
    with inside(akiruno):
        room = room_by_key(HALL, "kenshu-2")
        day = local(timezone.now(), TOKYO)[0] + timedelta(days=7)
        while not open_periods(room.rules_on(day), facility=HALL, room=room.key, day=day).periods:
            day += timedelta(days=1)
        return day


@pytest.fixture
def booked(akiruno, dai, open_day):
    """佐藤 花子 comes at ten on that day, for two hours, and the key waits at the desk."""
    with inside(akiruno):
        now, room = timezone.now(), room_by_key(HALL, "kenshu-2")
        hall = Facility.objects.get(key=HALL)
        add_door(
            facility_id=hall.pk,
            name="窓口の鍵",
            adapter="physical_key",
            room_ids=[room.id],
            note="1階の窓口",
            now=now,
        )
        resident = factories.a_resident("佐藤 花子", phone="042-555-0101", name_kana="さとう はなこ")
        return book_room(
            room_id=room.id,
            starts_at=moment(open_day, 600, TOKYO),
            ends_at=moment(open_day, 720, TOKYO),
            resident_id=resident.pk,
            channel="desk",
            purpose="書道の会",
            details=Details(headcount=9),
            actor=Actor("staff", dai.staff.pk),
            now=now,
        )


def sheet(day):
    return f"/desk/{HALL}/{day}/"


@pytest.mark.parametrize("width", WIDTHS)
def test_day_sheet_reads_at_every_width(visit, akiruno, dai, booked, open_day, width):
    visitor = visit(akiruno, person=dai, width=width).go(sheet(open_day))
    for words in ("佐藤 花子", "10:00〜12:00", "9人", "未払い 600円", "最終更新"):
        assert words in visitor.text, words
    visitor.follow("次の日").follow("前の日").follow("今日", exact=True)
    assert visitor.page.get_by_role("heading", level=1).inner_text().count("今日") == 1


@pytest.mark.parametrize("width", [TABLET, PHONE])
def test_caller_is_booked_into_a_free_gap_paid_and_received(visit, akiruno, dai, booked, open_day, width):
    visitor = visit(akiruno, person=dai, width=width).go(sheet(open_day))
    visitor.tap(visitor.page.locator("#gap-kenshu-2-720"))
    visitor.press("料金を確かめる")
    assert visitor.page.title().startswith("エラー：")
    visitor.fill(text="サトウ").press("さがす")
    assert visitor.page.locator("input[name=resident]:checked").count() == 1
    visitor.fill(purpose="絵手紙の会", headcount="１２人").press("料金を確かめる")
    assert "300円" in visitor.text
    visitor.press("この内容で予約する")
    assert "予約を入れました" in visitor.text
    visitor.press("来館した")
    assert "「来館」と記録しました" in visitor.text
    visitor.press("まちがい。元に戻す").press("来館した")
    visitor.follow("現金を受け取る").press("300円を受け取った")
    assert re.search(r"番号 \d{4}-\d{6}", visitor.text)
    assert "再発行" not in visitor.text
    visitor.go(visitor.page.url)
    assert "再発行" in visitor.text


def test_manager_cancels_for_someone_with_a_reason(visit, akiruno, dai, booked, open_day):
    visitor = visit(akiruno, person=dai, width=TABLET).go(sheet(open_day))
    visitor.follow("佐藤 花子").follow("予約を取り消す")
    visitor.press("この予約を取り消す")
    assert "取り消す理由を書いてください" in visitor.text
    visitor.fill(reason="電話で申し出").press("この予約を取り消す")
    assert "予約を取り消しました" in visitor.text
    visitor.follow("この日の予定表へ")
    assert "佐藤 花子" not in visitor.text


@pytest.mark.parametrize("width", [TABLET, PHONE])
def test_room_is_blocked_and_put_back(visit, akiruno, dai, booked, open_day, width):
    visitor = visit(akiruno, person=dai, width=width).go(sheet(open_day)).follow("部屋を使えなくする")
    visitor.choose("input[name=whole]").fill(reason="床の工事").press("使用停止にする")
    assert str(booked.number) in visitor.text
    visitor.page.uncheck("input[name=whole]")
    visitor.choose("input[name=rooms] >> nth=2").press("使用停止にする")
    assert "使用停止：床の工事" in visitor.text
    visitor.follow("使用停止：床の工事").press("使用停止をやめて")
    assert "使用停止：床の工事" not in visitor.text


def test_desk_works_without_javascript(visit, akiruno, dai, booked, open_day):
    visitor = visit(akiruno, person=dai, width=TABLET, javascript=False).go(sheet(open_day))
    visitor.tap(visitor.page.locator("#gap-kenshu-2-720"))
    visitor.fill(text="042-555").press("さがす")
    visitor.fill(purpose="絵手紙の会", headcount="5").press("料金を確かめる").press("この内容で予約する")
    visitor.follow("現金を受け取る").press("300円を受け取った")
    assert "領収書" in visitor.text


def test_sheet_refreshes_itself_and_keeps_the_keyboards_place(visit, akiruno, dai, booked, open_day):
    visitor = visit(akiruno, person=dai, width=TABLET).go(sheet(open_day))
    page = visitor.page
    page.fill("#id_day", "2027-01-05")
    page.locator("#gap-kenshu-2-720").focus()
    page.locator("#sheet").evaluate("sheet => { sheet.dataset.old = '1' }")
    page.evaluate("htmx.trigger('[hx-get]', 'load')")
    page.evaluate(
        "htmx.ajax('GET', location.pathname + '?part=sheet', {target: '#sheet', swap: 'outerHTML'})"
    )
    page.wait_for_function("() => !document.querySelector('#sheet').dataset.old")
    assert page.evaluate("document.activeElement.id") == "gap-kenshu-2-720"
    assert page.input_value("#id_day") == "2027-01-05"
    visitor.inspect()


def test_sheet_that_cannot_be_refreshed_says_so(visit, akiruno, dai, booked, open_day):
    visitor = visit(akiruno, person=dai, width=TABLET).go(sheet(open_day))
    visitor.page.context.set_offline(True)
    visitor.page.evaluate(
        "htmx.ajax('GET', location.pathname + '?part=sheet', {target: '#sheet'}).catch(() => 0)"
    )
    visitor.page.wait_for_selector("#stale:not([hidden])")


def test_only_bookings_and_gaps_are_tab_stops_on_the_sheet(visit, akiruno, dai, booked, open_day):
    page = visit(akiruno, person=dai, width=TABLET).go(sheet(open_day)).page
    stops = page.locator("#sheet :is(a, button, input, select, [tabindex])").count()
    assert stops == page.locator("#sheet .cell > a").count() == 18 + 3


def test_busy_day_prints_on_one_page(visit, akiruno, dai, open_day):
    with inside(akiruno):
        now = timezone.now()
        resident = factories.a_resident("あきる野市立中央公民館利用団体連絡協議会")
        for number in range(1, 10):
            room = room_by_key(HALL, f"kenshu-{number}")
            for starts in range(540, 1320, 120):
                book_room(
                    room_id=room.id,
                    starts_at=moment(open_day, starts, TOKYO),
                    ends_at=moment(open_day, min(starts + 120, 1320), TOKYO),
                    resident_id=resident.pk,
                    channel="desk",
                    purpose="役員会と懇談",
                    details=Details(headcount=8),
                    actor=Actor("staff", dai.staff.pk),
                    now=now,
                )
    page = visit(akiruno, person=dai, width=TABLET).go(sheet(open_day)).page
    document = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", document)) == 1
