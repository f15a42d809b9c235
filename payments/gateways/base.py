"""What every gateway says of itself, and what those add that take money elsewhere than at the desk."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable


class Cap(enum.Flag):
    """What a gateway can do."""

    NONE = 0
    AT_DESK = enum.auto()  # a clerk takes and gives back the money; settled at once
    CARD = enum.auto()
    KONBINI = enum.auto()
    PAYPAY = enum.auto()
    PARTIAL_REFUND = enum.auto()
    ASYNC_SETTLEMENT = enum.auto()  # "accepted" is not yet "paid"
    PAYER_BANK_NEEDED = enum.auto()  # a refund needs the payer's bank account
    CONNECT = enum.auto()  # the municipality's own account at the provider


@dataclass(frozen=True, slots=True)
class Limits:
    """Amounts a gateway takes, in yen, and for how many days it gives back."""

    min_yen: int = 1
    max_yen: int | None = None
    refund_days: int | None = None

    def accept(self, yen: int) -> bool:
        """Whether this amount can go through."""
        return self.min_yen <= yen and (self.max_yen is None or yen <= self.max_yen)


@runtime_checkable
class Gateway(Protocol):
    """A way to pay. ``key`` is written into the ledger; ``refund_route`` is how what came by it usually goes back
    (payments.models.Refund.Route)."""

    key: str
    refund_route: str
    caps: Cap
    limits: Limits


@dataclass(frozen=True, slots=True)
class Checkout:
    """A payment begun at a provider. ``ref`` is the provider's id; confirmation comes from the webhook only."""

    ref: str
    url: str = field(repr=False)
    expires_at: datetime
    state: Literal["open", "voucher_issued", "paid", "expired", "failed"]


@dataclass(frozen=True, slots=True)
class GatewayRefund:
    """A refund asked for at a provider. It may fail later."""

    ref: str
    yen: int
    state: Literal["pending", "needs_bank_account", "done", "failed"]


@dataclass(frozen=True, slots=True)
class GatewayEvent:
    """News from a provider: only a hint to re-read ``ref``. ``event_id`` tells repeats apart."""

    event_id: str
    account: str
    ref: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """An inbound call as it came, before anything is believed."""

    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@runtime_checkable
class CheckoutGateway(Gateway, Protocol):
    """A gateway whose provider takes the money. Called by the worker, never inside a request or a transaction."""

    def create_checkout(
        self, *, charge_id: int, yen: int, return_url: str, expires_at: datetime, idempotency_key: str
    ) -> Checkout:
        """Begin a payment; the same key gives the same checkout."""
        ...

    def get(self, ref: str) -> Checkout:
        """Read a checkout as it is now."""
        ...

    def expire(self, ref: str) -> Checkout:
        """Close a checkout nobody may pay any more; one that was paid meanwhile comes back as paid."""
        ...

    def refund(self, ref: str, *, yen: int, decision_id: int, payer_email: str) -> GatewayRefund:
        """Give money back for a refund decision; the same decision is never refunded twice."""
        ...

    def parse_webhook(self, request: WebhookRequest) -> Sequence[GatewayEvent]:
        """Verify an inbound call and return its events."""
        ...

    def list_since(self, instant: datetime) -> Sequence[GatewayEvent]:
        """Read what happened since, for webhooks that never came."""
        ...
