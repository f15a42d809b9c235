"""Nobody came: noted at the desk, seen and objected to by the resident, accepted by staff, and booked again."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.actors import Actor
from booking.services import book_room
from facilities.details import Details
from facilities.models import RuleBook
from facilities.periods import local, moment
from facilities.queries import room_by_key
from facilities.services import publish_rules
from tenants.context import inside
from tests import factories
from tests.booking.conftest import rules_text
from tests.booking.test_record_offences import HALL as CANCELLATION
from tests.booking.test_record_offences import PENALTIES
from tests.journeys.conftest import LARGE_PHONE, PHONE, TABLET

pytestmark = pytest.mark.browser

TOKYO = ZoneInfo("Asia/Tokyo")
HALL = "chuo-kominkan"


@pytest.fixture
def yesterday(akiruno, aiko, dai):
    """Aiko had 第1研修室 yesterday, under rules that count it when nobody comes."""
    with inside(akiruno):
        now = timezone.now()
        text = rules_text("akiruno").replace("\nrounding:\n", "\n" + PENALTIES, 1)
        text = text.replace(CANCELLATION, CANCELLATION + "    penalty: points\n")
        book = RuleBook.objects.get()
        publish_rules(rule_book_id=book.pk, text=text, effective_from=date(2026, 1, 1), now=now)
        room, day = room_by_key(HALL, "kenshu-1"), local(now, TOKYO)[0] - timedelta(days=1)
        return book_room(
            room_id=room.id,
            starts_at=moment(day, 600, TOKYO),
            ends_at=moment(day, 720, TOKYO),
            resident_id=aiko.resident.pk,
            channel="desk",
            purpose="コーラス",
            details=Details(headcount=5),
            actor=Actor("staff", factories.a_staff(email="uketsuke@example.jp").pk),
            override_reason="前からの約束",
            now=now - timedelta(days=10),
        )


@pytest.mark.parametrize("width", [PHONE])
def test_from_an_empty_room_to_an_accepted_appeal(visit, akiruno, aiko, dai, yesterday, width):
    desk = visit(akiruno, person=dai, width=TABLET)
    desk.go(f"/desk/reservation/{yesterday.ref}/").follow("来なかった")
    desk.press("「来なかった」と記録する")
    assert "無断の不使用" in desk.text

    phone = visit(akiruno, person=aiko, width=width)
    phone.go("/my/").follow("違反の記録と利用停止を見る")
    for words in ("いまの点数：2点", "1か月の利用停止", "規則第13条"):
        assert words in phone.text
    day = local(timezone.now(), TOKYO)[0] + timedelta(days=3)
    while day.weekday() == 1:
        day += timedelta(days=1)
    phone.go(f"/h/{HALL}/kenshu-1/{day.isoformat()}/")
    phone.go("/my/penalties/").follow("まちがいだと申し出る")
    phone.press("申出を送る")
    assert "まちがいだと思うわけを書いてください" in phone.text
    phone.fill(text="2人で来て、11時まで使いました。").press("申出を送る")
    assert "異議申出を確かめています" in phone.text

    desk.go("/desk/").follow("違反")
    desk.follow("青木 愛子")
    assert "2人で来て" in desk.text
    desk.choose("[name=decision][value=yes]").fill(reason="鍵の記録で、来たことがわかりました。")
    desk.press("答えを送る")
    assert "記録は取り消されました" in desk.text

    phone.go("/my/penalties/")
    assert "異議申出が認められました" in phone.text
    assert "いまの点数：0点" in phone.text


def test_staff_decide_what_the_rules_leave_to_them_on_a_phone(visit, akiruno, aiko, dai, yesterday):
    desk = visit(akiruno, person=dai, width=LARGE_PHONE, javascript=False)
    desk.go(f"/desk/reservation/{yesterday.ref}/").follow("来なかった").press("「来なかった」と記録する")
    desk.follow("ほかの違反を記録する").choose("[name=key][value=harm]").fill(note="譜面台をこわした。")
    desk.press("違反を記録する")
    desk.go("/desk/penalties/").follow("青木 愛子")
    desk.go("/desk/penalties/")
    desk.tap(desk.page.get_by_role("row", name="職員が決めるのを待っています").get_by_role("link"))
    desk.choose("[name=decision][value=yes]").fill(reason="くり返したため。").press("決める")
    assert "くり返したため" in desk.text


@pytest.mark.parametrize("width", [LARGE_PHONE, TABLET])
def test_staff_link_the_people_of_a_household(visit, akiruno, aiko, dai, width):
    with inside(akiruno):
        factories.a_resident("青木 次郎", phone="042-000-0002")
    desk = visit(akiruno, person=dai, width=width)
    desk.go("/desk/penalties/").follow("世帯をつなぐ").fill(text="青木").press("さがす")
    desk.follow("青木 愛子").fill(text="次郎").press("さがす")
    desk.choose("[name=other]").press("同じ世帯としてつなぐ")
    assert "青木 次郎" in desk.text


def test_the_pages_speak_english(visit, akiruno, aiko, dai, yesterday):
    desk = visit(akiruno, person=dai, width=TABLET)
    desk.go(f"/desk/reservation/{yesterday.ref}/").follow("来なかった").press("「来なかった」と記録する")
    phone = visit(akiruno, person=aiko, width=PHONE, language="en")
    phone.go("/my/penalties/")
    assert "Points now" in phone.text
