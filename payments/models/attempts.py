"""Payments begun at a provider: written down before the provider hears of them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from payments.models.charges import Charge
from payments.models.payees import Payee


class Attempt(models.Model):
    """Somebody wants to pay one or several charges of one payee at once, in one way, through a provider.

    Committed as ``wanted`` before the provider is called. ``close_wanted_at``: nobody should pay it now; the worker
    closes it at the provider (a voucher that is out stays good until its time is over), and what is paid goes back.
    """

    class State(models.TextChoices):
        WANTED = "wanted", "準備中"
        OPEN = "open", "支払い待ち"
        VOUCHER_ISSUED = "voucher_issued", "コンビニで支払い待ち"
        PAID = "paid", "支払済み"
        EXPIRED = "expired", "期限切れ"
        FAILED = "failed", "失敗"

    ref = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    payee = models.ForeignKey(Payee, on_delete=models.PROTECT, related_name="attempts")
    gateway = models.CharField(max_length=20)
    way = models.CharField(max_length=20)
    yen = models.PositiveIntegerField()
    state = models.CharField(max_length=14, choices=State.choices, default=State.WANTED)
    # The connected account it was made on: frozen, events of another one are not believed.
    account = models.CharField(max_length=64, blank=True)
    # The provider's ids: of the checkout, and of the payment itself.
    provider_ref = models.CharField(max_length=255, blank=True)
    payment_ref = models.CharField(max_length=255, blank=True)
    # What its books call the money of it, once it was paid.
    charge_ref = models.CharField(max_length=255, blank=True)
    url = models.TextField(blank=True)
    # Until when it can be begun (the page) and, once a voucher was issued, paid.
    expires_at = models.DateTimeField(null=True, blank=True)
    voucher = models.JSONField(default=dict, blank=True)
    return_url = models.TextField(blank=True)
    language = models.CharField(max_length=2, default="ja")
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField()
    failure = models.CharField(max_length=100, blank=True)
    close_wanted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    # From when on the provider may know of it, and which key it was last asked with (payments.online.settling).
    sent_at = models.DateTimeField(null=True, blank=True)
    key_number = models.PositiveSmallIntegerField(default=0)
    looked_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="attempt_yen_positive", condition=Q(yen__gt=0)),
            models.UniqueConstraint(
                fields=["account", "provider_ref"],
                condition=~Q(provider_ref=""),
                name="attempt_checkout_once",
            ),
            models.CheckConstraint(
                name="attempt_paid_has_moment",
                condition=Q(state="paid", paid_at__isnull=False) | ~Q(state="paid") & Q(paid_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["updated_at"],
                name="attempt_under_way",
                condition=Q(state__in=["wanted", "open", "voucher_issued"]),
            ),
            # What the provider's news and books name.
            models.Index(fields=["payment_ref"], name="attempt_of_payment", condition=~Q(payment_ref="")),
            models.Index(fields=["charge_ref"], name="attempt_of_charge", condition=~Q(charge_ref="")),
        ]

    def __str__(self) -> str:
        return f"attempt {self.pk}"


class AttemptCharge(models.Model):
    """What an attempt pays of a charge, in yen. ``live`` while the attempt is under way: one at a time for a charge."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="parts")
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="attempt_parts")
    yen = models.PositiveIntegerField()
    live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["charge"], condition=Q(live=True), name="attemptcharge_one_live"),
            models.UniqueConstraint(fields=["attempt", "charge"], name="attemptcharge_once"),
            models.CheckConstraint(name="attemptcharge_yen_positive", condition=Q(yen__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.charge_id} {self.yen}"
