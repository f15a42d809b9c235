"""Refunds: never more than was paid, and what banks and payers make of them."""

from __future__ import annotations

import pytest
import stripe

from config.demo.fake_stripe.forms import Problem
from tests.fake_stripe.scenes import a_paid_intent, a_paid_voucher, a_session

PENDING_CARD, FAILING_CARD = "4000000000007726", "4000000000005126"


@pytest.fixture
def refunds(fake_stripe, account):
    """The library's refund calls for the account."""
    return fake_stripe.client(account).v1.refunds


def test_parts_come_back_until_nothing_is_left(fake_stripe, account, refunds):
    intent = a_paid_intent(fake_stripe, account)
    for _ in range(2):
        assert refunds.create({"payment_intent": intent, "amount": 500}).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        refunds.create({"payment_intent": intent, "amount": 201})
    assert refused.value.param == "amount"
    assert refunds.create({"payment_intent": intent}).amount == 200
    with pytest.raises(stripe.InvalidRequestError) as refused:
        refunds.create({"payment_intent": intent, "amount": 1})
    assert refused.value.code == "charge_already_refunded"
    charge = fake_stripe.client(account).v1.charges.list({"payment_intent": intent}).data[0]
    assert (charge.refunded, charge.amount_refunded) == (True, 1200)
    # Stripe keeps its fee.
    assert fake_stripe.balance(account) == (0, -43)
    assert [one.amount for one in refunds.list({"payment_intent": intent}).data] == [200, 500, 500]


@pytest.mark.parametrize("amount", [0, -1, "1.5"])
def test_amounts_that_are_none_are_refused(fake_stripe, account, refunds, amount):
    intent = a_paid_intent(fake_stripe, account)
    with pytest.raises(stripe.InvalidRequestError):
        refunds.create({"payment_intent": intent, "amount": amount})
    assert fake_stripe.balance(account)[0] == 1200


def test_what_was_not_paid_does_not_come_back(fake_stripe, account, refunds):
    voucher = fake_stripe.control.take_voucher(a_session(fake_stripe, account).id)["id"]
    for intent in (voucher, "pi_nobodys"):
        with pytest.raises(stripe.InvalidRequestError):
            refunds.create({"payment_intent": intent})
    with pytest.raises(stripe.InvalidRequestError):
        refunds.create({"amount": 100})


def test_a_refund_can_be_held_up_and_arrive_later(fake_stripe, account, refunds):
    intent = a_paid_intent(fake_stripe, account, number=PENDING_CARD)
    refund = refunds.create({"payment_intent": intent})
    assert (refund.status, refund.pending_reason) == ("pending", "processing")
    fake_stripe.control.advance(3601)
    assert refunds.retrieve(refund.id).status == "succeeded"


def test_a_refund_that_went_well_can_fail_later_and_be_tried_again(fake_stripe, account, refunds):
    intent = a_paid_intent(fake_stripe, account, number=FAILING_CARD)
    refund = refunds.create({"payment_intent": intent})
    assert refund.status == "succeeded"
    fake_stripe.control.advance(3601)
    failed = refunds.retrieve(refund.id, {"expand": ["failure_balance_transaction", "charge"]})
    assert (failed.status, failed.failure_reason) == ("failed", "lost_or_stolen_card")
    assert failed.failure_balance_transaction.amount == 1200
    assert (failed.charge.amount_refunded, failed.charge.refunded) == (0, False)
    assert fake_stripe.balance(account)[0] == 1200
    events = [one.type for one in fake_stripe.client(account).v1.events.list().data]
    assert {"refund.failed", "refund.updated", "charge.refund.updated"} <= set(events)
    assert refunds.create({"payment_intent": intent}).amount == 1200


@pytest.mark.parametrize(
    ("outcome", "reason"), [("pending", "processing"), ("no_funds", "insufficient_funds")]
)
def test_any_refund_is_held_up_on_command(fake_stripe, account, refunds, outcome, reason):
    fake_stripe.control.next_refund(outcome)
    refund = refunds.create({"payment_intent": a_paid_intent(fake_stripe, account)})
    assert (refund.status, refund.pending_reason) == ("pending", reason)
    assert (refund.balance_transaction is None) is (outcome == "no_funds")
    fake_stripe.control.settle_refund(refund.id)
    assert refunds.retrieve(refund.id).status == "succeeded"
    assert fake_stripe.balance(account)[0] == 0


def test_a_konbini_refund_needs_the_payers_mail_and_their_bank_account(fake_stripe, account, refunds):
    intent = a_paid_voucher(fake_stripe, account)
    for mail in ({}, {"instructions_email": "nobody"}):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            refunds.create({"payment_intent": intent, **mail})
        assert refused.value.param == "instructions_email"
    refund = refunds.create({"payment_intent": intent, "instructions_email": "aiko@example.jp"})
    assert refund.status == "requires_action"
    assert refund.next_action.display_details.email_sent.email_sent_to == "aiko@example.jp"
    fake_stripe.control.give_refund_account(refund.id)
    assert refunds.retrieve(refund.id).status == "pending"
    fake_stripe.control.advance(3601)
    done = refunds.retrieve(refund.id)
    assert done.status == "succeeded"
    assert done.destination_details.jp_bank_transfer.reference_status == "available"


def test_a_konbini_refund_nobody_answers_comes_to_nothing(fake_stripe, account, refunds):
    intent = a_paid_voucher(fake_stripe, account)
    order = {"payment_intent": intent, "instructions_email": "aiko@example.jp"}
    refund = refunds.create(order)
    fake_stripe.control.advance(46 * 86_400)
    assert refunds.retrieve(refund.id).status == "failed"
    assert fake_stripe.balance(account)[0] == 1200
    assert refunds.cancel(refunds.create(order).id).status == "canceled"
    assert fake_stripe.balance(account)[0] == 1200


def test_the_balance_is_what_its_movements_add_up_to(fake_stripe, account, refunds):
    for yen in (50, 1200, 98_765):
        refunds.create({"payment_intent": a_paid_intent(fake_stripe, account, yen), "amount": yen // 2})
    client = fake_stripe.client(account).v1
    lines = list(client.balance_transactions.list({"limit": 2}).auto_paging_iter())
    assert len(lines) == 6
    assert sum(one.net for one in lines) == fake_stripe.balance(account)[1]
    balance = client.balance.retrieve()
    assert balance.available[0].amount + balance.pending[0].amount == fake_stripe.balance(account)[1]
    fake_stripe.control.advance(5 * 86_400)
    assert client.balance.retrieve().pending[0].amount == 0


def test_what_is_available_is_paid_out_once_and_the_payout_says_of_what(fake_stripe, account):
    first = a_paid_intent(fake_stripe, account)
    client = fake_stripe.client(account).v1
    with pytest.raises(Problem):
        fake_stripe.control.pay_out(account)
    fake_stripe.control.advance(4 * 86_400)
    later = a_paid_intent(fake_stripe, account)
    payout = fake_stripe.control.pay_out(account)
    assert payout["amount"] == 1157
    lines = client.balance_transactions.list({"payout": payout["id"], "expand": ["data.source"]}).data
    assert [(one.type, one.net) for one in lines] == [("payout", -1157), ("charge", 1157)]
    assert lines[1].source.payment_intent == first != later
    assert fake_stripe.balance(account)[1] == 1157
    assert [one.id for one in client.payouts.list().data] == [payout["id"]]
    with pytest.raises(Problem):
        fake_stripe.control.pay_out(account)
