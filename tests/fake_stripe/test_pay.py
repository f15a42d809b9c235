"""Payments on Checkout, as the product sees them through the stripe library."""

from __future__ import annotations

import pytest
import stripe

from tests.fake_stripe.scenes import a_session


def test_a_card_payment_completes_the_session_and_is_told_in_order(fake_stripe, account):
    session = a_session(fake_stripe, account)
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    fake_stripe.control.pay_card(session.id)
    client = fake_stripe.client(account)
    session = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert (session.status, session.payment_status, session.url) == ("complete", "paid", None)
    assert session.payment_intent.latest_charge.amount == 1200
    assert [one.type for one in client.v1.events.list().data][::-1] == [
        "account.updated",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]
    assert fake_stripe.balance(account) == (1200, 1157)


def test_a_voucher_completes_the_session_unpaid_and_is_paid_later(fake_stripe, account):
    session = a_session(fake_stripe, account)
    intent = fake_stripe.control.take_voucher(session.id)
    client = fake_stripe.client(account)
    session = client.v1.checkout.sessions.retrieve(session.id)
    assert (session.status, session.payment_status) == ("complete", "unpaid")
    details = client.v1.payment_intents.retrieve(intent["id"]).next_action.konbini_display_details
    assert details.stores.lawson.payment_code.isdigit()
    fake_stripe.control.pay_konbini(intent["id"])
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert client.v1.events.list().data[0].type == "checkout.session.async_payment_succeeded"


def test_a_session_takes_from_half_an_hour_to_a_day(fake_stripe, account):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        a_session(fake_stripe, account, expires_at=fake_stripe.platform.now() + 1700)
    assert refused.value.param == "expires_at"
