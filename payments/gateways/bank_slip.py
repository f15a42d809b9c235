"""The payment slip (納付書): the bank takes the money and sends a list of what was paid (payments.slips.paid_lists)."""

from __future__ import annotations

from payments.gateways.base import Cap, Limits


class BankSlip:
    """Money paid at a bank with a slip: known days later, given back to the payer's bank account."""

    key = "bank_slip"
    refund_route = "bank_transfer"
    caps = Cap.PARTIAL_REFUND | Cap.ASYNC_SETTLEMENT | Cap.PAYER_BANK_NEEDED
    limits = Limits()
