"""Cash of a day at the hall, from opening the drawer to the daily report; and the treasurer's pages over it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.actors import Actor
from accounts.roles import staff_member
from facilities.models import Facility
from payments.cash.drawers import accept_hand_over, open_drawer, use_drawers
from payments.dues import DuePart, set_dues
from payments.models import HandOver, RevenueItem
from payments.services import assess_charge, collect_cash, reduce_charge, refund_cash
from tenants.context import inside
from tests.journeys.conftest import LARGE_PHONE, PHONE, TABLET

pytestmark = pytest.mark.browser

TOKYO = ZoneInfo("Asia/Tokyo")
HALL = "chuo-kominkan"


@pytest.fixture
def money(akiruno, dai):
    """Money of Dai's hall: a room paid and partly given back, another one paid, a third overdue. The hall uses
    drawers from now on."""

    def charge(yen, payer, due):
        subject = uuid4()
        assess_charge(
            subject=subject, yen=yen, title="中央公民館 第1研修室", payer=payer, day=now.astimezone(TOKYO).date(),
            facility_id=hall.pk, actor=Actor("system", 0), now=now,
        )  # fmt: skip
        set_dues(subject=subject, parts=[DuePart(due, "staff")])
        return subject

    with inside(akiruno):
        now, hall = timezone.now(), Facility.objects.get(key=HALL)
        first, second = charge(1200, "佐藤 花子", now), charge(800, "コーラスの会", now)
        for subject, yen in ((first, 1200), (second, 800)):
            collect_cash(subject=subject, yen=yen, staff_id=dai.staff.pk, now=now)
        who = Actor("staff", dai.staff.pk)
        reduce_charge(subject=first, to_yen=700, reason="短くした", actor=who, now=now)
        refund_cash(subject=first, staff_id=dai.staff.pk, now=now)
        charge(56_000, "あきる野 少年野球連盟", now - timedelta(days=20))
        item = RevenueItem.objects.get(is_default=True)
        use_drawers(facility_id=hall.pk, used=True, default_item_id=item.pk, now=timezone.now())
        return hall


@pytest.mark.parametrize("width", [TABLET, LARGE_PHONE])
def test_a_drawer_from_opening_to_closing(visit, akiruno, dai, emi, money, width):
    visitor = visit(akiruno, person=dai, width=width).go("/desk/").follow("お金").follow("わたしのレジ")
    visitor.follow("中央公民館").follow("つり銭を入れる").fill(yen="３0,000", memo="つり銭資金")
    visitor.press("入れたことを記録する")
    assert "30,000円" in visitor.text
    visitor.follow("レジへもどる").fill(float_yen="10000").press("レジを開ける")
    assert "入っているはずの金額\n10,000円" in visitor.text.replace(" \n", "\n").replace("\n\n", "\n")
    visitor.follow("引き継ぐ").fill(yen="2000", memo="交代").press("引継ぎを伝える")
    assert "確認するのを待っています" in visitor.text
    with inside(akiruno):
        boss = _member(emi)
        open_drawer(facility_id=money.pk, float_yen=0, staff=boss, now=timezone.now())
        accept_hand_over(hand_over_id=HandOver.objects.get().pk, staff=boss, now=timezone.now())
    visitor.go(visitor.page.url).follow("銀行に入金する").fill(yen="3000", memo="控え 12")
    visitor.press("入金したことを記録する").follow("レジを閉める")
    visitor.fill(piece_1000="4", piece_500="1")
    assert "4,500円" in visitor.text
    visitor.press("この結果でレジを閉める")
    assert "数えた金額は 4,500円、記録は 5,000円です" in visitor.text
    visitor.fill(explanation="両替をまちがえた").press("この結果でレジを閉める")
    assert "レジを閉めました" in visitor.text
    visitor.go("/desk/money/daily/")
    assert "1,500" in visitor.text
    assert "数えたら足りなかった −500円" in visitor.text


@pytest.mark.parametrize("width", [TABLET, PHONE])
def test_the_treasurer_looks_writes_and_exports(visit, akiruno, emi, money, width):
    visitor = visit(akiruno, person=emi, width=width).go("/console/money/").follow("出納")
    assert "57,500" in visitor.text
    visitor.follow("還付", exact=True)
    assert "歳入から 500円" in visitor.text
    visitor.follow("減免", exact=True).follow("現金", exact=True).follow("レジを使う館を決める")
    visitor.follow("年度の閉鎖").follow("合っているか")
    assert "すべて合っています" in visitor.text
    visitor.follow("未納と督促")
    assert "20日過ぎている" in visitor.text
    visitor.page.check("input[name=charge]")
    visitor.press("選んだ人に督促状を作る").press("督促状を 1通作る")
    assert "あきる野 少年野球連盟" in visitor.text
    visitor.follow("財務会計への書き出し").follow("新しい形を作る").fill(name="財務会計")
    visitor.choose("input[name=rows][value=days]").press("この形を保存する")
    assert "日・科目・方法ごとの合計" in visitor.text
    with visitor.page.expect_download() as sent:
        visitor.page.get_by_role("button", name="書き出す").first.click()
    assert sent.value.suggested_filename.endswith(".csv")


def test_the_drawer_works_without_javascript(visit, akiruno, dai, money):
    visitor = visit(akiruno, person=dai, width=TABLET, javascript=False).go("/desk/money/drawer/")
    visitor.fill(float_yen="0").press("レジを開ける").follow("数える").fill(piece_100="1")
    visitor.press("この結果を記録する")
    assert "理由を書いてください" in visitor.text


def _member(person):
    return staff_member(person.user)
