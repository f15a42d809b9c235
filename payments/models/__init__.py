"""Money: whose it is, what is owed, every movement of it, and what is under way at providers and with clerks."""

from __future__ import annotations

from payments.models.attempts import Attempt, AttemptCharge
from payments.models.charges import Charge, Instalment, LedgerEntry, Receipt, ReceiptCounter, receipt_number
from payments.models.payees import HallTerms, Payee, RevenueItem
from payments.models.refunds import Refund
from payments.models.tasks import Task

__all__ = [
    "Attempt",
    "AttemptCharge",
    "Charge",
    "HallTerms",
    "Instalment",
    "LedgerEntry",
    "Payee",
    "Receipt",
    "ReceiptCounter",
    "Refund",
    "RevenueItem",
    "Task",
    "receipt_number",
]
