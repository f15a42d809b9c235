"""Charges, the ledger that explains every yen, and numbered receipts. Balances are derived, never stored."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Charge(models.Model):
    """What somebody owes for one ``subject`` (an opaque id of the caller's). Amounts are in its ledger entries.

    ``fiscal_year`` is the municipality's (April to March) and frozen here.
    """

    subject = models.UUIDField(editable=False)
    payer = models.CharField(max_length=200)
    title = models.CharField(max_length=250)
    fiscal_year = models.PositiveSmallIntegerField()
    facility = models.ForeignKey(
        "facilities.Facility", null=True, on_delete=models.PROTECT, related_name="charges"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject"], name="charge_subject_once")]

    def __str__(self) -> str:
        return f"charge {self.pk}"


class LedgerEntry(models.Model):
    """One movement of a charge. Only ever added to: the database refuses change and deletion (migration 0002).

    A correction is a new entry.
    """

    class Kind(models.TextChoices):
        ASSESSED = "assessed", "調定"
        REDUCED = "reduced", "減額調定"
        COLLECTED = "collected", "収納"
        REFUND_DECIDED = "refund_decided", "還付決定"
        REFUNDED = "refunded", "還付済"

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    yen = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField()
    # Key of the gateway the money went through; empty where no money moved.
    gateway = models.CharField(max_length=20, blank=True)
    memo = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="ledgerentry_yen_positive", condition=Q(yen__gt=0)),
            models.CheckConstraint(
                name="ledgerentry_kind_known",
                condition=Q(kind__in=["assessed", "reduced", "collected", "refund_decided", "refunded"]),
            ),
            models.CheckConstraint(
                name="ledgerentry_money_has_gateway",
                condition=Q(kind__in=["collected", "refunded"]) & ~Q(gateway="")
                | Q(kind__in=["assessed", "reduced", "refund_decided"], gateway=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.charge_id} {self.kind} {self.yen}"


class ReceiptCounter(models.Model):
    """The last receipt number given in a fiscal year. Its row is locked until the receipt is committed: no gaps."""

    fiscal_year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.fiscal_year}: {self.last}"


class Receipt(models.Model):
    """A numbered receipt (領収書) for one collection, as it was handed out. Never changed.

    ``fiscal_year`` is that of the day it was issued.
    """

    fiscal_year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="receipt")
    yen = models.PositiveIntegerField()
    payer = models.CharField(max_length=200)
    title = models.CharField(max_length=250)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("accounts.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fiscal_year", "serial"], name="receipt_number_once"),
            models.CheckConstraint(name="receipt_yen_positive", condition=Q(yen__gt=0)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number printed on it, e.g. ``2026-000123``."""
        return receipt_number(self.fiscal_year, self.serial)


def receipt_number(fiscal_year: int, serial: int) -> str:
    """Return a receipt's number as people read it."""
    return f"{fiscal_year}-{serial:06d}"
