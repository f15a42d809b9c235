"""Stripe: card, konbini and PayPay on a page of its own, on the account of whose money it is (direct charges)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from payments.gateways.base import (
    Cap,
    Checkout,
    CheckoutOrder,
    GatewayDispute,
    GatewayEvent,
    GatewayMovement,
    GatewayRefund,
    Limits,
    RefundOrder,
    WebhookRequest,
)
from payments.stripe import balance, checkouts, refunds, webhooks

STRIPE = "stripe"


class Stripe:
    """Payments by Checkout Sessions. The municipality or its manager is the merchant: nothing passes through us."""

    key = STRIPE
    refund_route = "stripe"
    caps = (
        Cap.CARD
        | Cap.KONBINI
        | Cap.PAYPAY
        | Cap.PARTIAL_REFUND
        | Cap.ASYNC_SETTLEMENT
        | Cap.PAYER_BANK_NEEDED
        | Cap.CONNECT
    )
    limits = Limits(min_yen=50, max_yen=9_999_999)

    def open(self, order: CheckoutOrder) -> Checkout:
        """Create a Checkout Session."""
        return checkouts.create(order)

    def read(self, account: str, ref: str) -> Checkout:
        """Read a session with its payment."""
        return checkouts.read(account, ref)

    def close(self, account: str, ref: str) -> Checkout:
        """Expire a session."""
        return checkouts.close(account, ref)

    def find(self, account: str, mark: str, *, since: datetime, until: datetime) -> Checkout | None:
        """Look through the sessions created between two moments."""
        return checkouts.find(account, mark, since=since, until=until)

    def refund(self, order: RefundOrder) -> GatewayRefund:
        """Create a refund of a payment."""
        return refunds.create(order)

    def read_refund(self, account: str, ref: str) -> GatewayRefund:
        """Read a refund."""
        return refunds.read(account, ref)

    def find_refund(self, account: str, payment_ref: str, mark: str) -> GatewayRefund | None:
        """Look through the refunds of a payment."""
        return refunds.find(account, payment_ref, mark)

    def read_dispute(self, account: str, ref: str) -> GatewayDispute:
        """Read a dispute with what it did to the balance."""
        return balance.read_dispute(account, ref)

    def believe(self, request: WebhookRequest) -> GatewayEvent | None:
        """Verify the signature of a webhook."""
        return webhooks.believe(request)

    def events_since(self, account: str, instant: datetime) -> Sequence[GatewayEvent]:
        """List events."""
        return webhooks.events_since(account, instant)

    def movements(self, account: str, start: datetime, end: datetime) -> Sequence[GatewayMovement]:
        """List balance transactions."""
        return balance.movements(account, start, end)
