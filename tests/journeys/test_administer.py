"""The municipality admin and the joint operator at work, at every width, and without JavaScript."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from accounts.actors import Actor
from booking.services import book_room
from facilities.details import Details
from facilities.periods import moment
from facilities.queries import room_by_key
from facilities.room_rules import Asker
from frontend.resident.days import first_free_day
from tenants.context import inside, inside_public
from tests import factories
from tests.journeys.conftest import PHONE, TABLET, WIDTHS

pytestmark = pytest.mark.browser

HALL = "/console/halls/chuo-kominkan/"
RULES = Path(__file__).resolve().parents[2] / "facilities" / "ordinance" / "examples" / "miki.yaml"


@pytest.fixture
def no_miki_after(committed_city):
    """The municipality this test lets join is gone after it, with its schema."""
    yield
    with inside_public(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM tenants_domain WHERE domain = 'miki.localhost'")
        cursor.execute("DELETE FROM tenants_municipality WHERE lg_code = '282154'")
        cursor.execute("DROP SCHEMA IF EXISTS m282154 CASCADE")


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_of_the_console_reads_well(visit, akiruno, emi, dai, width):
    visitor = visit(akiruno, person=emi, width=width).go("/console/")
    for path in (
        "/console/halls/", HALL, f"{HALL}rooms/new/", f"{HALL}spaces/new/", f"{HALL}rooms/kenshu-2/",
        "/console/halls/new/", "/console/closures/", "/console/closures/new/chuo-kominkan/", "/console/staff/",
        "/console/staff/new/", f"/console/staff/{dai.staff.pk}/", "/console/tokens/", "/console/doors/",
        "/console/rules/", "/console/rules/1/1/", "/console/rules/1/draft/new/", "/console/reservations/", "/desk/",
    ):  # fmt: skip
        visitor.go(path)


@pytest.mark.parametrize(("width", "javascript"), [(TABLET, True), (PHONE, False)])
def test_admin_invites_stops_and_makes_a_token(visit, akiruno, emi, width, javascript):
    visitor = visit(akiruno, person=emi, width=width, javascript=javascript).go("/console/")
    visitor.follow("職員と役割").follow("職員を招待する").press("招待する")
    assert visitor.page.title().startswith("エラー：")
    visitor.fill(email="new@example.jp", name="新井 新").choose("input[name=role][value=manager]")
    visitor.choose("input[name=halls]").press("招待する")
    assert "招待のメールを送ります" in visitor.text
    visitor.follow("新井 新").press("利用を止める")
    assert "利用停止" in visitor.text
    visitor.go("/console/tokens/").fill(name="空き状況の表示").press("トークンを作る")
    assert "mn_m132284_" in visitor.text
    visitor.follow("写しました").press("無効にする")
    assert "APIトークンを無効にしました" in visitor.text


@pytest.mark.parametrize("width", [TABLET, PHONE])
def test_admin_finds_a_reservation_and_takes_the_csv(visit, akiruno, emi, width):
    with inside(akiruno):
        now, room = timezone.now(), room_by_key("chuo-kominkan", "kenshu-2")
        day = first_free_day(rooms=[room], asker=Asker("", "web", now)) + timedelta(days=1)
        made = book_room(
            room_id=room.id,
            starts_at=moment(day, 780, room.zone),
            ends_at=moment(day, 900, room.zone),
            resident_id=factories.a_resident("佐藤 花子", phone="042-555-0101").pk,
            channel="desk",
            purpose="書道の会",
            details=Details(headcount=9),
            actor=Actor("staff", emi.staff.pk),
            now=now,
        )
    visitor = visit(akiruno, person=emi, width=width).go("/console/").follow("予約をさがす")
    visitor.fill(text="だれもいない").press("さがす")
    assert "合う予約は、ありません" in visitor.text
    visitor.fill(text="佐藤").press("さがす")
    assert made.number in visitor.text
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name="CSV に書き出す").click()
    assert made.number in Path(download.value.path()).read_text(encoding="utf-8-sig")
    visitor.follow(made.number)
    assert "書道の会" in visitor.text


@pytest.mark.parametrize("width", WIDTHS)
def test_operator_lets_a_municipality_join_and_a_resident_sees_it(no_miki_after, visit, fumi, width):
    visitor = visit(None, person=fumi, width=width).go("/").follow("自治体の一覧").follow("自治体を加える")
    visitor.fill(lg_code="282155", name="三木市", host="akiruno.localhost")
    visitor.page.set_input_files("[name=file]", RULES)
    visitor.press("この自治体を加える")
    assert "最後は 4 です" in visitor.text
    visitor.fill(lg_code="282154").press("この自治体を加える")
    assert "このホスト名は、もう使われています" in visitor.text
    visitor.fill(host="miki.localhost").press("この自治体を加える")
    assert "三木市が加わりました" in visitor.text
    visitor.follow("http://miki.localhost")
    assert "青山公民館" in visitor.text
