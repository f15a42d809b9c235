"""Money that comes back, on the pages: before pressing, for its payer, for the clerk, for the treasurer."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Membership
from booking.cancelling import cancel_reservation
from booking.models import Reservation
from booking.services import book_room
from facilities.details import Details
from facilities.periods import moment
from facilities.queries import room_by_key
from payments.models import Payee, Refund, Task, TransferTerms
from payments.queries import payment_states
from payments.refunds.left_open import Proposal, ask_for_decision
from payments.services import collect_cash, reduce_charge
from payments.years import today_at
from tenants.context import inside
from tests import factories

DAY = date(2027, 6, 9)
ACCOUNT = {
    "bank": "0001",
    "branch_name": "秋川支店",
    "branch_code": "123",
    "kind": "1",
    "number": "1234567",
    "holder": "アオキ アイコ",
}
State = Refund.State


@pytest.fixture
def paid(aiko, dai, now):
    """A booking of Aiko's, paid in cash; later hours for others."""

    def make(hour=10):
        with inside(aiko.municipality):
            room = room_by_key("chuo-kominkan", "kenshu-1")
            booked = book_room(
                room_id=room.id,
                starts_at=moment(DAY, hour * 60, room.zone),
                ends_at=moment(DAY, hour * 60 + 60, room.zone),
                resident_id=aiko.resident.pk,
                channel="web",
                purpose="会議",
                details=Details(headcount=5),
                actor=Actor("resident", aiko.resident.pk),
                now=now,
            )
            collect_cash(subject=booked.ref, yen=booked.price_yen, staff_id=dai.staff.pk, now=now)
            return booked

    return make


@pytest.fixture
def refund(paid, aiko, emi, now):
    """All that was paid comes back, decided by an admin."""

    def make(hour=10):
        booked = paid(hour)
        with inside(aiko.municipality):
            cancel_reservation(
                ref=booked.ref,
                actor=Actor("staff", emi.staff.pk),
                reason="電話で申し出",
                now=now,
                refund_yen=booked.price_yen,
            )
            return booked, Refund.objects.get(charge__subject=booked.ref)

    return make


def refreshed(person, refund):
    with inside(person.municipality):
        return Refund.objects.get(pk=refund.pk)


def test_before_pressing_it_is_told_where_the_money_goes(aiko, paid):
    text = aiko.client().get(f"/my/r/{paid().ref}/cancel/").content.decode()
    assert "館の窓口で、現金で返します" in text or "返りません" in text or "館が決めて" in text


def test_a_payer_gives_an_account_and_sees_it_masked(aiko, refund):
    booked, one = refund()
    client, page = aiko.client(), f"/my/r/{booked.ref}/refund/{one.ref}/"
    assert "銀行口座に振り込んでほしいとき" in client.get(page).content.decode()
    wrong = client.post(page, ACCOUNT | {"holder": "青木 愛子"})
    assert wrong.status_code == 422
    assert "カタカナ30文字" in wrong.content.decode()
    assert client.post(page, ACCOUNT).status_code == 302
    kept = refreshed(aiko, one)
    assert (kept.state, kept.route) == (State.READY, "bank_transfer")
    text = client.get(page).content.decode()
    assert "＊＊＊＊567" in text
    assert "1234567" not in text


def test_a_bank_that_is_not_listed_is_asked_for_its_code(aiko, refund):
    booked, one = refund()
    page = f"/my/r/{booked.ref}/refund/{one.ref}/"
    wrong = aiko.client().post(page, ACCOUNT | {"bank": "other"}).content.decode()
    assert "銀行コードは、数字4けた" in wrong
    said = ACCOUNT | {"bank": "other", "bank_name": "秋川農業協同組合", "bank_code": "5055"}
    assert aiko.client().post(page, said).status_code == 302


def test_somebody_elses_refund_is_not_found(aiko, refund, client_for, now):
    booked, one = refund()
    with inside(aiko.municipality):
        user = factories.a_resident("他の 人", "other@example.jp", login=True).user
    stranger = client_for(aiko.municipality)
    stranger.force_login(user)
    assert stranger.get(f"/my/r/{booked.ref}/refund/{one.ref}/").status_code == 404
    second, _two = refund(13)
    assert aiko.client().get(f"/my/r/{second.ref}/refund/{one.ref}/").status_code == 404


