"""Refunds by transfer: on one list, done once, asked again when the bank returns them; the bank's file is exact."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.actors import Actor
from payments.models import Charge, LedgerEntry, Payee, Refund, Task, TransferTerms
from payments.refunds.bank_accounts import bank_account
from payments.refunds.crediting import credit_refund
from payments.refunds.errors import (
    CannotReverse,
    ClaimTooLate,
    CreditNotPossible,
    NothingToTransfer,
    RefundMovedOn,
    TransferListClosed,
    TransferTermsMissing,
)
from payments.refunds.rerouting import change_route, give_account
from payments.refunds.transfer_files import bank_file, csv_file
from payments.refunds.transfers import (
    drop_list,
    finish_list,
    make_list,
    ready_for_transfer,
    return_transfer,
    set_transfer_terms,
)
from payments.reversing import reverse_collection
from payments.services import collect_cash, reduce_charge, refund_cash
from payments.tasks import open_task
from tests.payments.test_give_back_by_route import GIVEN

State, Route = Refund.State, Refund.Route
PAY_ON = date(2026, 12, 10)


@pytest.fixture
def actor(clerk):
    return Actor("staff", clerk.pk)


@pytest.fixture
def refund(charge, clerk, now, actor):
    """Paid, cancelled, to be transferred to an account that is known."""

    def make(yen=800, route=Route.BANK_TRANSFER, **facts):
        subject = charge(yen, **facts)
        collect_cash(subject=subject, yen=yen, staff_id=clerk.pk, now=now)
        one = reduce_charge(subject=subject, to_yen=0, reason="取消し", actor=actor, now=now).refunds[0]
        if route == Route.BANK_TRANSFER:
            change_route(ref=one.ref, route=route, actor=actor, now=now)
            give_account(ref=one.ref, account=bank_account(**GIVEN), actor=actor, now=now)
        return Refund.objects.get(pk=one.pk)

    return make


@pytest.fixture
def put(clerk, now):
    def act(*refunds):
        payee = Payee.objects.get()
        refs = [one.ref for one in refunds]
        return make_list(payee_id=payee.pk, refs=refs, pay_on=PAY_ON, staff_id=clerk.pk, now=now)

    return act


@pytest.fixture
def terms(city):
    payee_id = Payee.objects.get().pk
    values = {
        "client_code": "1234567",
        "client_name": "ｱｷﾙﾉｼ ｶｲｹｲｶﾝﾘｼﾔ",
        "bank_code": "0009",
        "bank_name": "三井住友",
        "branch_code": "045",
        "branch_name": "ｱｷｶﾜ",
        "account_kind": "1",
        "account_number": "7654321",
    }
    set_transfer_terms(payee_id=payee_id, terms=TransferTerms(**values))
    set_transfer_terms(payee_id=payee_id, terms=TransferTerms(**values))


def test_a_list_is_transferred_once(refund, put, clerk, now, state):
    one, other = refund(800), refund(500)
    made = put(one, other)
    assert Refund.objects.get(pk=one.pk).state == State.PENDING
    assert not ready_for_transfer(made.payee_id)
    with pytest.raises(NothingToTransfer):
        put(one)
    assert finish_list(list_id=made.pk, staff_id=clerk.pk, now=now) == 1300
    assert state(one.charge.subject).state == "refunded"
    assert LedgerEntry.objects.filter(kind="refunded", gateway="bank_transfer").count() == 2
    for again in (finish_list, drop_list):
        with pytest.raises(TransferListClosed):
            again(list_id=made.pk, now=now, **({"staff_id": clerk.pk} if again is finish_list else {}))


def test_a_list_the_bank_never_got_is_dropped(refund, put, now):
    one = refund()
    drop_list(list_id=put(one).pk, now=now)
    kept = Refund.objects.get(pk=one.pk)
    assert (kept.state, kept.transfer_list_id) == (State.READY, None)
    assert kept.bank_account is not None


def test_on_a_list_nothing_changes_any_more(refund, put, actor, now):
    one = refund()
    put(one)
    with pytest.raises(RefundMovedOn):
        change_route(ref=one.ref, route=Route.DESK_CASH, actor=actor, now=now)


def test_returned_before_it_was_noted_the_account_is_asked_again(refund, put, clerk, now):
    one, other = refund(), refund(500)
    made = put(one, other)
    return_transfer(ref=one.ref, why="口座なし", staff_id=clerk.pk, now=now)
    kept = Refund.objects.get(pk=one.pk)
    assert (kept.state, kept.failure, kept.bank_account) == (State.AWAITING_ACCOUNT, "口座なし", None)
    assert Task.objects.get(closed_at=None).kind == Task.Kind.TRANSFER_RETURNED
    assert finish_list(list_id=made.pk, staff_id=clerk.pk, now=now) == 500


def test_returned_afterwards_the_money_is_here_again_and_decided_again(refund, put, clerk, now, state):
    one = refund()
    finish_list(list_id=put(one).pk, staff_id=clerk.pk, now=now)
    return_transfer(ref=one.ref, why="解約済み", staff_id=clerk.pk, now=now)
    after = state(one.charge.subject)
    assert (after.refund_due_yen, after.paid_yen, after.due_yen) == (800, 0, 0)
    again = Refund.objects.get(charge=one.charge, state=State.AWAITING_ACCOUNT)
    assert (again.route, again.yen) == (Route.BANK_TRANSFER, 800)
    with pytest.raises(RefundMovedOn):
        return_transfer(ref=one.ref, why="また", staff_id=clerk.pk, now=now)


def test_the_banks_file_is_exact(refund, put, terms):
    made = put(refund(800), refund(12_345))
    lines = bank_file(made).split(b"\r\n")
    assert lines.pop() == b""
    assert [len(line) for line in lines] == [120] * 5
    head, first, _second, total, end = (line.decode("cp932") for line in lines)
    assert head[:14] == "12100001234567"
    assert head[14:54].rstrip() == "ｱｷﾙﾉｼ ｶｲｹｲｶﾝﾘｼﾔ"
    assert (head[54:58], head[58:62], head[62:77].strip()) == ("1210", "0009", "")
    assert (head[77:80], head[95:96], head[96:103]) == ("045", "1", "7654321")
    assert (first[0], first[1:5], first[20:23], first[42], first[43:50]) == (
        "2",
        "0001",
        "123",
        "1",
        "0012345",
    )
    assert first[50:80].rstrip() == "ｻﾄｳ ﾊﾅｺ"
    assert (first[80:90], first[90]) == ("0000000800", "0")
    assert first[111] == "7"
    assert total[:19] == "8000002000000013145"
    assert end == "9" + " " * 119


def test_without_an_account_to_pay_from_there_is_no_bank_file(refund, put):
    with pytest.raises(TransferTermsMissing):
        bank_file(put(refund()))


def test_a_list_for_people_has_no_formulas(refund, put):
    text = csv_file(put(refund(payer="=1+1"))).decode("utf-8-sig")
    assert "'=1+1" in text
    assert "みずほ銀行" in text


def test_a_refund_pays_another_charge(refund, charge, actor, now, state):
    one, target = refund(800), charge(800)
    made = credit_refund(ref=one.ref, to_subject=target, actor=actor, now=now)
    assert (made.yen, made.rest) == (800, None)
    assert (state(one.charge.subject).state, state(target).state) == ("refunded", "paid")
    sums = {
        kind: sum(LedgerEntry.objects.filter(gateway="credit", kind=kind).values_list("yen", flat=True))
        for kind in ("collected", "refunded")
    }
    assert sums == {"collected": 800, "refunded": 800}
    assert Refund.objects.get(pk=one.pk).credited_to.subject == target


def test_what_a_refund_paid_is_off_the_clerks_list(refund, charge, actor, now):
    one, target = refund(800), charge(800)
    open_task(kind=Task.Kind.OVERDUE, cause="x", charge_id=Charge.objects.get(subject=target).pk, now=now)
    credit_refund(ref=one.ref, to_subject=target, actor=actor, now=now)
    assert Task.objects.get(kind=Task.Kind.OVERDUE).closed_at == now


def test_its_payer_credits_it_only_while_it_can_be_claimed(refund, charge, actor, now):
    one, target = refund(800), charge(800)
    Refund.objects.filter(pk=one.pk).update(claim_until=now.date() - timedelta(days=1))
    with pytest.raises(ClaimTooLate):
        credit_refund(ref=one.ref, to_subject=target, actor=Actor("resident", 1), now=now)
    assert credit_refund(ref=one.ref, to_subject=target, actor=actor, now=now).yen == 800


def test_what_exceeds_the_other_charge_stays_a_refund(refund, charge, actor, now, state):
    one, target = refund(800, route=Route.DESK_CASH), charge(300)
    made = credit_refund(ref=one.ref, to_subject=target, actor=actor, now=now)
    assert (made.yen, made.rest.yen, made.rest.state) == (300, 500, State.READY)
    assert (state(target).state, state(one.charge.subject).refund_due_yen) == ("paid", 500)
    assert refund_cash(subject=one.charge.subject, staff_id=actor.id, now=now) == 500


def test_a_part_of_the_other_charge_can_be_credited(refund, charge, actor, now, state):
    target = charge(1000)
    credit_refund(ref=refund(800).ref, to_subject=target, actor=actor, now=now)
    assert state(target).due_yen == 200


def test_credit_is_for_the_same_payer_and_what_is_due(refund, charge, actor, now):
    one = refund(800)
    for target in (charge(500, payer="別の 人"), charge(0), one.charge.subject):
        with pytest.raises(CreditNotPossible):
            credit_refund(ref=one.ref, to_subject=target, actor=actor, now=now)


def test_what_was_credited_comes_back_by_transfer(refund, charge, actor, now):
    target = charge(800)
    credit_refund(ref=refund(800).ref, to_subject=target, actor=actor, now=now)
    back = reduce_charge(subject=target, to_yen=0, reason="取消し", actor=actor, now=now)
    assert [(one.route, one.state) for one in back.refunds] == [(Route.BANK_TRANSFER, State.AWAITING_ACCOUNT)]


def test_a_wrong_collection_is_taken_back_once(charge, clerk, now, state):
    subject = charge(800)
    collect_cash(subject=subject, yen=800, staff_id=clerk.pk, now=now)
    entry = LedgerEntry.objects.get(kind="collected")
    reverse_collection(entry_id=entry.pk, reason="別の人の料金だった", staff_id=clerk.pk, now=now)
    assert (state(subject).state, state(subject).due_yen) == ("unpaid", 800)
    with pytest.raises(CannotReverse):
        reverse_collection(entry_id=entry.pk, reason="また", staff_id=clerk.pk, now=now)
    collect_cash(subject=subject, yen=800, staff_id=clerk.pk, now=now)
    assert state(subject).state == "paid"


def test_what_was_given_back_is_not_taken_back_too(refund, clerk, now):
    one = refund(800)
    with pytest.raises(CannotReverse):
        reverse_collection(entry_id=one.source_id, reason="まちがい", staff_id=clerk.pk, now=now)
