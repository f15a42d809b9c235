"""Money: whose it is, what is owed, every movement of it, and what is under way at providers and with clerks."""

from __future__ import annotations

from payments.models.attempts import Attempt, AttemptCharge
from payments.models.charges import Charge, Instalment, LedgerEntry
from payments.models.drawers import CashCount, CashMovement, Drawer, HandOver
from payments.models.papers import Paper, PaperCharge, PaperCounter, PaperEvent, paper_number
from payments.models.payees import HallTerms, Payee, RevenueItem
from payments.models.provider import (
    AccountWatch,
    Difference,
    Dispute,
    Movement,
    ProviderEvent,
    Reconciliation,
)
from payments.models.refunds import Refund
from payments.models.slips import PaidLine, PaidList, PaidListFormat, SlipExportFormat, SlipTerms
from payments.models.tasks import Task
from payments.models.transfers import TransferList, TransferTerms
from payments.models.treasury import Dunning, ExportLayout, YearClosing

__all__ = [
    "AccountWatch",
    "Attempt",
    "AttemptCharge",
    "CashCount",
    "CashMovement",
    "Charge",
    "Difference",
    "Dispute",
    "Drawer",
    "Dunning",
    "ExportLayout",
    "HallTerms",
    "HandOver",
    "Instalment",
    "LedgerEntry",
    "Movement",
    "PaidLine",
    "PaidList",
    "PaidListFormat",
    "Paper",
    "PaperCharge",
    "PaperCounter",
    "PaperEvent",
    "Payee",
    "ProviderEvent",
    "Reconciliation",
    "Refund",
    "RevenueItem",
    "SlipExportFormat",
    "SlipTerms",
    "Task",
    "TransferList",
    "TransferTerms",
    "YearClosing",
    "paper_number",
]
