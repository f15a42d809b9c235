"""Refunds at Stripe: of a payment, in whole or in part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from payments.gateways.base import GatewayRefund, RefundOrder
from payments.stripe.client import client, on, plain, translated

if TYPE_CHECKING:
    from stripe.params import RefundCreateParams

_STATES: dict[str, Literal["pending", "payer_action", "done", "failed"]] = {
    "pending": "pending",
    "requires_action": "payer_action",
    "succeeded": "done",
    "failed": "failed",
    "canceled": "failed",
}


def create(order: RefundOrder) -> GatewayRefund:
    """Ask for a refund. Raises ProviderFailure."""
    params: RefundCreateParams = {
        "payment_intent": order.payment_ref,
        "amount": order.yen,
        "reason": "requested_by_customer",
        "metadata": {"mark": order.mark},
    }
    if order.payer_email:
        params["instructions_email"] = order.payer_email
    with translated():
        made = client().v1.refunds.create(params, on(order.account, key=order.key))
    return _refund(plain(made))


def read(account: str, ref: str) -> GatewayRefund:
    """Read a refund. Raises ProviderFailure."""
    with translated():
        found = client().v1.refunds.retrieve(ref, {}, on(account))
    return _refund(plain(found))


def find(account: str, payment_ref: str, mark: str) -> GatewayRefund | None:
    """Look for our mark among the refunds of a payment. Raises ProviderFailure."""
    with translated():
        page = client().v1.refunds.list({"payment_intent": payment_ref, "limit": 100}, on(account))
        for found in page.auto_paging_iter():
            refund = _refund(plain(found))
            if refund.mark == mark:
                return refund
    return None


def _refund(found: dict[str, Any]) -> GatewayRefund:
    return GatewayRefund(
        ref=found["id"],
        mark=(found.get("metadata") or {}).get("mark") or "",
        yen=found["amount"],
        state=_STATES.get(found.get("status") or "", "pending"),
        failure=found.get("failure_reason") or ("canceled" if found.get("status") == "canceled" else ""),
    )