def test_the_money_pays_another_booking_of_ones_own(aiko, refund, now):
    booked, one = refund()
    with inside(aiko.municipality):
        room = room_by_key("chuo-kominkan", "kenshu-1")
        other = book_room(
            room_id=room.id,
            starts_at=moment(DAY, 15 * 60, room.zone),
            ends_at=moment(DAY, 16 * 60, room.zone),
            resident_id=aiko.resident.pk,
            channel="web",
            purpose="会議",
            details=Details(headcount=5),
            actor=Actor("resident", aiko.resident.pk),
            now=now,
        )
    page = f"/my/r/{booked.ref}/refund/{one.ref}/"
    assert str(other.ref) in aiko.client().get(page).content.decode()
    assert aiko.client().post(page, {"credit": str(other.ref)}).status_code == 302
    with inside(aiko.municipality):
        states = payment_states([booked.ref, other.ref])
    assert (states[booked.ref].state, states[other.ref].state) == ("refunded", "paid")
    assert aiko.client().post(page, {"credit": str(other.ref)}).status_code == 422


def test_the_desk_sees_what_waits_and_hands_out_cash(dai, refund):
    _booked, one = refund()
    text = dai.client().get("/desk/money/refunds/").content.decode()
    assert f"/desk/money/refunds/{one.ref}/" in text
    page = f"/desk/money/refunds/{one.ref}/"
    assert "現金で返した" in dai.client().get(page).content.decode()
    assert dai.client().post(page, {"act": "cash"}).status_code == 302
    assert refreshed(dai, one).state == State.DONE
    assert dai.client().post(page, {"act": "cash"}).status_code == 422


def test_the_desk_changes_the_way_and_takes_the_account(dai, refund):
    _booked, one = refund()
    page = f"/desk/money/refunds/{one.ref}/"
    dai.client().post(page, {"act": "route", "route-route": "bank_transfer"})
    assert refreshed(dai, one).state == State.AWAITING_ACCOUNT
    wrong = dai.client().post(page, {"act": "account"})
    assert wrong.status_code == 422
    dai.client().post(page, {"act": "account"} | {f"account-{key}": value for key, value in ACCOUNT.items()})
    assert refreshed(dai, one).state == State.READY


def test_a_second_person_agrees_on_the_page(dai, emi, paid, now):
    with inside(emi.municipality):
        Payee.objects.update(four_eyes_from_yen=1)
    booked = paid()
    with inside(emi.municipality):
        one = reduce_charge(
            subject=booked.ref, to_yen=0, reason="特別", actor=Actor("staff", emi.staff.pk), now=now
        ).refunds[0]
    page = f"/desk/money/refunds/{one.ref}/"
    assert "あなたが決めた返金です" in emi.client().get(page).content.decode()
    assert emi.client().post(page, {"act": "approve"}).status_code == 422
    assert dai.client().post(page, {"act": "decline"}).status_code == 422
    assert dai.client().post(page, {"act": "approve"}).status_code == 302
    assert refreshed(dai, one).state == State.READY


def test_what_the_rules_leave_open_is_decided_in_the_queue(aiko, dai, emi, paid, now):

    booked = paid()
    with inside(aiko.municipality):
        task = ask_for_decision(
            subject=booked.ref,
            proposal=Proposal("特別の理由", "第9条", 100, "病気"),
            actor=Actor("staff", dai.staff.pk),
            now=now,
        )
    page = f"/desk/money/tasks/{task.pk}/"
    assert "自治体の職員が決めます" in dai.client().get(page).content.decode()
    dai.client().post(page, {"yen": "100", "reason": "よい"})
    with inside(aiko.municipality):
        assert Task.objects.get(pk=task.pk).closed_at is None
    assert page in emi.client().get("/desk/money/tasks/").content.decode()
    assert "病気" in emi.client().get(page).content.decode()
    assert emi.client().post(page, {"yen": "999999", "reason": "x"}).status_code == 422
    assert emi.client().post(page, {"yen": "100", "reason": "診断書を見た"}).status_code == 302
    with inside(aiko.municipality):
        assert payment_states([booked.ref])[booked.ref].refund_due_yen == 100
    assert "診断書を見た" in emi.client().get("/desk/money/tasks/?done=1").content.decode()


