"""Payments on Checkout, as the product sees them through the stripe library."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import stripe

from config.demo.fake_stripe.cards import CARDS
from config.demo.fake_stripe.forms import Problem
from tests.fake_stripe.scenes import a_paid_intent, a_session


def kinds(fake_stripe, account):
    """The kinds of the events of an account, oldest first, without its onboarding's."""
    events = fake_stripe.client(account).v1.events.list({"limit": 100}).data
    return [one.type for one in events][::-1][1:]


def test_a_card_payment_completes_the_session_and_is_told_in_order(fake_stripe, account):
    session = a_session(fake_stripe, account)
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    fake_stripe.control.pay_card(session.id)
    client = fake_stripe.client(account)
    session = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert (session.status, session.payment_status, session.url) == ("complete", "paid", None)
    assert session.payment_intent.latest_charge.amount == 1200
    assert session.payment_intent.metadata["attempt"] == "1"
    assert kinds(fake_stripe, account) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]
    assert fake_stripe.balance(account) == (1200, 1157)


@pytest.mark.parametrize("number", [number for number, card in CARDS.items() if card.decline])
def test_a_declined_card_leaves_the_session_open_for_another(fake_stripe, account, number):
    session = a_session(fake_stripe, account)
    intent = fake_stripe.control.pay_card(session.id, number=number)
    if CARDS[number].consent:
        fake_stripe.control.agree(intent["id"])
    client = fake_stripe.client(account).v1
    found = client.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (found.status, found.payment_status) == ("open", "unpaid")
    assert found.payment_intent.last_payment_error.decline_code == CARDS[number].decline
    assert fake_stripe.balance(account) == (0, 0)
    fake_stripe.control.pay_card(session.id)
    again = client.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (again.payment_status, again.payment_intent.id) == ("paid", found.payment_intent.id)
    assert [one.status for one in client.charges.list().data] == ["succeeded", "failed"]


def test_nobody_pays_twice_on_a_session(fake_stripe, account):
    session = a_session(fake_stripe, account)
    fake_stripe.control.pay_card(session.id)
    with pytest.raises(Problem):
        fake_stripe.control.pay_card(session.id)
    with pytest.raises(Problem):
        fake_stripe.control.take_voucher(session.id)
    assert fake_stripe.balance(account)[0] == 1200


def test_a_voucher_completes_the_session_unpaid_and_is_paid_later(fake_stripe, account):
    fake_stripe.set_time(datetime(2027, 5, 10, 1, tzinfo=UTC))
    session = a_session(fake_stripe, account, payment_method_options={"konbini": {"expires_after_days": 2}})
    intent = fake_stripe.control.take_voucher(session.id)
    client = fake_stripe.client(account)
    session = client.v1.checkout.sessions.retrieve(session.id)
    assert (session.status, session.payment_status) == ("complete", "unpaid")
    details = client.v1.payment_intents.retrieve(intent["id"]).next_action.konbini_display_details
    assert details.stores.lawson.payment_code.isdigit()
    # Two days on, at the last second of the day in Japan.
    assert datetime.fromtimestamp(details.expires_at, UTC) == datetime(2027, 5, 12, 14, 59, 59, tzinfo=UTC)
    fake_stripe.control.pay_konbini(intent["id"])
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert kinds(fake_stripe, account)[-3:] == [
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.async_payment_succeeded",
    ]
    assert kinds(fake_stripe, account).count("checkout.session.completed") == 1
    with pytest.raises(Problem):
        fake_stripe.control.pay_konbini(intent["id"])


def test_a_voucher_nobody_pays_ends_by_itself(fake_stripe, account):
    session = a_session(fake_stripe, account)
    intent = fake_stripe.control.take_voucher(session.id)["id"]
    fake_stripe.control.advance(timedelta(days=5).total_seconds())
    found = fake_stripe.client(account).v1.payment_intents.retrieve(intent)
    assert (found.status, found.next_action) == ("requires_payment_method", None)
    assert found.last_payment_error.code == "payment_intent_payment_attempt_expired"
    assert kinds(fake_stripe, account)[-1] == "checkout.session.async_payment_failed"
    with pytest.raises(Problem):
        fake_stripe.control.pay_konbini(intent)


def test_a_voucher_of_a_session_cannot_be_called_back(fake_stripe, account):
    session = a_session(fake_stripe, account)
    intent = fake_stripe.control.take_voucher(session.id)["id"]
    client = fake_stripe.client(account).v1
    with pytest.raises(stripe.InvalidRequestError, match="Checkout Session"):
        client.payment_intents.cancel(intent)
    with pytest.raises(stripe.InvalidRequestError, match="`complete`"):
        client.checkout.sessions.expire(session.id)


def test_paypay_waits_for_its_payer(fake_stripe, account):
    session = a_session(fake_stripe, account)
    intent = fake_stripe.control.start_paypay(session.id)["id"]
    client = fake_stripe.client(account).v1
    assert client.payment_intents.retrieve(intent).next_action.redirect_to_url.url.startswith(fake_stripe.url)
    assert client.checkout.sessions.retrieve(session.id).status == "open"
    fake_stripe.control.refuse(intent)
    assert client.payment_intents.retrieve(intent).status == "requires_payment_method"
    fake_stripe.control.pay_paypay(session.id)
    assert client.charges.list({"payment_intent": intent}).data[0].payment_method_details.type == "paypay"


