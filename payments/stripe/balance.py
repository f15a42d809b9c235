"""What moved an account's balance: its lines, and disputes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from payments.gateways.base import GatewayDispute, GatewayMovement
from payments.stripe.client import client, on, plain, ref_of, translated

_KINDS = {
    "charge": "payment",
    "payment": "payment",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund_back",
    "stripe_fee": "fee",
    "tax_fee": "fee",
    "payout": "payout",
    "payout_cancel": "payout",
    "payout_failure": "payout",
}
_CATEGORIES = {"dispute": "dispute", "dispute_reversal": "dispute_back"}


def movements(account: str, start: datetime, end: datetime) -> Sequence[GatewayMovement]:
    """Read the balance transactions of an account in [start, end), oldest first. Raises ProviderFailure."""
    with translated():
        page = client().v1.balance_transactions.list(
            {"created": {"gte": int(start.timestamp()), "lt": int(end.timestamp())}, "limit": 100},
            on(account),
        )
        found = [_movement(plain(line)) for line in page.auto_paging_iter()]
    return found[::-1]


def read_dispute(account: str, ref: str) -> GatewayDispute:
    """Read a dispute with what it did to the balance. Raises ProviderFailure."""
    with translated():
        found = plain(client().v1.disputes.retrieve(ref, {}, on(account)))
    lines = [_kind(line) for line in found.get("balance_transactions") or []]
    return GatewayDispute(
        ref=found["id"],
        payment_ref=ref_of(found.get("payment_intent")),
        yen=found["amount"],
        state=found["status"],
        taken="dispute" in lines,
        returned="dispute_back" in lines,
    )


def _movement(line: dict[str, Any]) -> GatewayMovement:
    return GatewayMovement(
        ref=line["id"],
        kind=_kind(line),
        source_ref=ref_of(line.get("source")),
        yen=line["amount"],
        fee_yen=line.get("fee") or 0,
        at=datetime.fromtimestamp(line["created"], UTC),
    )


def _kind(line: dict[str, Any]) -> str:
    category = _CATEGORIES.get(line.get("reporting_category") or "")
    return category or _KINDS.get(line.get("type") or "", "other")
