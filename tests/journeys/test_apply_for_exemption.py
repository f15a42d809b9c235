"""Exemption from a fee: applied for on a phone, passed on at the desk, decided by the municipality; or by the rules."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from accounts.models import Membership
from booking.models import Exemption, Reservation
from facilities.models import RuleBook
from facilities.services import publish_rules
from tenants.context import inside
from tests.booking.conftest import rules_text
from tests.booking.exempting import RULES_WITH_GROUNDS
from tests.factories import a_group
from tests.journeys.conftest import LARGE_PHONE, PHONE, TABLET
from tests.journeys.test_change_reservation import shot

pytestmark = pytest.mark.browser


@pytest.fixture
def with_grounds(akiruno):
    """The hall's rules have grounds of exemption."""
    text = rules_text("akiruno")
    for old, new in RULES_WITH_GROUNDS:
        text = text.replace(old, new)
    with inside(akiruno):
        book = RuleBook.objects.get()
        publish_rules(rule_book_id=book.pk, text=text, effective_from=date(2026, 1, 1), now=timezone.now())


def to_the_check(visitor, headcount):
    """From the room's page to the last page before booking."""
    visitor.go("/h/chuo-kominkan/kenshu-1/")
    visitor.tap(visitor.page.locator("a.day").nth(4)).tap(visitor.page.locator("a.hour").first)
    visitor.choose("#length input[name=time] >> nth=1").press("つぎへ進む")
    visitor.choose("[name=q_admission][value=no]")
    return visitor.fill(purpose="車いすの体操", headcount=headcount).press("つぎへ進む")


def add_file(visitor):
    visitor.page.set_input_files(
        "[name=file]", {"name": "手帳.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1"}
    )
    visitor.press("この書類を加える")


@pytest.mark.parametrize(("phone", "desk"), [(LARGE_PHONE, TABLET), (PHONE, LARGE_PHONE)])
def test_applied_for_while_booking_passed_on_and_granted(
    visit, akiruno, aiko, dai, emi, with_grounds, phone, desk
):
    resident = visit(akiruno, width=phone, person=aiko)
    to_the_check(resident, "10")
    shot(resident, "check")
    resident.page.select_option("[name=exemption]", label="福祉団体")
    resident.press("この内容で予約する")
    shot(resident, "done")
    resident.follow("福祉団体")
    assert "審査待ち" in resident.text
    add_file(resident)
    assert "手帳.pdf" in resident.text
    shot(resident, "mine")
    staff = visit(akiruno, width=desk, person=dai).go("/desk/money/")
    staff.follow("減免")
    shot(staff, "queue")
    staff.tap(staff.page.locator("th a.reach").first)
    shot(staff, "relay")
    staff.fill(opinion="会則を確かめました。").press("進達する")
    assert "会則を確かめました。" in staff.text
    office = visit(akiruno, width=desk, person=emi).go("/console/money/")
    office.follow("減免の決定")
    office.tap(office.page.locator("th a.reach").first)
    office.press("認めたときの料金を見る")
    assert "減免前" in office.text
    shot(office, "decide")
    office.fill(reason="規則のとおり").press("減免を認める")
    shot(office, "decided")
    resident.page.reload()
    resident.inspect()
    assert "審査請求" in resident.page.content()
    shot(resident, "granted")
    resident.follow("予約へもどる")
    assert "減免後" in resident.text
    shot(resident, "reservation")
    office.go(f"/desk/reservation/{ref_of(akiruno)}/")
    shot(office, "desk-reservation")


def ref_of(municipality):
    with inside(municipality):
        return Reservation.objects.get().ref


def test_a_club_applies_once_for_all_its_uses(visit, akiruno, aiko, emi, with_grounds):
    with inside(akiruno):
        group = a_group("みどりの会", now=timezone.now())
        who = {"resident": aiko.resident, "role": "representative", "since": timezone.now()}
        Membership.objects.create(group=group, **who)
    resident = visit(akiruno, width=PHONE, person=aiko).go(f"/groups/{group.ref}/")
    resident.follow("団体の減免を見る・申請する")
    resident.choose("[name=ground][value=welfare]")
    shot(resident, "group")
    resident.fill(remark="毎週の活動").press("団体の減免を申請する")
    add_file(resident)
    shot(resident, "group-one")
    office = visit(akiruno, width=TABLET, person=emi).go("/console/exemptions/groups/")
    shot(office, "all-standing")
    office.follow("みどりの会")
    office.press("認めない")
    assert office.page.title().startswith("エラー：")
    shot(office, "standing")
    office.press("減免を認める")
    assert "終わりにする" in office.text
    resident.go(f"/groups/{group.ref}/exemptions/")
    assert "承認" in resident.text


def test_what_the_rules_grant_is_in_the_price_without_scripts(visit, akiruno, aiko, with_grounds):
    resident = visit(akiruno, width=PHONE, person=aiko, javascript=False)
    resident.go("/h/chuo-kominkan/kenshu-1/").tap(resident.page.locator("a.hour").first)
    resident.choose("#length input[name=time] >> nth=1").press("つぎへ進む")
    resident.choose("[name=q_admission][value=no]")
    resident.fill(purpose="体操", headcount="3").press("つぎへ進む")
    assert "減免前 800円" in resident.text
    resident.press("この内容で予約する")
    with inside(akiruno):
        assert (Reservation.objects.get().price_yen, Exemption.objects.get().basis) == (600, "automatic")
