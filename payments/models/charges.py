"""Charges and the ledger that explains every yen. Balances are derived, never stored."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from payments.models.payees import RevenueItem


class Charge(models.Model):
    """What somebody owes for one ``subject`` (an opaque id of the caller's). Amounts are in its ledger entries.

    ``fiscal_year`` is the municipality's (April to March); it and ``item``, which says whose money it is, are frozen
    here. ``payer`` owes it (納入義務者), whoever brings the money.
    """

    subject = models.UUIDField(editable=False)
    payer = models.CharField(max_length=200)
    title = models.CharField(max_length=250)
    fiscal_year = models.PositiveSmallIntegerField()
    item = models.ForeignKey(RevenueItem, on_delete=models.PROTECT, related_name="charges")
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

    A correction is a new entry; one that takes a collection back (a wrong amount, a charge-back) or a refund decision
    (declined, not claimed in time) names it in ``corrects``. ``fiscal_year`` is the one it is booked in: the
    charge's, until that year is closed. A refund after that is paid out of the budget's expenditure (償還金,
    地方自治法施行令165条の8).
    """

    class Budget(models.TextChoices):
        REVENUE = "revenue", "歳入"
        EXPENDITURE = "expenditure", "歳出"

    class Kind(models.TextChoices):
        ASSESSED = "assessed", "調定"
        REDUCED = "reduced", "減額調定"
        COLLECTED = "collected", "収納"
        REFUND_DECIDED = "refund_decided", "還付決定"
        REFUNDED = "refunded", "還付済"
        WRITTEN_OFF = "written_off", "不納欠損"
        REVERSED = "reversed", "収納取消し"
        REFUND_WITHDRAWN = "refund_withdrawn", "還付取消し"

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    yen = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField()
    # Key of the gateway the money went through; empty where no money moved.
    gateway = models.CharField(max_length=20, blank=True)
    memo = models.TextField(blank=True)
    fiscal_year = models.PositiveSmallIntegerField()
    item = models.ForeignKey(RevenueItem, on_delete=models.PROTECT, related_name="entries", db_index=False)
    # The hall the charge was for then: what was collected there stays its, also when the charge moves to another.
    facility = models.ForeignKey(
        "facilities.Facility", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    budget = models.CharField(max_length=11, choices=Budget.choices, default=Budget.REVENUE)
    # What moved the money: the attempt at a provider, or the collection that is taken back.
    # Without indexes of all rows: booking writes an entry, and would pay for them.
    attempt = models.ForeignKey(
        "payments.Attempt", null=True, on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    corrects = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="corrected_by", db_index=False
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="ledgerentry_yen_positive", condition=Q(yen__gt=0)),
            models.CheckConstraint(
                name="ledgerentry_kind_known",
                condition=Q(
                    kind__in=[
                        *("assessed", "reduced", "collected", "refund_decided", "refunded"),
                        *("written_off", "reversed", "refund_withdrawn"),
                    ]
                ),
            ),
            models.CheckConstraint(
                name="ledgerentry_money_has_gateway",
                condition=Q(kind__in=["collected", "refunded", "reversed"]) & ~Q(gateway="")
                | Q(
                    kind__in=["assessed", "reduced", "refund_decided", "refund_withdrawn", "written_off"],
                    gateway="",
                ),
            ),
            models.CheckConstraint(
                name="ledgerentry_reversal_corrects",
                condition=Q(kind__in=["reversed", "refund_withdrawn"], corrects__isnull=False)
                | ~Q(kind__in=["reversed", "refund_withdrawn"]) & Q(corrects__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(corrects__isnull=False), name="ledgerentry_corrected_once"
            ),
            models.CheckConstraint(
                name="ledgerentry_expenditure_is_refund",
                condition=Q(budget="revenue")
                | Q(budget="expenditure", kind__in=["refund_decided", "refunded", "refund_withdrawn"]),
            ),
        ]
        indexes = [
            models.Index(fields=["fiscal_year", "at"], name="ledgerentry_of_year"),
            models.Index(
                fields=["attempt"], name="ledgerentry_of_attempt", condition=Q(attempt__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.charge_id} {self.kind} {self.yen}"


class Instalment(models.Model):
    """Until when (a part of) a charge is paid, as the rules said, and what follows where it is not.

    ``yen`` empty: all that is due. ``due_at`` is the first moment too late; empty: no day is written.
    """

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=60, blank=True)
    name_en = models.CharField(max_length=60, blank=True)
    yen = models.PositiveIntegerField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    deferred = models.BooleanField(default=False)
    unpaid = models.CharField(max_length=9, choices=[("cancelled", "取消し"), ("staff", "職員が対応")])
    # When the reminder for it was sent, and when what follows from being late was set in motion.
    reminded_at = models.DateTimeField(null=True, blank=True)
    lapsed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["charge", "number"]
        constraints = [
            models.UniqueConstraint(fields=["charge", "number"], name="instalment_number_once"),
            models.CheckConstraint(
                name="instalment_unpaid_known", condition=Q(unpaid__in=["cancelled", "staff"])
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="instalment_open", condition=Q(lapsed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"instalment {self.charge_id}/{self.number}"
