"""Money comes back: cancelled on a phone, decided by the municipality, transferred to an account, seen by its payer."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.actors import Actor
from booking.cancelling import cancel_reservation
from payments.models import Payee, Refund, Task, TransferTerms
from payments.refunds.transfers import set_transfer_terms
from payments.services import collect_cash
from tenants.context import inside
from tests.journeys.conftest import PHONE, TABLET
from tests.journeys.test_book_as_resident import book_before
from tests.journeys.test_change_reservation import shot

pytestmark = pytest.mark.browser


@pytest.fixture
def paid(akiruno, aiko, dai):
    """Aiko has paid for a booking of hers in cash. The rules leave open what comes back."""
    with inside(akiruno):
        booked = book_before(aiko, "chuo-kominkan", "kenshu-1")
        yen, now = booked.price_yen, timezone.now()
        collect_cash(subject=booked.ref, yen=yen, staff_id=dai.staff.pk, now=now)
        terms = {
            "client_code": "1234567890",
            "client_name": "ｱｷﾙﾉｼ",
            "bank_code": "0009",
            "bank_name": "ﾐﾂｲｽﾐﾄﾓ",
            "branch_code": "045",
            "branch_name": "ｱｷｶﾜ",
            "account_kind": "1",
            "account_number": "7654321",
        }
        set_transfer_terms(payee_id=Payee.objects.get().pk, terms=TransferTerms(**terms))
        return booked


@pytest.mark.parametrize("javascript", [True, False])
def test_from_cancelling_to_the_bank(visit, akiruno, aiko, emi, paid, javascript):
    phone = visit(akiruno, width=PHONE, person=aiko, javascript=javascript).go(f"/my/r/{paid.ref}/cancel/")
    assert "館が決めてお知らせします" in phone.text
    shot(phone, "cancel")
    phone.press("予約を取り消す")
    assert "館が決めてお知らせします" in phone.text
    shot(phone, "cancelled")

    desk = visit(akiruno, width=TABLET, person=emi, javascript=javascript).go("/desk/money/")
    desk.follow("お金の確認")
    shot(desk, "tasks")
    desk.follow("見て、片づける")
    shot(desk, "task")
    desk.fill(yen=str(paid.price_yen), reason="入院のため")
    desk.press("この額に決める")
    assert "返すことを決めました" in desk.text

    phone.go(f"/my/r/{paid.ref}/")
    shot(phone, "refund-due")
    phone.follow("返し方を見る・変える")
    shot(phone, "refund")
    phone.page.select_option("#id_bank", "0001")
    phone.fill(branch_name="秋川支店", branch_code="123", number="1234567", holder="アオキ アイコ")
    phone.tap(phone.page.get_by_role("button", name="振り込んでもらう"))
    assert "口座を受け取りました" in phone.text
    shot(phone, "account-given")

    desk.go("/desk/money/refunds/")
    shot(desk, "refunds")
    desk.go(f"/desk/money/refunds/{one_refund(akiruno).ref}/")
    shot(desk, "refund-desk")
    desk.go("/console/money/transfers/")
    shot(desk, "transfers")
    desk.follow("振込みの一覧を作る")
    with inside(akiruno):
        today = timezone.localtime(timezone.now()).date().isoformat()
    desk.fill(pay_on=today)
    shot(desk, "transfer-new")
    desk.press("一覧を作る")
    shot(desk, "transfer-list")
    desk.press("銀行が振り込んだ（返金済みにする）")
    assert "の振込みを記録しました" in desk.text

    phone.go(f"/my/r/{paid.ref}/")
    assert "返しました" in phone.text
    with inside(akiruno):
        assert not Task.objects.filter(closed_at=None).exists()
        assert Refund.objects.get().state == "done"


def one_refund(municipality):
    with inside(municipality):
        return Refund.objects.get()


@pytest.mark.parametrize("width", [PHONE])
def test_the_desk_on_a_phone(visit, akiruno, dai, emi, paid, width):

    with inside(akiruno):
        Payee.objects.update(four_eyes_from_yen=1)
        cancel_reservation(
            ref=paid.ref,
            actor=Actor("staff", emi.staff.pk),
            reason="電話で申し出",
            now=timezone.now(),
            refund_yen=paid.price_yen,
        )
        refund = Refund.objects.get()
    desk = visit(akiruno, width=width, person=dai).go("/desk/money/refunds/")
    shot(desk, "refunds")
    desk.go(f"/desk/money/refunds/{refund.ref}/")
    shot(desk, "approve")
    desk.tap(desk.page.get_by_role("button", name="承認して"))
    assert "承認しました" in desk.text
    shot(desk, "refund-desk")
    desk.go(f"/desk/reservation/{paid.ref}/")
    shot(desk, "reservation")