def test_a_closed_session_takes_no_payment_and_cannot_be_closed_again(fake_stripe, account):
    session = a_session(fake_stripe, account)
    intent = fake_stripe.control.start_paypay(session.id)["id"]
    client = fake_stripe.client(account).v1
    assert client.checkout.sessions.expire(session.id).status == "expired"
    assert client.payment_intents.retrieve(intent).status == "canceled"
    for act in (fake_stripe.control.pay_card, fake_stripe.control.take_voucher):
        with pytest.raises(Problem):
            act(session.id)
    with pytest.raises(Problem):
        fake_stripe.control.agree(intent)
    with pytest.raises(stripe.InvalidRequestError):
        client.checkout.sessions.expire(session.id)


def test_a_session_ends_when_its_time_is_over(fake_stripe, account):
    session = a_session(fake_stripe, account, expires_at=fake_stripe.platform.now() + 3600)
    fake_stripe.control.advance(3601)
    assert fake_stripe.client(account).v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert kinds(fake_stripe, account) == ["checkout.session.expired"]


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"expires_at": 1700}, "expires_at"),
        ({"expires_at": 86_500}, "expires_at"),
        ({"success_url": "/back/"}, "success_url"),
        ({"mode": "subscription"}, "mode"),
        ({"payment_method_options": {"konbini": {"expires_after_days": 61}}}, None),
        ({"payment_method_options": {"konbini": {"expires_at": 1}}}, None),
        ({"line_items": []}, "line_items"),
        ({"client_reference_id": "x" * 201}, "client_reference_id"),
        ({"metadata": {"x" * 41: "1"}}, None),
        ({"surprise": "1"}, "surprise"),
        ({"payment_intent_data": {"application_fee_amount": 10}}, None),
    ],
)
def test_a_session_stripe_would_refuse_is_refused(fake_stripe, account, changes, param):
    if "expires_at" in changes:
        changes = {"expires_at": fake_stripe.platform.now() + changes["expires_at"]}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        a_session(fake_stripe, account, **changes)
    assert refused.value.http_status == 400
    assert param in {None, refused.value.param}
    assert not fake_stripe.store(account).sessions


@pytest.mark.parametrize("yen", [0, 1, 49, 100_000_000])
def test_amounts_stripe_takes_for_nothing_are_refused(fake_stripe, account, yen):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        a_session(fake_stripe, account, yen)
    assert refused.value.code in {"amount_too_small", "amount_too_large"}


@pytest.mark.parametrize(
    ("yen", "offered"), [(50, False), (119, False), (120, True), (300_000, True), (300_001, False)]
)
def test_konbini_is_offered_from_120_to_300000_yen(fake_stripe, account, yen, offered):
    assert ("konbini" in a_session(fake_stripe, account, yen).payment_method_types) is offered
    if not offered:
        with pytest.raises(stripe.InvalidRequestError):
            a_session(fake_stripe, account, yen, allowed_payment_method_types=["konbini"])


@pytest.mark.parametrize("amount", ["12.5", "1e3", "千", "", "0x10"])
def test_yen_are_whole(fake_stripe, account, amount):
    with pytest.raises(stripe.InvalidRequestError):
        fake_stripe.client(account).v1.payment_intents.create({"amount": amount, "currency": "jpy"})


def test_a_dispute_takes_the_money_and_a_fee_and_gives_them_back_when_won(fake_stripe, account):
    intent = a_paid_intent(fake_stripe, account)
    dispute = fake_stripe.control.dispute(intent)
    assert fake_stripe.balance(account) == (0, 1157 - 1200 - 1500)
    client = fake_stripe.client(account).v1
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.refunds.create({"payment_intent": intent})
    assert refused.value.code == "charge_disputed"
    fake_stripe.control.close_dispute(dispute["id"], won=True)
    assert fake_stripe.balance(account) == (1200, 1157)
    assert client.disputes.retrieve(dispute["id"]).status == "won"


def test_a_payment_intent_can_be_made_confirmed_and_cancelled_without_checkout(fake_stripe, account):
    client = fake_stripe.client(account).v1.payment_intents
    order = {"amount": 1200, "currency": "jpy"}
    paid = client.create({**order, "confirm": True, "payment_method": "pm_card_jp"})
    assert (paid.status, paid.amount_received) == ("succeeded", 1200)
    with pytest.raises(stripe.CardError) as declined:
        client.create({**order, "confirm": True, "payment_method": "pm_card_visa_chargeDeclined"})
    assert (declined.value.code, declined.value.error.decline_code) == ("card_declined", "generic_decline")
    konbini = {"type": "konbini", "billing_details": {"name": "青木 愛子", "email": "aiko@example.jp"}}
    options = {"konbini": {"product_description": "第1研修室", "confirmation_number": "09012345678"}}
    voucher = client.create(
        {**order, "confirm": True, "payment_method_data": konbini, "payment_method_options": options}
    )
    assert voucher.next_action.konbini_display_details.stores.ministop.confirmation_number == "09012345678"
    assert client.cancel(voucher.id, {"cancellation_reason": "abandoned"}).status == "canceled"
    for over in (voucher.id, paid.id):
        with pytest.raises(stripe.InvalidRequestError):
            client.cancel(over)
    too_long = {"konbini": {"product_description": "あ" * 23}}
    with pytest.raises(stripe.InvalidRequestError, match="22"):
        client.create({**order, "payment_method_options": too_long})