def test_every_kind_of_task_has_a_sentence_and_can_be_put_away(emi, now):
    with inside(emi.municipality):
        for kind in Task.Kind:
            Task.objects.create(kind=kind, cause="x", facts={"yen": 500}, opened_at=now)
        ids = {one.kind: one.pk for one in Task.objects.all()}
    text = emi.client().get("/desk/money/tasks/").content.decode()
    assert text.count('class="card"') == len(Task.Kind)
    assert not re.search(r"\{\w+\}", text)
    page = f"/desk/money/tasks/{ids['overdue']}/"
    assert emi.client().post(page, {"note": ""}).status_code == 422
    assert emi.client().post(page, {"note": "電話した"}).status_code == 302
    assert "電話した" in emi.client().get("/desk/money/tasks/?done=1").content.decode()


def test_the_treasurer_has_refunds_transferred(aiko, emi, refund):
    booked, one = refund()
    aiko.client().post(f"/my/r/{booked.ref}/refund/{one.ref}/", ACCOUNT)
    with inside(emi.municipality):
        payee = Payee.objects.get()
    client, new = emi.client(), f"/console/money/transfers/payees/{payee.pk}/"
    assert client.get("/console/money/transfers/").status_code == 200
    assert client.post(new, {"refs": [str(one.ref)], "pay_on": "1999-01-01"}).status_code == 422
    today = emi_today(emi)
    made = client.post(new, {"refs": [str(one.ref)], "pay_on": today})
    assert made.status_code == 302
    page = made["Location"]
    assert "＊＊＊＊567" in client.get(page).content.decode()
    assert "1234567" in client.get(f"{page}list.csv").content.decode("utf-8-sig")
    assert client.get(f"{page}bank.txt").status_code == 409
    terms = {
        "client_code": "1234567890",
        "client_name": "アキルノシ",
        "bank_code": "0009",
        "bank_name": "ミツイスミトモ",
        "branch_code": "045",
        "branch_name": "アキカワ",
        "account_kind": "1",
        "account_number": "765",
    }
    assert client.post(f"{new}bank/", terms | {"client_name": "市役所"}).status_code == 422
    assert client.post(f"{new}bank/", terms).status_code == 302
    with inside(emi.municipality):
        assert TransferTerms.objects.get().client_name == "ｱｷﾙﾉｼ"
    assert client.get(f"{page}bank.txt").content.count(b"\r\n") == 4
    assert client.post(f"{page}returned/{one.ref}/", {"why": "口座なし"}).status_code == 302
    assert refreshed(emi, one).state == State.AWAITING_ACCOUNT
    assert client.post(f"{page}finish/", {"act": "done"}).status_code == 302
    assert client.post(f"{page}finish/", {"act": "done"}).status_code == 409


def emi_today(emi):

    with inside(emi.municipality):
        return today_at(timezone.now()).isoformat()


def test_a_wrong_collection_is_taken_back_by_the_municipality(dai, emi, paid):
    booked = paid()
    page = f"/desk/reservation/{booked.ref}/collections/"
    assert dai.client().get(page).status_code == 404
    assert "/collections/" not in dai.client().get(f"/desk/reservation/{booked.ref}/").content.decode()
    assert page in emi.client().get(f"/desk/reservation/{booked.ref}/").content.decode()
    text = emi.client().get(page).content.decode()
    entry = re.search(r'name="entry" value="(\d+)"', text)[1]
    assert emi.client().post(page, {"entry": entry, "reason": ""}).status_code == 422
    assert emi.client().post(page, {"entry": "0", "reason": "x"}).status_code == 302
    assert emi.client().post(page, {"entry": entry, "reason": "別の人の料金"}).status_code == 302
    with inside(emi.municipality):
        assert payment_states([booked.ref])[booked.ref].state == "unpaid"


def test_a_cancelled_booking_keeps_its_price(aiko, refund):
    booked, _one = refund()
    with inside(aiko.municipality):
        kept = Reservation.objects.get(ref=booked.ref)
    assert (kept.status, kept.price_yen, kept.quote) == ("cancelled", booked.price_yen, booked.quote)


def test_who_only_sees_what_a_group_has_sees_no_account(aiko, refund, now):
    booked, one = refund()
    page = f"/my/r/{booked.ref}/refund/{one.ref}/"
    assert aiko.client().post(page, ACCOUNT).status_code == 302
    assert "＊＊＊＊567" in aiko.client().get(page).text
    with inside(aiko.municipality):
        group = factories.a_group("合唱団", now=now)
        Membership.objects.create(group=group, resident=aiko.resident, role="viewer", since=now)
        Reservation.objects.filter(pk=booked.pk).update(group=group)
    text = aiko.client().get(page).text
    assert "＊＊＊＊" not in text
    assert "口座を変える" not in text
