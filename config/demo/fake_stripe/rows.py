"""The objects of the API as they are answered, with every field the product could look at."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from typing import Any

from config.demo.fake_stripe.forms import Row

# What these objects have and we do not use. What happens later is filled in then.
_EMPTY_IN_SESSION = (
    "adaptive_pricing", "after_expiration", "allow_promotion_codes", "billing_address_collection",
    "client_secret", "collected_information", "consent", "consent_collection", "currency_conversion",
    "customer", "invoice", "invoice_creation", "payment_intent", "payment_link",
    "payment_method_configuration_details", "permissions", "recovered_from",
    "saved_payment_method_options", "setup_intent", "shipping_address_collection", "shipping_cost",
    "subscription", "url", "wallet_options",
)  # fmt: skip
_EMPTY_IN_CHARGE = (
    "application_fee", "application_fee_amount", "balance_transaction",
    "calculated_statement_descriptor", "customer", "failure_balance_transaction", "failure_code",
    "failure_message", "on_behalf_of", "receipt_number", "receipt_url", "review", "shipping", "source",
    "source_transfer", "statement_descriptor", "statement_descriptor_suffix", "transfer_data",
    "transfer_group",
)  # fmt: skip
_LETTERS = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    """Return an id nobody can guess."""
    return f"{prefix}_" + "".join(secrets.choice(_LETTERS) for _ in range(length))


def session(facts: Mapping[str, Any], *, now: int) -> Row:
    """Return a Checkout Session somebody can pay on."""
    return {
        "id": new_id("cs_test", 58),
        **dict.fromkeys(_EMPTY_IN_SESSION),
        "object": "checkout.session",
        "allowed_payment_method_types": facts["allowed"],
        "amount_subtotal": facts["amount"],
        "amount_total": facts["amount"],
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": facts["cancel_url"],
        "client_reference_id": facts["client_reference_id"],
        "created": now,
        "currency": "jpy",
        "custom_fields": [],
        "custom_text": {
            "after_submit": None,
            "shipping_address": None,
            "submit": facts["submit_text"],
            "terms_of_service_acceptance": None,
        },
        "customer_creation": facts["customer_creation"],
        "customer_details": facts["customer_details"],
        "customer_email": facts["customer_email"],
        "discounts": [],
        "expires_at": facts["expires_at"],
        "livemode": False,
        "locale": facts["locale"],
        "metadata": facts["metadata"],
        "mode": "payment",
        "payment_method_collection": "if_required",
        "payment_method_options": facts["payment_method_options"],
        "payment_method_types": facts["payment_method_types"],
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": "open",
        "submit_type": facts["submit_type"],
        "success_url": facts["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
    }


def line_item(name: str, unit: int, quantity: int, *, now: int) -> Row:
    """Return a line of a session."""
    amount = unit * quantity
    return {
        "id": new_id("li"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": "jpy",
        "description": name,
        "price": {
            "id": new_id("price"),
            "object": "price",
            "active": False,
            "billing_scheme": "per_unit",
            "created": now,
            "currency": "jpy",
            "custom_unit_amount": None,
            "livemode": False,
            "lookup_key": None,
            "metadata": {},
            "nickname": None,
            "product": new_id("prod", 14),
            "recurring": None,
            "tax_behavior": "unspecified",
            "tiers_mode": None,
            "transform_quantity": None,
            "type": "one_time",
            "unit_amount": unit,
            "unit_amount_decimal": str(unit),
        },
        "quantity": quantity,
    }


def intent(facts: Mapping[str, Any], *, now: int) -> Row:
    """Return a PaymentIntent that has no payment method yet."""
    found = new_id("pi")
    return {
        "id": found,
        "object": "payment_intent",
        "allowed_payment_method_types": facts.get("allowed"),
        "amount": facts["amount"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": facts["application"],
        "application_fee_amount": facts.get("application_fee_amount"),
        "automatic_payment_methods": facts.get("automatic_payment_methods"),
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{found}_secret_{new_id('x')[2:]}",
        "confirmation_method": "automatic",
        "created": now,
        "currency": "jpy",
        "customer": None,
        "description": facts.get("description"),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": dict(facts.get("metadata") or {}),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": facts["payment_method_options"],
        "payment_method_types": list(facts["payment_method_types"]),
        "processing": None,
        "receipt_email": facts.get("receipt_email"),
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": facts.get("statement_descriptor"),
        "statement_descriptor_suffix": facts.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }


def billing(name: str | None, email: str | None) -> Row:
    """Return what is known of a payer."""
    address = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
    return {"address": address, "email": email, "name": name, "phone": None, "tax_id": None}


def method(kind: str, details: Mapping[str, Any], payer: Row, *, now: int) -> Row:
    """Return a PaymentMethod."""
    return {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "limited",
        "billing_details": payer,
        kind: dict(details),
        "created": now,
        "customer": None,
        "livemode": False,
        "metadata": {},
        "type": kind,
    }


def charge(found: Row, paid_with: Row, details: Row, *, now: int) -> Row:
    """Return a charge of a PaymentIntent that went well."""
    kind = paid_with["type"]
    return {
        "id": new_id("ch" if kind == "card" else "py"),
        **dict.fromkeys(_EMPTY_IN_CHARGE),
        "object": "charge",
        "amount": found["amount"],
        "amount_captured": found["amount"],
        "amount_refunded": 0,
        "application": found["application"],
        "billing_details": paid_with["billing_details"],
        "captured": True,
        "created": now,
        "currency": "jpy",
        "description": found["description"],
        "disputed": False,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(found["metadata"]),
        "outcome": {
            "advice_code": None,
            "network_advice_code": None,
            "network_decline_code": None,
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "risk_score": 8,
            "seller_message": "Payment complete.",
            "type": "authorized",
        },
        "paid": True,
        "payment_intent": found["id"],
        "payment_method": paid_with["id"],
        "payment_method_details": {"type": kind, kind: details},
        "radar_options": {},
        "receipt_email": found["receipt_email"],
        "refunded": False,
        "status": "succeeded",
    }


def refund(of: Row, yen: int, facts: Mapping[str, Any], *, now: int) -> Row:
    """Return a refund of a charge that went through at once."""
    return {
        "id": new_id("re" if of["id"].startswith("ch_") else "pyr"),
        "object": "refund",
        "amount": yen,
        "balance_transaction": None,
        "charge": of["id"],
        "created": now,
        "currency": "jpy",
        "destination_details": facts["destination_details"],
        "failure_balance_transaction": None,
        "failure_reason": None,
        "instructions_email": facts["instructions_email"],
        "metadata": facts["metadata"],
        "next_action": None,
        "payment_intent": of["payment_intent"],
        "pending_reason": None,
        "reason": facts["reason"],
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def transaction(kind: str, source: str, yen: int, fee: int, *, available_on: int, now: int) -> Row:
    """Return a movement of a balance."""
    fees = {
        "amount": fee,
        "application": None,
        "currency": "jpy",
        "description": "Stripe processing fees",
        "type": "stripe_fee",
    }
    categories = {
        "payment": "charge",
        "payment_refund": "refund",
        "adjustment": "dispute" if yen < 0 else "dispute_reversal",
    }
    return {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": yen,
        "available_on": available_on,
        "balance_type": "payments",
        "created": now,
        "currency": "jpy",
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [fees] if fee else [],
        "net": yen - fee,
        "reporting_category": categories.get(kind, kind),
        "source": source,
        "status": "pending",
        "type": kind,
    }


def event(kind: str, content: Row, facts: Mapping[str, Any], *, now: int) -> Row:
    """Return an event; ``previous``: the fields that changed, as they were."""
    data: Row = {"object": content}
    if facts.get("previous") is not None:
        data["previous_attributes"] = facts["previous"]
    row = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": facts["api_version"],
        "created": now,
        "data": data,
        "livemode": False,
        "pending_webhooks": facts["pending_webhooks"],
        "request": facts["request"],
        "type": kind,
    }
    return {**row, "account": facts["account"]} if facts.get("account") else row
