"""Bank transfers to payers: by the treasurer's list. Money comes in this way only where one was returned."""

from __future__ import annotations

from payments.gateways.base import Cap, Limits


class BankTransfer:
    """Settled when the treasurer notes that the bank has done it."""

    key = "bank_transfer"
    refund_route = "bank_transfer"
    caps = Cap.PARTIAL_REFUND | Cap.PAYER_BANK_NEEDED
    limits = Limits()
