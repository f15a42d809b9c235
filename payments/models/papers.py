"""Numbered papers: what was issued, word for word, and what became of it. Only ever added to (migration 0006)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from payments.models.charges import Charge, LedgerEntry
from payments.models.payees import Payee
from payments.models.refunds import Refund


def new_token() -> str:
    """Return a token nobody can guess: it opens the page that tells whether a paper is true."""
    return uuid.uuid4().hex


class Paper(models.Model):
    """A paper (書類) about money as it was issued. Never changed: what happens to it later is a PaperEvent.

    ``serial`` counts each kind by itself, without gaps, in the fiscal year of the day it was issued. ``cause`` tells
    one occasion from another: the same occasion has one paper only. ``content`` is all that is printed on it.
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt", "領収書"
        PROOF = "proof", "支払済証明書"
        INVOICE = "invoice", "適格請求書"
        RETURN_INVOICE = "return_invoice", "適格返還請求書"
        SLIP = "slip", "納付書"
        REFUND_DECISION = "refund_decision", "還付決定通知書"
        EXEMPTION_DECISION = "exemption_decision", "減免決定通知書"
        DUNNING = "dunning", "督促状"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    fiscal_year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    cause = models.CharField(max_length=120)
    payee = models.ForeignKey(Payee, null=True, on_delete=models.PROTECT, related_name="papers")
    # For whom it is, as printed before 様.
    to = models.CharField(max_length=200)
    yen = models.PositiveIntegerField(null=True)
    content = models.JSONField(default=dict)
    # The collection a receipt or a proof is for, or the first refund of a decision.
    entry = models.ForeignKey(LedgerEntry, null=True, on_delete=models.PROTECT, related_name="papers")
    refund = models.ForeignKey(Refund, null=True, on_delete=models.PROTECT, related_name="papers")
    issued_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "fiscal_year", "serial"], name="paper_number_once"),
            models.UniqueConstraint(fields=["kind", "cause"], name="paper_cause_once"),
            models.CheckConstraint(name="paper_has_content", condition=~Q(content={})),
            models.CheckConstraint(
                name="paper_receipt_has_entry",
                condition=~Q(kind__in=["receipt", "proof"])
                | Q(entry__isnull=False, yen__isnull=False, yen__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def number(self) -> str:
        """The number in its kind, e.g. ``2026-000123``."""
        return paper_number(self.fiscal_year, self.serial)


class PaperCharge(models.Model):
    """A charge a paper speaks of, and for how many yen of it."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="parts")
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="paper_parts")
    yen = models.PositiveIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "charge"], name="papercharge_once"),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id}: {self.charge_id} {self.yen}"


class PaperEvent(models.Model):
    """What happened to a paper after it was issued: it was issued again (再発行), or it holds no more."""

    class Kind(models.TextChoices):
        REISSUED = "reissued", "再発行"
        CANCELLED = "cancelled", "取消し"

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper"], condition=Q(kind="cancelled"), name="paperevent_cancelled_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.kind}"


class PaperCounter(models.Model):
    """The last number given to a kind in a fiscal year. Its row is locked until the paper is committed: no gaps."""

    kind = models.CharField(max_length=20)
    fiscal_year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "fiscal_year"], name="papercounter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fiscal_year}: {self.last}"


def paper_number(fiscal_year: int, serial: int) -> str:
    """Return a paper's number as people read it."""
    return f"{fiscal_year}-{serial:06d}"
