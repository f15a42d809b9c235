"""What a person at city hall has to look at, because no rule says what to do."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from payments.models.attempts import Attempt
from payments.models.charges import Charge
from payments.models.refunds import Refund


class Task(models.Model):
    """Something about money a clerk looks at: opened once for its cause, closed by a person or by itself.

    ``facts`` are plain values for the sentence of its kind.
    """

    class Kind(models.TextChoices):
        PAID_TOO_LATE = "paid_too_late", "予約がなくなったあとの支払い"
        REFUND_FAILED = "refund_failed", "返金できなかった"
        UNMATCHED_PAYMENT = "unmatched_payment", "どの料金か分からない入金"
        DIFFERENCE = "difference", "金額が合わない"
        DISPUTE = "dispute", "支払いへの異議（チャージバック）"
        OVERDUE = "overdue", "期限を過ぎた未払い"
        ACCOUNT_TROUBLE = "account_trouble", "決済アカウントの問題"
        REFUND_UNDECIDED = "refund_undecided", "返金するかどうかの判断"
        REFUND_UNCLAIMED = "refund_unclaimed", "請求の期限を過ぎた返金"
        TRANSFER_RETURNED = "transfer_returned", "戻ってきた振込み"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    # Tells one cause from another: the same cause opens one task only.
    cause = models.CharField(max_length=120)
    charge = models.ForeignKey(Charge, null=True, on_delete=models.PROTECT, related_name="tasks")
    attempt = models.ForeignKey(Attempt, null=True, on_delete=models.PROTECT, related_name="tasks")
    refund = models.ForeignKey(Refund, null=True, on_delete=models.PROTECT, related_name="tasks")
    facts = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "cause"], name="task_cause_once")]
        indexes = [
            models.Index(fields=["opened_at"], name="task_open", condition=Q(closed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"task {self.pk} {self.kind}"
