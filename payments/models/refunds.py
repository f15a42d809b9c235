"""Money that goes back: one row for each decision in the ledger, until it has arrived."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from payments.models.charges import Charge, LedgerEntry


class Refund(models.Model):
    """A decided refund (還付): so many yen of one collection, by which route, and how far it is.

    Written with its ledger entry (``decision``) in one transaction. It is sent once nobody has to agree any more;
    ``done`` with the entry that says so (還付済), ``withdrawn`` with the one that takes the decision back (還付取消し).
    """

    class Route(models.TextChoices):
        DESK_CASH = "desk_cash", "窓口で現金"
        STRIPE = "stripe", "払った方法にもどす"
        BANK_TRANSFER = "bank_transfer", "銀行口座に振り込む"
        CREDIT = "credit", "ほかの料金に充てる"

    class State(models.TextChoices):
        AWAITING_APPROVAL = "awaiting_approval", "承認待ち"
        AWAITING_ACCOUNT = "awaiting_account", "振込先の入力待ち"
        READY = "ready", "手続き待ち"
        SENDING = "sending", "送っています"
        PENDING = "pending", "手続き中"
        PAYER_ACTION = "payer_action", "本人の手続き待ち"
        DONE = "done", "返金済み"
        WITHDRAWN = "withdrawn", "取りやめ"

    ref = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="refunds")
    decision = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="refund")
    # The collection it goes back of; what comes back of several is several refunds.
    source = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="given_back")
    yen = models.PositiveIntegerField()
    route = models.CharField(max_length=16, choices=Route.choices)
    state = models.CharField(max_length=20, choices=State.choices)
    reason = models.TextField(blank=True)
    article = models.CharField(max_length=100, blank=True)
    decided_by_kind = models.CharField(max_length=10)
    decided_by_id = models.BigIntegerField()
    approved_by = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    # The last day on which it can be claimed, where the rules name one.
    claim_until = models.DateField(null=True, blank=True)
    # The payer's bank account, sealed (payments.refunds.bank_accounts) as JSON; emptied some time after it is done.
    bank_account = models.BinaryField(null=True)
    # The list with which the treasurer has it transferred; it may be on a second one after it came back.
    transfer_list = models.ForeignKey(
        "payments.TransferList", null=True, on_delete=models.PROTECT, related_name="refunds"
    )
    credited_to = models.ForeignKey(Charge, null=True, on_delete=models.PROTECT, related_name="credits")
    provider_ref = models.CharField(max_length=255, blank=True)
    # From when on the provider may know of it, and which key it was last asked with (payments.refunds.sending).
    sent_at = models.DateTimeField(null=True, blank=True)
    key_number = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    # It had arrived, and came back to the account later: it was collected again, and decided again.
    bounced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="refund_yen_positive", condition=Q(yen__gt=0)),
            models.CheckConstraint(
                name="refund_done_has_moment",
                condition=Q(state="done", done_at__isnull=False) | ~Q(state="done") & Q(done_at__isnull=True),
            ),
            models.CheckConstraint(
                name="refund_approved_by_somebody",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="refund_by_two_people",
                condition=~Q(decided_by_kind="staff")
                | Q(approved_by__isnull=True)
                | ~Q(approved_by=models.F("decided_by_id")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["updated_at"], name="refund_under_way", condition=~Q(state__in=["done", "withdrawn"])
            ),
            models.Index(fields=["provider_ref"], name="refund_of_provider", condition=~Q(provider_ref="")),
        ]

    def __str__(self) -> str:
        return f"refund {self.pk}"
