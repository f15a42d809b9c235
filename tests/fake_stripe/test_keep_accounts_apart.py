"""An account never sees, pays, gives back or lists what is another's."""

from __future__ import annotations

import pytest
import stripe

from tests.fake_stripe.scenes import a_paid_intent, a_session


@pytest.fixture
def other(fake_stripe):
    return fake_stripe.ready_account("鉾田市")


def test_nothing_of_an_account_is_found_by_another(fake_stripe, account, other):
    session = a_session(fake_stripe, account)
    intent = fake_stripe.control.pay_card(session.id)
    refund = fake_stripe.client(account).v1.refunds.create({"payment_intent": intent["id"], "amount": 1})
    event = fake_stripe.client(account).v1.events.list().data[0]
    for someone in (other, None):
        client = fake_stripe.client(someone).v1
        for read, name in (
            (client.checkout.sessions.retrieve, session.id),
            (client.checkout.sessions.expire, session.id),
            (client.payment_intents.retrieve, intent["id"]),
            (client.payment_intents.cancel, intent["id"]),
            (client.charges.retrieve, intent["latest_charge"]),
            (client.refunds.retrieve, refund.id),
            (client.balance_transactions.retrieve, refund.balance_transaction),
            (client.events.retrieve, event.id),
        ):
            with pytest.raises(stripe.InvalidRequestError) as refused:
                read(name)
            assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")
        with pytest.raises(stripe.InvalidRequestError):
            client.refunds.create({"payment_intent": intent["id"]})
        for rows in (client.checkout.sessions, client.payment_intents, client.charges, client.refunds):
            assert rows.list().data == []
        assert client.balance_transactions.list().data == []
    assert fake_stripe.balance(other) == (0, 0)


def test_events_say_whose_they_are(fake_stripe, account, other):
    fake_stripe.lose_webhooks()
    a_paid_intent(fake_stripe, other)
    a_paid_intent(fake_stripe, account)
    told = [stripe.Event.construct_from(_json(one.body), None).account for one in fake_stripe.pending]
    assert told == [other] * 4 + [account] * 4


def _json(body):
    import json

    return json.loads(body)


def test_an_account_that_is_nobodys_and_a_wrong_key_are_refused(fake_stripe, account):
    with pytest.raises(stripe.PermissionError) as refused:
        a_session(fake_stripe, "acct_1NobodysAtAll")
    assert refused.value.http_status == 403
    with pytest.raises(stripe.AuthenticationError):
        stripe.StripeClient("sk_test_wrong", base_addresses={"api": fake_stripe.url}).v1.balance.retrieve()


def test_only_the_platform_opens_and_reads_accounts(fake_stripe, account, other):
    client = fake_stripe.client(account).v1
    for call in (
        lambda: client.accounts.create({"country": "JP"}),
        lambda: client.accounts.list(),
        lambda: client.accounts.retrieve(other),
    ):
        with pytest.raises(stripe.PermissionError):
            call()
    assert client.accounts.retrieve_current().id == account
    listed = fake_stripe.client().v1.accounts.list().data
    assert [one.id for one in listed] == [other, account]


def test_an_account_takes_payments_from_the_end_of_its_onboarding_until_it_is_restricted(fake_stripe):
    client = fake_stripe.client().v1
    made = client.accounts.create(
        {
            "country": "JP",
            "capabilities": {
                "card_payments": {"requested": True},
                "paypay_payments": {"requested": True},
            },
        }
    )
    assert (made.charges_enabled, made.capabilities.card_payments) == (False, "inactive")
    assert made.requirements.currently_due
    with pytest.raises(stripe.InvalidRequestError):
        a_session(fake_stripe, made.id)
    fake_stripe.control.onboard(made.id, complete=False)
    found = client.accounts.retrieve(made.id)
    assert (found.details_submitted, found.charges_enabled) == (True, False)
    fake_stripe.control.onboard(made.id, paypay=False)
    # PayPay is still looking, and konbini was not asked for.
    assert a_session(fake_stripe, made.id).payment_method_types == ["card"]
    fake_stripe.control.onboard(made.id)
    assert a_session(fake_stripe, made.id).payment_method_types == ["card", "paypay"]
    fake_stripe.control.restrict(made.id)
    with pytest.raises(stripe.InvalidRequestError):
        a_session(fake_stripe, made.id)
    changes = [one.type for one in fake_stripe.client(made.id).v1.events.list().data]
    assert changes == ["account.updated"] * 4
