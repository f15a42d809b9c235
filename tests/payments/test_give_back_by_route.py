"""A refund goes back by a way that can be changed while nobody outside knows of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actors import Actor
from payments.models import Refund, Task
from payments.refunds.bank_accounts import bank_account, in_bank_kana, opened
from payments.refunds.claims import forgo_refund, note_unclaimed
from payments.refunds.errors import (
    BankAccountUnfit,
    ClaimTooLate,
    ReasonNeeded,
    RefundMovedOn,
    RouteNotPossible,
)
from payments.refunds.queries import masked_account, where_back
from payments.refunds.rerouting import KEEP_ACCOUNTS, change_route, forget_accounts, give_account
from payments.services import collect_cash, reduce_charge, refund_cash
from payments.years import today_at
from tenants.sealing import CannotOpen

Route, State = Refund.Route, Refund.State
PAYER = Actor("resident", 1)
GIVEN = {
    "bank_code": "0001",
    "bank_name": "みずほ銀行",
    "branch_code": "１２３",
    "branch_name": "秋川支店",
    "kind": "1",
    "number": "12345",
    "holder": "さとう　はなこ",
}


@pytest.fixture
def refund(charge, clerk, now):
    """Eight hundred yen were paid in cash, and are to be given back: claimed within ten days."""

    def make(claim_days=None):
        subject = charge(800)
        collect_cash(subject=subject, yen=800, staff_id=clerk.pk, now=now)
        until = today_at(now) + timedelta(days=claim_days) if claim_days is not None else None
        decision = reduce_charge(
            subject=subject,
            to_yen=0,
            reason="取消し",
            actor=PAYER,
            now=now,
            claim_until=until,
            article="第9条",
        )
        return decision.refunds[0]

    return make


def test_cash_goes_back_in_cash(refund):
    one = refund()
    assert (one.route, one.state, one.article) == (Route.DESK_CASH, State.READY, "第9条")


def test_a_payer_asks_for_a_transfer_and_says_where_to(refund, clerk, now, state):
    one = refund()
    change_route(ref=one.ref, route=Route.BANK_TRANSFER, actor=PAYER, now=now)
    assert Refund.objects.get(pk=one.pk).state == State.AWAITING_ACCOUNT
    give_account(ref=one.ref, account=bank_account(**GIVEN), actor=PAYER, now=now)
    kept = Refund.objects.get(pk=one.pk)
    assert kept.state == State.READY
    account = opened(kept.bank_account, refund_id=kept.pk)
    assert (account.branch_code, account.number, account.holder) == ("123", "0012345", "ｻﾄｳ ﾊﾅｺ")
    assert masked_account(kept) == "みずほ銀行 秋川支店 ＊＊＊＊345"
    with pytest.raises(CannotOpen):
        opened(kept.bank_account, refund_id=kept.pk + 1)
    assert b"12345" not in bytes(kept.bank_account)
    assert "12345" not in repr(account)


def test_a_payer_chooses_no_other_way(refund, now):
    one = refund()
    change_route(ref=one.ref, route=Route.BANK_TRANSFER, actor=PAYER, now=now)
    with pytest.raises(RouteNotPossible):
        change_route(ref=one.ref, route=Route.DESK_CASH, actor=PAYER, now=now)
    with pytest.raises(RouteNotPossible):
        change_route(ref=one.ref, route=Route.CREDIT, actor=PAYER, now=now)


def test_cash_never_goes_to_a_card(refund, clerk, now):
    with pytest.raises(RouteNotPossible):
        change_route(ref=refund().ref, route=Route.STRIPE, actor=Actor("staff", clerk.pk), now=now)


def test_another_way_forgets_the_account(refund, clerk, now):
    one = refund()
    change_route(ref=one.ref, route=Route.BANK_TRANSFER, actor=PAYER, now=now)
    give_account(ref=one.ref, account=bank_account(**GIVEN), actor=PAYER, now=now)
    change_route(ref=one.ref, route=Route.DESK_CASH, actor=Actor("staff", clerk.pk), now=now)
    kept = Refund.objects.get(pk=one.pk)
    assert (kept.state, kept.bank_account) == (State.READY, None)


def test_what_was_given_back_stays_so(refund, clerk, now):
    one = refund()
    refund_cash(subject=one.charge.subject, staff_id=clerk.pk, now=now)
    with pytest.raises(RefundMovedOn):
        change_route(ref=one.ref, route=Route.BANK_TRANSFER, actor=PAYER, now=now)
    with pytest.raises(RefundMovedOn):
        give_account(ref=one.ref, account=bank_account(**GIVEN), actor=PAYER, now=now)


def test_an_account_is_only_for_a_transfer(refund, now):
    with pytest.raises(RouteNotPossible):
        give_account(ref=refund().ref, account=bank_account(**GIVEN), actor=PAYER, now=now)


def test_who_claims_too_late_asks_the_hall_and_a_clerk_hears_of_it(refund, clerk, now):
    one, later = refund(claim_days=10), now + timedelta(days=11)
    assert note_unclaimed(now=now + timedelta(days=10)) == 0
    assert note_unclaimed(now=later) == 1
    note_unclaimed(now=later)
    assert Task.objects.get(closed_at=None).kind == Task.Kind.REFUND_UNCLAIMED
    with pytest.raises(ClaimTooLate):
        change_route(ref=one.ref, route=Route.BANK_TRANSFER, actor=PAYER, now=later)
    change_route(ref=one.ref, route=Route.BANK_TRANSFER, actor=Actor("staff", clerk.pk), now=later)
    give_account(ref=one.ref, account=bank_account(**GIVEN), actor=Actor("staff", clerk.pk), now=later)
    assert not Task.objects.filter(closed_at=None).exists()


def test_what_nobody_claimed_is_kept_by_a_decision(refund, clerk, now, state):
    one, later = refund(claim_days=10), now + timedelta(days=11)
    with pytest.raises(RefundMovedOn):
        forgo_refund(ref=one.ref, reason="請求がない", staff_id=clerk.pk, now=now)
    with pytest.raises(ReasonNeeded):
        forgo_refund(ref=one.ref, reason=" ", staff_id=clerk.pk, now=later)
    forgo_refund(ref=one.ref, reason="請求がない", staff_id=clerk.pk, now=later)
    after = state(one.charge.subject)
    assert (after.state, after.paid_yen, after.due_yen, after.refund_due_yen) == ("paid", 800, 0, 0)
    assert Refund.objects.get(pk=one.pk).state == State.WITHDRAWN


def test_accounts_are_forgotten_after_a_while(refund, now):
    one = refund()
    change_route(ref=one.ref, route=Route.BANK_TRANSFER, actor=PAYER, now=now)
    give_account(ref=one.ref, account=bank_account(**GIVEN), actor=PAYER, now=now)
    assert forget_accounts(now=now + KEEP_ACCOUNTS * 2) == 0
    Refund.objects.filter(pk=one.pk).update(state=State.DONE, done_at=now)
    assert forget_accounts(now=now + KEEP_ACCOUNTS) == 0
    assert forget_accounts(now=now + KEEP_ACCOUNTS + timedelta(seconds=1)) == 1
    assert masked_account(Refund.objects.get(pk=one.pk)) == ""


def test_before_pressing_the_way_back_is_told(charge, clerk, now):
    subject = charge(800)
    collect_cash(subject=subject, yen=800, staff_id=clerk.pk, now=now)
    assert [(one.yen, one.route) for one in where_back(subject, 500)] == [(500, "desk_cash")]
    assert where_back(subject, 0) == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"bank_code": "12"}, "bank_code"),
        ({"bank_name": "  "}, "bank_name"),
        ({"branch_code": "12a"}, "branch_code"),
        ({"number": "123456789"}, "number"),
        ({"number": ""}, "number"),
        ({"kind": "9"}, "kind"),
        ({"holder": "佐藤 花子"}, "holder"),
        ({"holder": "サ" * 31}, "holder"),
    ],
)
def test_an_account_that_cannot_be_is_refused_by_its_field(said, field):
    with pytest.raises(BankAccountUnfit) as refused:
        bank_account(**GIVEN | said)
    assert refused.value.facts["fields"] == [field]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("やまだ　花子", None),
        ("ヤマダ ハナコ", "ﾔﾏﾀﾞ ﾊﾅｺ"),
        ("がくしゅうかい　パソコン", "ｶﾞｸｼﾕｳｶｲ ﾊﾟｿｺﾝ"),
        ("カ)マチ・スポーツ", "ｶ)ﾏﾁ.ｽﾎﾟ-ﾂ"),
        ("ﾔﾏﾀﾞ ﾊﾅｺ", "ﾔﾏﾀﾞ ﾊﾅｺ"),
        ("ヴァイオリン", "ｳﾞｱｲｵﾘﾝ"),
        ("Yamada", "YAMADA"),
        ("", None),
    ],
)
def test_names_are_written_as_banks_write_them(name, written):
    assert in_bank_kana(name) == written
