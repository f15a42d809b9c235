"""What every gateway says of itself, and what those add that take money elsewhere than at the desk."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, runtime_checkable


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


class ProviderFailure(Exception):
    """A provider did not do what it was asked. The message is a code or a kind, never an address or a person."""


class ProviderUnreachable(ProviderFailure):
    """No answer. It may have done it all the same: asking again with the same key tells."""


class ProviderBroken(ProviderFailure):
    """An error of the provider's own. It may have done it; the same key would only repeat this answer."""


class ProviderBusy(ProviderFailure):
    """Too many calls. It did nothing; ``seconds`` is how long it asks us to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__("busy")
        self.seconds = seconds


class ProviderRefused(ProviderFailure):
    """The provider said no, and did nothing. ``code`` is its word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class UnbelievableNews(Exception):
    """An inbound call that is not signed by the provider, or too long ago."""


@dataclass(frozen=True, slots=True)
class CheckoutOrder:
    """What somebody is to pay at a provider.

    ``mark`` is our name for it, which the provider keeps with it; ``key`` makes asking twice the same as asking once.
    ``voucher_days``: a voucher is good until the end of so many days after the day it is issued.
    """

    mark: str
    key: str
    account: str
    way: str
    yen: int
    title: str
    return_url: str
    language: str
    expires_at: datetime
    voucher_days: int = 0


@dataclass(frozen=True, slots=True)
class Checkout:
    """A payment begun at a provider, as it is now.

    ``ref``, ``payment_ref`` and ``charge_ref`` are its ids of the checkout, the payment, and the money in its books;
    ``voucher``: where and with which numbers to pay.
    """

    ref: str
    mark: str
    yen: int
    state: Literal["open", "voucher_issued", "paid", "expired", "failed"]
    url: str = field(repr=False)
    expires_at: datetime
    payment_ref: str = ""
    charge_ref: str = ""
    payer_email: str = field(default="", repr=False)
    voucher: Mapping[str, Any] = field(default_factory=dict, repr=False)
    failure: str = ""


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """What is to be given back of a payment at a provider; ``payer_email`` where it asks the payer for an account."""

    mark: str
    key: str
    account: str
    payment_ref: str
    yen: int
    payer_email: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class GatewayRefund:
    """A refund at a provider, as it is now. It may fail later, also after it was done."""

    ref: str
    mark: str
    yen: int
    state: Literal["pending", "payer_action", "done", "failed"]
    failure: str = ""


@dataclass(frozen=True, slots=True)
class GatewayDispute:
    """A payment its payer has taken back. ``taken``: the money left the account; ``returned``: it came back."""

    ref: str
    payment_ref: str
    yen: int
    state: str
    taken: bool
    returned: bool


@dataclass(frozen=True, slots=True)
class GatewayEvent:
    """News from a provider: only a hint to re-read ``ref``. ``event_id`` tells repeats apart."""

    event_id: str
    account: str
    kind: str
    ref: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class GatewayMovement:
    """A line of an account's balance; ``kind`` as in payments.models.Movement, ``yen`` signed, before the fee."""

    ref: str
    kind: str
    source_ref: str
    yen: int
    fee_yen: int
    at: datetime


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """An inbound call as it came, before anything is believed."""

    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@runtime_checkable
class CheckoutGateway(Gateway, Protocol):
    """A gateway whose provider takes the money. Called by the worker, never inside a request or a transaction.

    Every call names the account it is for, and may raise ProviderFailure.
    """

    def open(self, order: CheckoutOrder) -> Checkout:
        """Begin a payment; the same key gives the same checkout."""
        ...

    def read(self, account: str, ref: str) -> Checkout:
        """Read a checkout as it is now."""
        ...

    def close(self, account: str, ref: str) -> Checkout:
        """Close a checkout nobody may pay any more, if the provider can; it comes back as it is then: perhaps paid."""
        ...

    def find(self, account: str, mark: str, *, since: datetime, until: datetime) -> Checkout | None:
        """Look for a checkout of ours among those begun between two moments."""
        ...

    def refund(self, order: RefundOrder) -> GatewayRefund:
        """Give money back; the same key gives the same refund."""
        ...

    def read_refund(self, account: str, ref: str) -> GatewayRefund:
        """Read a refund as it is now."""
        ...

    def find_refund(self, account: str, payment_ref: str, mark: str) -> GatewayRefund | None:
        """Look for a refund of ours among those of a payment."""
        ...

    def read_dispute(self, account: str, ref: str) -> GatewayDispute:
        """Read a dispute as it is now."""
        ...

    def believe(self, request: WebhookRequest) -> GatewayEvent | None:
        """Verify an inbound call; None: it is genuine, and about no account of ours. Raises UnbelievableNews."""
        ...

    def events_since(self, account: str, instant: datetime) -> Sequence[GatewayEvent]:
        """Read what happened since, oldest first, for webhooks that never came."""
        ...

    def movements(self, account: str, start: datetime, end: datetime) -> Sequence[GatewayMovement]:
        """Read the lines of the balance with a moment in [start, end)."""
        ...
