"""What needs a review: applied for on a phone, permitted on a tablet, its permit opened and verified; or refused."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from booking.models import Permit, Reservation
from facilities.models import RuleBook
from facilities.services import publish_rules
from frontend.documents.jobs import settle
from tenants.context import inside
from tests.booking.conftest import rules_text
from tests.journeys.conftest import LARGE_PHONE, PHONE, TABLET
from tests.journeys.test_change_reservation import shot

pytestmark = pytest.mark.browser

RULES = """とした。
    reviews:
      - name: 20人以上の利用
        name_en: 20 people or more
        when: {headcount: 20..}
        decided_within_days: 14
    permit:
      issuer: あきる野市長
      conditions: [{name: 火気を使わないでください。, name_en: No open fire.}]

cancellations:"""


@pytest.fixture
def reviewed(akiruno):
    """20 people or more are reviewed, and every use is given a permit."""
    text = rules_text("akiruno").replace("とした。\n\ncancellations:", RULES)
    with inside(akiruno):
        book = RuleBook.objects.get()
        publish_rules(rule_book_id=book.pk, text=text, effective_from=date(2026, 1, 1), now=timezone.now())


def apply_for(visitor, headcount):
    """From the room's page to the application that waits."""
    visitor.go("/h/chuo-kominkan/kenshu-1/")
    assert "20人以上の利用" in visitor.text
    shot(visitor, "room-with-review")
    visitor.tap(visitor.page.locator("a.day").nth(4)).tap(visitor.page.locator("a.hour").first)
    visitor.choose("#length input[name=time] >> nth=1").press("つぎへ進む")
    visitor.fill(purpose="合唱の発表会", headcount=headcount).press("つぎへ進む")
    assert "この申込みには、審査があります" in visitor.text
    shot(visitor, "check-with-review")
    visitor.press("この内容で申し込む")
    assert "申し込みました（審査中）" in visitor.text
    shot(visitor, "applied")
    visitor.follow("申込みの内容を見る")
    assert "審査中です" in visitor.text
    shot(visitor, "reservation-applied")


@pytest.mark.parametrize(("phone", "desk"), [(LARGE_PHONE, TABLET), (PHONE, LARGE_PHONE)])
def test_applied_for_permitted_and_verified(visit, akiruno, aiko, dai, reviewed, phone, desk):
    resident = visit(akiruno, width=phone, person=aiko)
    apply_for(resident, "25")
    staff = visit(akiruno, width=desk, person=dai).go("/desk/")
    staff.follow("審査", exact=True)
    assert "審査を待つ申込み（1件）" in staff.text
    shot(staff, "reviews")
    staff.tap(staff.page.locator("th a.reach").first)
    assert "20人以上の利用" in staff.text
    assert "合唱の発表会" in staff.text
    staff.fill(opinion="問題ありません。").press("意見だけ記録する")
    assert "問題ありません。" in staff.text
    shot(staff, "review")
    staff.press("許可しない")
    assert staff.page.title().startswith("エラー：")
    staff.fill(conditions="終わったら、いすを元に戻すこと。").press("許可する")
    assert "1件を許可しました。" in staff.page.content()
    with inside(akiruno):
        settle(str(Reservation.objects.get().ref))
        permit = Permit.objects.get()
    resident.page.reload()
    resident.inspect()
    assert "終わったら、いすを元に戻すこと。" in resident.text
    shot(resident, "reservation-permitted")
    link = resident.page.get_by_role("link", name="許可書をPDFで開く").get_attribute("href")
    pdf = resident.page.evaluate("path => fetch(path).then(answer => answer.text())", link)
    assert pdf.startswith("%PDF")
    anybody = visit(akiruno, width=phone).go(f"/verify/permit/{permit.token}/")
    assert "この許可書は本物です" in anybody.text
    assert aiko.resident.name not in anybody.text
    shot(anybody, "verify")
    staff.go(f"/desk/reservation/{permit.reservation.ref}/")
    shot(staff, "reservation-with-permit")
    staff.press("なくした人に、再交付する")
    assert "許可書を作っています。" in staff.text
    resident.follow("予約を取り消す").press("予約を取り消す")
    anybody.go(f"/verify/permit/{permit.token}/")
    assert "この許可書は、もう使えません" in anybody.text


def test_refused_with_a_reason_and_where_to_appeal(visit, akiruno, aiko, dai, reviewed):
    resident = visit(akiruno, person=aiko)
    apply_for(resident, "20")
    staff = visit(akiruno, width=TABLET, person=dai).go("/desk/reviews/")
    staff.tap(staff.page.locator("th a.reach").first)
    staff.fill(reason="公用で使うため").press("許可しない")
    assert "1件を不許可にしました。" in staff.page.content()
    resident.page.reload()
    resident.inspect()
    assert "公用で使うため" in resident.text
    assert "あきる野市長に審査請求" in resident.text
    shot(resident, "reservation-refused")


def test_the_applicant_takes_it_back_without_scripts(visit, akiruno, aiko, reviewed):
    resident = visit(akiruno, width=PHONE, person=aiko, javascript=False)
    resident.go("/h/chuo-kominkan/kenshu-1/").tap(resident.page.locator("a.hour").first)
    resident.choose("#length input[name=time] >> nth=1").press("つぎへ進む")
    resident.fill(purpose="発表会", headcount="25").press("つぎへ進む").press("この内容で申し込む")
    resident.follow("申込みの内容を見る").follow("申込みを取り下げる")
    shot(resident, "withdraw")
    resident.press("申込みを取り下げる")
    with inside(akiruno):
        assert Reservation.objects.get().status == "cancelled"
