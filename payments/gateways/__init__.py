"""The ways money comes in and goes out. A new one is one file here and one line in the registry."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from django.utils.module_loading import import_string

from payments.errors import UnknownGateway
from payments.gateways.base import CheckoutGateway, Gateway

GATEWAYS = {
    "bank_slip": "payments.gateways.bank_slip.BankSlip",
    "desk_cash": "payments.gateways.desk_cash.DeskCash",
    "stripe": "payments.gateways.stripe.Stripe",
    "bank_transfer": "payments.gateways.bank_transfer.BankTransfer",
    "credit": "payments.gateways.credit.Credit",
}


@lru_cache(maxsize=len(GATEWAYS))
def gateway(key: str) -> Gateway:
    """Return the gateway of this key. Raises UnknownGateway."""
    if key not in GATEWAYS:
        raise UnknownGateway
    return cast(Gateway, import_string(GATEWAYS[key])())


def checkout_gateway(key: str) -> CheckoutGateway:
    """Return the gateway of this key, whose provider takes the money. Raises UnknownGateway."""
    found = gateway(key)
    if not isinstance(found, CheckoutGateway):
        raise UnknownGateway
    return found
