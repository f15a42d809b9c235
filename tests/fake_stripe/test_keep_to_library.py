"""What the fake answers and takes is what the installed stripe library says: if Stripe changes, this fails."""

from __future__ import annotations

import inspect

import pytest
import stripe
import stripe.params
import stripe.params.checkout as checkout_params

from config.demo.fake_stripe import api, cards, control_api, faults, known
from config.demo.fake_stripe.platform import API_VERSION
from tests.fake_stripe.scenes import a_paid_intent, a_paid_voucher, a_session
from tests.fake_stripe.shapes import faults_of, has_param

PARAMS = {
    "SESSION_CREATE": checkout_params.SessionCreateParams,
    "SESSION_LIST": checkout_params.SessionListParams,
    "LINES": checkout_params.SessionListLineItemsParams,
    "INTENT_CREATE": stripe.params.PaymentIntentCreateParams,
    "INTENT_CONFIRM": stripe.params.PaymentIntentConfirmParams,
    "INTENT_CANCEL": stripe.params.PaymentIntentCancelParams,
    "INTENT_LIST": stripe.params.PaymentIntentListParams,
    "REFUND_CREATE": stripe.params.RefundCreateParams,
    "REFUND_LIST": stripe.params.RefundListParams,
    "LINKED_LIST": stripe.params.ChargeListParams,
    "DISPUTE_LIST": stripe.params.DisputeListParams,
    "EVENT_LIST": stripe.params.EventListParams,
    "TRANSACTION_LIST": stripe.params.BalanceTransactionListParams,
    "PAYOUT_LIST": stripe.params.PayoutListParams,
    "ACCOUNT_LIST": stripe.params.AccountListParams,
    "ACCOUNT_CREATE": stripe.params.AccountCreateParams,
    "ACCOUNT_UPDATE": stripe.params.AccountUpdateParams,
    "LINK_CREATE": stripe.params.AccountLinkCreateParams,
    "RETRIEVE": stripe.params.RefundRetrieveParams,
}
ONLY_WITHIN = {"created", "created[gt]", "created[gte]", "created[lt]", "created[lte]"}


def _everything_happens(fake_stripe, account):
    """Every kind of thing the fake can do, once."""
    control, client = fake_stripe.control, fake_stripe.client(account)
    for number in cards.CARDS:
        intent = control.pay_card(a_session(fake_stripe, account).id, number=number)
        if intent["status"] == "requires_action":
            control.agree(intent["id"])
        elif intent["status"] == "succeeded" and not cards.CARDS[number].dispute:
            client.v1.refunds.create({"payment_intent": intent["id"], "amount": 500})
    paypay = control.pay_paypay(a_session(fake_stripe, account).id)
    client.v1.refunds.create({"payment_intent": paypay["id"], "reason": "requested_by_customer"})
    control.refuse(control.start_paypay(a_session(fake_stripe, account).id)["id"])
    control.take_voucher(a_session(fake_stripe, account).id)
    control.expire_konbini(control.take_voucher(a_session(fake_stripe, account).id)["id"])
    for act in (control.give_refund_account, client.v1.refunds.cancel, control.fail_refund, lambda _: None):
        order = {
            "payment_intent": a_paid_voucher(fake_stripe, account),
            "instructions_email": "aiko@example.jp",
        }
        act(client.v1.refunds.create(order).id)
    client.v1.checkout.sessions.expire(a_session(fake_stripe, account).id)
    for won in (True, False):
        dispute = control.dispute(a_paid_intent(fake_stripe, account))
        control.close_dispute(dispute["id"], won=won)
    client.v1.payment_intents.cancel(
        client.v1.payment_intents.create({"amount": 500, "currency": "jpy"}).id,
        {"cancellation_reason": "abandoned"},
    )
    control.advance(5 * 86_400)
    control.pay_out(account)
    control.restrict(account)


def test_every_object_and_event_is_one_the_library_describes(fake_stripe, account):
    _everything_happens(fake_stripe, account)
    store = fake_stripe.store(account)
    found = [fake_stripe.platform.accounts[account]]
    for table in (
        "sessions",
        "intents",
        "methods",
        "charges",
        "refunds",
        "disputes",
        "payouts",
        "transactions",
        "events",
    ):
        assert getattr(store, table), table
        found += getattr(store, table).values()
    found += [line for lines in store.lines.values() for line in lines]
    # An event holds its object as a plain table: it is looked at by itself.
    found += [event["data"]["object"] for event in store.events.values()]
    wrong = sorted({fault for row in found for fault in faults_of(row)})
    assert not wrong, "\n".join(wrong)


def test_answers_to_calls_are_parsed_into_the_librarys_classes(fake_stripe, account):
    client = fake_stripe.client(account).v1
    session = a_session(fake_stripe, account)
    intent = fake_stripe.control.pay_card(session.id)["id"]
    refund = client.refunds.create({"payment_intent": intent, "amount": 200, "expand": ["charge"]})
    link = fake_stripe.client().v1.account_links.create(
        {
            "account": account,
            "type": "account_onboarding",
            "return_url": "https://akiruno.example/",
            "refresh_url": "https://akiruno.example/again/",
        }
    )
    assert isinstance(session, stripe.checkout.Session)
    assert isinstance(refund, stripe.Refund)
    assert isinstance(refund.charge, stripe.Charge)
    assert isinstance(link, stripe.AccountLink)
    assert isinstance(client.balance.retrieve(), stripe.Balance)
    assert isinstance(client.events.list().data[0], stripe.Event)
    lines = client.checkout.sessions.line_items.list(session.id)
    assert isinstance(lines.data[0].price, stripe.Price)
    answered = (session, refund, link, client.balance.retrieve(), lines, client.refunds.list())
    assert [fault for one in answered for fault in faults_of(one.to_dict())] == []


@pytest.mark.parametrize("name", [name for name in vars(known) if name.isupper() and name[0] != "_"])
def test_every_parameter_taken_is_one_the_library_sends(name):
    taken = getattr(known, name)
    unknown = {one for one in taken if not has_param(PARAMS[name], one)} - ONLY_WITHIN
    assert unknown == set()
    if ONLY_WITHIN & taken:
        assert has_param(PARAMS[name], "created")


def test_the_version_of_the_api_is_the_librarys(fake_stripe):
    assert stripe.api_version == API_VERSION
    with pytest.raises(stripe.InvalidRequestError):
        fake_stripe.client(stripe_version="2020-08-27").v1.accounts.list()


def test_shapes_find_what_is_wrong(fake_stripe, account):
    row = dict(fake_stripe.store(account).events.popitem()[1]["data"]["object"])
    assert faults_of(row) == []
    assert faults_of({**row, "invented": 1}) == ["account.invented: the library knows no such field"]
    assert faults_of({**row, "type": "private"}) == ["account.type: 'private' is none of its words"]
    assert faults_of({**row, "charges_enabled": "yes"}) == ["account.charges_enabled: 'yes' is no bool"]
    del row["id"]
    assert faults_of(row) == ["account.id: missing"]
    assert not has_param(stripe.params.RefundCreateParams, "amount_in_yen")
    assert not has_param(stripe.params.RefundCreateParams, "amount[]")


def test_every_fault_and_act_has_a_name_that_is_asked_for():
    assert set(faults.DONE_FIRST) < set(faults.FAULTS)
    assert "pay_konbini" in control_api.ACTS
    assert all(inspect.signature(route.act) for route in api.ROUTES)
