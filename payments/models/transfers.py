"""Refunds by bank transfer: from which account a payee transfers, and the lists handed to its bank."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from payments.models.payees import Payee


class TransferTerms(models.Model):
    """As whom a payee orders transfers at its bank (総合振込): what stands in the head of the bank's file.

    ``client_code`` is given by the bank; ``client_name`` in its characters (half-width kana).
    """

    payee = models.OneToOneField(Payee, on_delete=models.PROTECT, related_name="transfer_terms")
    client_code = models.CharField(max_length=10)
    client_name = models.CharField(max_length=40)
    bank_code = models.CharField(max_length=4)
    bank_name = models.CharField(max_length=15)
    branch_code = models.CharField(max_length=3)
    branch_name = models.CharField(max_length=15)
    account_kind = models.CharField(max_length=1, choices=[("1", "普通"), ("2", "当座")], default="1")
    account_number = models.CharField(max_length=7)

    def __str__(self) -> str:
        return f"transfer terms {self.payee_id}"


class TransferList(models.Model):
    """Refunds of one payee that its bank transfers on one day (還付の振込依頼)."""

    class State(models.TextChoices):
        OPEN = "open", "振込みの手続き中"
        DONE = "done", "振込み済み"
        DROPPED = "dropped", "取りやめ"

    payee = models.ForeignKey(Payee, on_delete=models.PROTECT, related_name="transfer_lists")
    pay_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.Staff", on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="transferlist_closed_has_moment",
                condition=Q(state="open", closed_at__isnull=True)
                | ~Q(state="open") & Q(closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"transfer list {self.pk}"
