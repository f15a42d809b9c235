"""Credit (充当): a refund of one charge pays another. No money moves; given back again, it goes to a bank account."""

from __future__ import annotations

from payments.gateways.base import Cap, Limits


class Credit:
    """Both sides are written at once, so that all credits together come to nothing."""

    key = "credit"
    refund_route = "bank_transfer"
    caps = Cap.PARTIAL_REFUND
    limits = Limits()
