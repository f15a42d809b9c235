"""A slip from the resident's phone to the bank's list: made, paid, booked, proved, and checked by whoever sees it."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.actors import Actor
from booking.services import book_room
from facilities.details import Details
from facilities.ordinance import open_periods
from facilities.periods import local, moment
from facilities.queries import room_by_key
from payments.models import HallTerms, LedgerEntry, PaidList, Paper, Payee, RevenueItem
from payments.services import collect_cash
from payments.slips.paid_lists import book_list
from tenants.context import inside
from tests.journeys.conftest import LARGE_PHONE, PHONE, TABLET

pytestmark = pytest.mark.browser
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def owed(akiruno, aiko):
    """Aiko's reservation in nine days; the hall lets people pay with slips."""
    with inside(akiruno):
        now, room = timezone.now(), room_by_key("chuo-kominkan", "kenshu-2")
        Payee.objects.update(invoice_number="T7000012050002", signed_by="あきる野市長 髙橋 一郎")
        HallTerms.objects.create(
            facility_id=room.facility_id, item=RevenueItem.objects.get(), ways=["desk_cash", "bank_slip"]
        )
        day = local(now, TOKYO)[0] + timedelta(days=9)
        while not open_periods(
            room.rules_on(day), facility=room.facility_key, room=room.key, day=day
        ).periods:
            day += timedelta(days=1)
        return book_room(
            room_id=room.id,
            starts_at=moment(day, 600, TOKYO),
            ends_at=moment(day, 720, TOKYO),
            resident_id=aiko.resident.pk,
            channel="web",
            purpose="書道の会",
            details=Details(headcount=9),
            actor=Actor("resident", aiko.resident.pk),
            now=now,
        )


def papers(reservation):
    return f"/my/r/{reservation.ref}/papers/"


def say_where_to_pay(admin):
    admin.go("/console/money/slips/")
    admin.follow("納入場所を書く").fill(pay_at="まち銀行の本店と支店、市役所の会計課").press("保存する")
    assert "まち銀行" in admin.text


def write_down_the_list(admin):
    admin.go("/console/money/paid-lists/").follow("形式を加える")
    admin.fill(name="まち銀行", heading_lines="1", number="納付番号", yen="金額", paid_on="収納日").press(
        "保存する"
    )
    assert "まち銀行" in admin.text


def hand_in(admin, lines):
    data = ("納付番号,金額,収納日\n" + lines).encode("cp932")
    admin.go("/console/money/paid-lists/")
    file = {"name": "収納一覧.csv", "mimeType": "text/csv", "buffer": data}
    admin.page.set_input_files("[name=file]", file)
    admin.press("読み込んで確かめる")


@pytest.mark.parametrize("width", [PHONE])
def test_a_slip_is_paid_and_proved(akiruno, aiko, emi, visit, owed, width):
    admin = visit(akiruno, person=emi, width=TABLET)
    say_where_to_pay(admin)
    write_down_the_list(admin)
    resident = visit(akiruno, person=aiko, width=width)
    resident.go(f"/my/r/{owed.ref}/").follow("領収書や納付書などの書類を見る").press("納付書を作る")
    assert "納付書を開く" in resident.text
    with inside(akiruno):
        slip = Paper.objects.get(kind="slip")
    today = timezone.now().date()
    hand_in(admin, f"{slip.number},{slip.yen},{today}\n2099-000001,500,{today}\n合計,,\n")
    for words in ("納付書のとおり", "納付書が見つからない", "読めない行"):
        assert words in admin.text
    admin.press("料金に入れる")
    assert "読めない行があります" in admin.text
    admin.choose("[name=unreadable_seen]").press("料金に入れる")
    with inside(akiruno):
        book_list(list_id=PaidList.objects.get().pk, now=timezone.now())
        assert LedgerEntry.objects.get(kind="collected").yen == slip.yen
    admin.go("/console/money/paid-lists/").follow("納付書をさがして入れる").fill(slip_number="2099-000009")
    admin.press("この納付書の料金に入れる")
    assert "この番号の納付書は、ありません" in admin.text
    resident.go(papers(owed)).press("支払済証明書を作る").press("適格請求書（インボイス）を作る")
    assert "支払い済み" in resident.text
    with inside(akiruno):
        proof = Paper.objects.get(kind="proof")
    visit(akiruno, width=width).go(f"/verify/paper/{proof.token}/")


def test_the_desk_prints_slips_and_receipts(akiruno, dai, emi, visit, owed):
    say_where_to_pay(visit(akiruno, person=emi, width=LARGE_PHONE))
    desk = visit(akiruno, person=dai, width=TABLET)
    desk.go(f"/desk/reservation/{owed.ref}/").follow("お金の書類").follow("納付書を作る").press(
        "納付書を作る"
    )
    assert "納付書を作りました（1枚）" in desk.page.inner_text("body")
    desk.go(f"/desk/reservation/{owed.ref}/cash/").press("円を受け取った")
    assert "上のとおり領収しました" in desk.text
    desk.go(f"/desk/reservation/{owed.ref}/receipt/").press("再発行して印刷する")
    assert "再発行" in desk.text
    desk.go(f"/desk/reservation/{owed.ref}/papers/").follow("なくした人に、再発行する").press("再発行する")
    assert "再発行の理由を書いてください" in desk.text
    desk.fill(reason="なくした").press("再発行する")
    with inside(akiruno):
        receipt = Paper.objects.get(kind="receipt")
    assert receipt.number.endswith("000001")
    visit(akiruno, width=PHONE).go(f"/verify/paper/{receipt.token}/")


def test_files_of_slips_are_written_down(akiruno, emi, visit):
    admin = visit(akiruno, person=emi, width=LARGE_PHONE)
    admin.go("/console/money/slips/").follow("ファイルの形式を加える").fill(name="eL-QR").press("保存する")
    admin.follow("ファイルを出す")
    assert "納付書の一覧をファイルで出す" in admin.text


def test_the_papers_of_a_paid_reservation_without_javascript(akiruno, aiko, dai, visit, owed):
    with inside(akiruno):
        collect_cash(subject=owed.ref, yen=owed.price_yen, staff_id=dai.staff.pk, now=timezone.now())
    visitor = visit(akiruno, person=aiko, width=PHONE, javascript=False).go(papers(owed))
    assert "領収書を開く" in visitor.text
