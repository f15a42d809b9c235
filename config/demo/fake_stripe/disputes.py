"""Disputes: the holder of a card objects, and Stripe takes the money and a fee until it is decided."""

from __future__ import annotations

from config.demo.fake_stripe import balance, rows
from config.demo.fake_stripe.forms import Problem, Row
from config.demo.fake_stripe.platform import Platform, Store

_TEXTS = (
    "access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure",
    "cancellation_rebuttal", "customer_communication", "customer_email_address", "customer_name",
    "customer_purchase_ip", "customer_signature", "duplicate_charge_documentation",
    "duplicate_charge_explanation", "duplicate_charge_id", "product_description", "receipt",
    "refund_policy", "refund_policy_disclosure", "refund_refusal_explanation", "service_date",
    "service_documentation", "shipping_address", "shipping_carrier", "shipping_date",
    "shipping_documentation", "shipping_tracking_number", "uncategorized_file", "uncategorized_text",
)  # fmt: skip
_DAYS_TO_ANSWER = 7


def open_dispute(platform: Platform, store: Store, charge: Row, reason: str = "fraudulent") -> Row:
    """The holder objects: the money is taken back, with a fee. Returns the dispute."""
    if charge["status"] != "succeeded" or charge["disputed"]:
        raise Problem(f"Charge {charge['id']} cannot be disputed.", kept=True)
    now = platform.now()
    dispute: Row = {
        "id": rows.new_id("du"),
        "object": "dispute",
        "amount": charge["amount"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now,
        "currency": "jpy",
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(_TEXTS), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now + _DAYS_TO_ANSWER * 86_400,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "status": "needs_response",
    }
    store.disputes[dispute["id"]] = dispute
    charge["disputed"] = True
    taken = balance.move(platform, store, "adjustment", dispute["id"], -charge["amount"], balance.DISPUTE_FEE)
    dispute["balance_transactions"].append(store.transactions[taken])
    platform.emit(store, "charge.dispute.created", dispute)
    platform.emit(store, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def close_dispute(platform: Platform, store: Store, dispute: Row, *, won: bool) -> None:
    """It is decided: won, the money and the fee come back; lost, they are gone."""
    if dispute["status"] in {"won", "lost"}:
        raise Problem(f"Dispute {dispute['id']} is already closed.", kept=True)
    dispute["status"] = "won" if won else "lost"
    if won:
        back = balance.move(
            platform, store, "adjustment", dispute["id"], dispute["amount"], -balance.DISPUTE_FEE
        )
        dispute["balance_transactions"].append(store.transactions[back])
        platform.emit(store, "charge.dispute.funds_reinstated", dispute)
    platform.emit(store, "charge.dispute.closed", dispute)
