"""Whose money it is, under which item it is booked, and in which ways a hall is paid."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

WAYS = ("desk_cash", "bank_slip", "card", "konbini", "paypay", "deferred")


class Payee(models.Model):
    """Who receives money (収納する者): the municipality with one of its accounts, or a designated manager.

    A fee (使用料, 地方自治法225条) is public money; what a manager takes as its own (利用料金, 244条の2第8項) is not.
    An empty ``name`` is the municipality's own.
    """

    class Kind(models.TextChoices):
        PUBLIC = "public", "使用料（自治体の収入）"
        MANAGER = "manager", "利用料金（指定管理者の収入）"

    class DecidedBy(models.TextChoices):
        ADMIN = "admin", "自治体の管理者"
        HALL = "hall", "館の職員と、自治体の管理者"

    class OnlinePaper(models.TextChoices):
        RECEIPT = "receipt", "領収書"
        PROOF = "proof", "支払済証明書"

    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PUBLIC)
    name = models.CharField(max_length=100, blank=True)
    # Who signs its papers, as printed: あきる野市長 ….
    signed_by = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    # 適格請求書発行事業者の登録番号: T and 13 digits; empty: not registered.
    invoice_number = models.CharField(max_length=14, blank=True)
    # Who decides exemptions and refunds where the rules leave it open; a fee only the municipality (RILG).
    decided_by = models.CharField(max_length=8, choices=DecidedBy.choices, default=DecidedBy.ADMIN)
    # What is given to who paid through a provider: municipalities usually issue no receipt then (支払済証明).
    online_paper = models.CharField(max_length=8, choices=OnlinePaper.choices, default=OnlinePaper.PROOF)
    # A refund of so many yen or more is sent only after a second person agreed; empty: never needed.
    four_eyes_from_yen = models.PositiveIntegerField(null=True, blank=True)
    # The connected account at Stripe; tenants.ProviderAccount says to which municipality it belongs.
    stripe_account = models.CharField(max_length=64, blank=True)
    stripe_state = models.JSONField(default=dict, blank=True)
    stripe_checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stripe_account"], condition=~Q(stripe_account=""), name="payee_stripe_account_once"
            ),
            models.CheckConstraint(
                name="payee_fee_decided_by_municipality",
                condition=Q(kind="manager") | Q(kind="public", decided_by="admin"),
            ),
            models.CheckConstraint(
                name="payee_manager_has_name", condition=Q(kind="public") | Q(kind="manager") & ~Q(name="")
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"payee {self.pk}"


class RevenueItem(models.Model):
    """Under which item of the budget money is booked (会計・款・項・目・節), and how it is taxed.

    ``code`` is the accounting system's. One is the default: of every hall that has no terms of its own.
    """

    class Tax(models.TextChoices):
        STANDARD = "standard", "課税（10%）"
        REDUCED = "reduced", "軽減税率（8%）"
        EXEMPT = "exempt", "非課税"
        OUTSIDE = "outside", "不課税"

    payee = models.ForeignKey(Payee, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=40, blank=True)
    account = models.CharField(max_length=60, default="一般会計")
    kan = models.CharField(max_length=60, blank=True)
    kou = models.CharField(max_length=60, blank=True)
    moku = models.CharField(max_length=60, blank=True)
    setsu = models.CharField(max_length=60, blank=True)
    tax = models.CharField(max_length=8, choices=Tax.choices, default=Tax.STANDARD)
    is_default = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="revenueitem_one_default"
            )
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.account, self.kan, self.kou, self.moku, self.setsu) if part)


class HallTerms(models.Model):
    """What holds for the money of one hall. A hall without: the default item, cash at the desk.

    ``ways`` are of WAYS; ``ways_by_class`` replaces them for an applicant class of the rules, by its key.
    """

    facility = models.OneToOneField(
        "facilities.Facility", on_delete=models.PROTECT, related_name="money_terms"
    )
    item = models.ForeignKey(RevenueItem, on_delete=models.PROTECT, related_name="halls")
    ways = models.JSONField(default=list)
    ways_by_class = models.JSONField(default=dict, blank=True)
    # Since when its cash is taken into drawers (payments.cash.drawers); empty: it is not.
    drawers_since = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"terms {self.facility_id}"
