"""What a payment provider told us about the accounts of this municipality, and whether its books agree with ours."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from payments.models.attempts import Attempt
from payments.models.refunds import Refund


class AccountWatch(models.Model):
    """One account at a provider: when it may be called next (a leaky bucket), and up to when its news were read."""

    account = models.CharField(max_length=64, unique=True)
    next_call_at = models.DateTimeField()
    events_read_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.account


class ProviderEvent(models.Model):
    """News of a provider, verified: only that something happened to an object. What it is now, is read from there.

    The same news delivered again is the same row. ``listed``: its delivery was lost, and we found it by asking.
    """

    event_id = models.CharField(max_length=255)
    account = models.CharField(max_length=64)
    kind = models.CharField(max_length=80)
    object_ref = models.CharField(max_length=255)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    listed = models.BooleanField(default=False)
    processed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "event_id"], name="providerevent_once"),
        ]
        indexes = [
            models.Index(
                fields=["received_at"], name="providerevent_waiting", condition=Q(processed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"


class Dispute(models.Model):
    """A payer had their card company take a payment back (チャージバック). The account answers for it at the provider.

    ``taken_at``: the provider took the money, and the collections were reversed; ``returned_at``: it came back.
    """

    account = models.CharField(max_length=64)
    provider_ref = models.CharField(max_length=255)
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="disputes")
    yen = models.PositiveIntegerField()
    state = models.CharField(max_length=30)
    created_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "provider_ref"], name="dispute_once"),
            models.CheckConstraint(name="dispute_yen_positive", condition=Q(yen__gt=0)),
            models.CheckConstraint(
                name="dispute_returned_after_taken",
                condition=Q(returned_at__isnull=True) | Q(taken_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.provider_ref


class Movement(models.Model):
    """A line of an account's balance at the provider, as its books have it. Read again, it is the same row.

    ``yen`` is signed: what came into the balance, before ``fee_yen``. ``attempt``, ``refund`` or ``dispute`` is what
    it belongs to in ours.
    """

    class Kind(models.TextChoices):
        PAYMENT = "payment", "入金"
        REFUND = "refund", "返金"
        REFUND_BACK = "refund_back", "戻ってきた返金"
        DISPUTE = "dispute", "異議による引落し"
        DISPUTE_BACK = "dispute_back", "異議の取下げによる戻り"
        FEE = "fee", "手数料"
        PAYOUT = "payout", "口座への振込み"
        OTHER = "other", "その他"

    account = models.CharField(max_length=64)
    ref = models.CharField(max_length=255)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    source_ref = models.CharField(max_length=255, blank=True)
    yen = models.IntegerField()
    fee_yen = models.IntegerField(default=0)
    at = models.DateTimeField()
    attempt = models.ForeignKey(Attempt, null=True, on_delete=models.PROTECT, related_name="movements")
    refund = models.ForeignKey(Refund, null=True, on_delete=models.PROTECT, related_name="movements")
    dispute = models.ForeignKey(Dispute, null=True, on_delete=models.PROTECT, related_name="movements")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "ref"], name="movement_once"),
        ]
        indexes = [models.Index(fields=["account", "at"], name="movement_of_day")]

    def __str__(self) -> str:
        return f"{self.kind} {self.yen} {self.ref}"


class Reconciliation(models.Model):
    """One local day of one account: what the provider's books say, and what of it is in our ledger. Yen.

    Made again for a day, the figures are those of the last time.
    """

    account = models.CharField(max_length=64)
    day = models.DateField()
    ran_at = models.DateTimeField()
    payments_there = models.BigIntegerField(default=0)
    payments_here = models.BigIntegerField(default=0)
    refunds_there = models.BigIntegerField(default=0)
    refunds_here = models.BigIntegerField(default=0)
    # Refunds that the provider's books have already, and that have not arrived at the payer yet.
    refunds_under_way = models.BigIntegerField(default=0)
    disputes_there = models.BigIntegerField(default=0)
    disputes_here = models.BigIntegerField(default=0)
    fees = models.BigIntegerField(default=0)
    payouts = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["-day", "account"]
        constraints = [
            models.UniqueConstraint(fields=["account", "day"], name="reconciliation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.day}"


class Difference(models.Model):
    """Something the provider's books and ours do not agree about, until they do or a person has explained it.

    ``cause`` tells it from others: the same is one row, however often it is found.
    """

    class Kind(models.TextChoices):
        NOT_HERE = "not_here", "決済会社にあり、台帳にない"
        NOT_THERE = "not_there", "台帳にあり、決済会社にない"
        AMOUNT = "amount", "金額がちがう"
        UNKNOWN = "unknown", "決済会社のほかの動き"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    cause = models.CharField(max_length=120)
    account = models.CharField(max_length=64)
    day = models.DateField()
    yen_there = models.IntegerField()
    yen_here = models.IntegerField()
    movement = models.ForeignKey(Movement, null=True, on_delete=models.PROTECT, related_name="differences")
    attempt = models.ForeignKey(Attempt, null=True, on_delete=models.PROTECT, related_name="differences")
    refund = models.ForeignKey(Refund, null=True, on_delete=models.PROTECT, related_name="differences")
    found_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    explanation = models.TextField(blank=True)

    class Meta:
        ordering = ["-day", "id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "cause"], name="difference_cause_once"),
            models.CheckConstraint(
                name="difference_person_explains",
                condition=Q(closed_by__isnull=True) | Q(closed_at__isnull=False) & ~Q(explanation=""),
            ),
        ]
        indexes = [
            models.Index(fields=["found_at"], name="difference_open", condition=Q(closed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"difference {self.pk} {self.kind}"
