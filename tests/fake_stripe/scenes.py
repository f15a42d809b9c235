"""A session of the kind the product makes."""

from __future__ import annotations


def a_session(fake_stripe, account, yen=1200, *, key=None, **changes):
    """Make a Checkout Session through the library."""
    params = {
        "mode": "payment",
        "success_url": "https://akiruno.example/back/?s={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://akiruno.example/back/",
        "client_reference_id": "attempt-1",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {"currency": "jpy", "unit_amount": yen, "product_data": {"name": "第1研修室"}},
            }
        ],
        "allowed_payment_method_types": ["card", "konbini", "paypay"],
        "payment_intent_data": {"metadata": {"attempt": "1"}, "description": "第1研修室"},
        "metadata": {"attempt": "1"},
        "locale": "ja",
    }
    options = {"idempotency_key": key} if key else {}
    return fake_stripe.client(account).v1.checkout.sessions.create({**params, **changes}, options)


def a_paid_intent(fake_stripe, account, yen=1200, **card):
    """Pay by card; returns the id of the PaymentIntent."""
    return fake_stripe.control.pay_card(a_session(fake_stripe, account, yen).id, **card)["id"]


def a_paid_voucher(fake_stripe, account, yen=1200):
    """Pay at a konbini; returns the id of the PaymentIntent."""
    intent = fake_stripe.control.take_voucher(a_session(fake_stripe, account, yen).id)["id"]
    fake_stripe.control.pay_konbini(intent)
    return intent
