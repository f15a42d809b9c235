"""Cash in the hall: drawers of people, the hall's safe, and every movement of notes and coins between them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from payments.models.charges import LedgerEntry


class Drawer(models.Model):
    """Cash one person answers for (レジ), or, without ``keeper``, the hall's safe (金庫), which is never closed.

    What is in it is the sum of its movements, never stored. Nobody has two open at once: cash goes where its taker
    stands.
    """

    facility = models.ForeignKey("facilities.Facility", on_delete=models.PROTECT, related_name="drawers")
    keeper = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="drawers")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["keeper"], condition=Q(closed_at__isnull=True), name="drawer_open_once"
            ),
            models.UniqueConstraint(
                fields=["facility"], condition=Q(keeper__isnull=True), name="drawer_one_safe"
            ),
            models.CheckConstraint(
                name="drawer_closed_by_somebody",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False, keeper__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["facility", "opened_at"], name="drawer_of_hall")]

    def __str__(self) -> str:
        return f"drawer {self.pk}"


class CashMovement(models.Model):
    """So many yen out of one drawer, into another, or both. Only ever added to (migration 0007).

    ``entry`` is the ledger's entry the cash belongs to: taken, given back, or a wrong collection taken back.
    A difference found by counting is a movement too (over, short), with its explanation in ``memo``.
    """

    class Kind(models.TextChoices):
        TAKEN = "taken", "受け取り"
        GIVEN_BACK = "given_back", "返金"
        TAKEN_BACK = "taken_back", "受け取りの取消し"
        MOVED = "moved", "移動"
        STOCKED = "stocked", "つり銭の受け入れ"
        DEPOSITED = "deposited", "銀行への入金"
        OVER = "over", "多かった"
        SHORT = "short", "足りなかった"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    source = models.ForeignKey(Drawer, null=True, on_delete=models.PROTECT, related_name="outgoing")
    target = models.ForeignKey(Drawer, null=True, on_delete=models.PROTECT, related_name="incoming")
    yen = models.PositiveIntegerField()
    entry = models.OneToOneField(
        LedgerEntry, null=True, on_delete=models.PROTECT, related_name="cash_movement"
    )
    memo = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    staff = models.ForeignKey("accounts.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="cashmovement_yen_positive", condition=Q(yen__gt=0)),
            models.CheckConstraint(
                name="cashmovement_has_ends",
                condition=Q(kind__in=["taken", "stocked", "over"], source__isnull=True, target__isnull=False)
                | Q(
                    kind__in=["given_back", "taken_back", "deposited", "short"],
                    source__isnull=False,
                    target__isnull=True,
                )
                | Q(kind="moved", source__isnull=False, target__isnull=False),
            ),
            models.CheckConstraint(
                name="cashmovement_other_drawer",
                condition=Q(source__isnull=True) | Q(target__isnull=True) | ~Q(source=F("target")),
            ),
            models.CheckConstraint(
                name="cashmovement_money_has_entry",
                condition=Q(kind__in=["taken", "given_back", "taken_back"], entry__isnull=False)
                | Q(kind__in=["moved", "stocked", "deposited", "over", "short"], entry__isnull=True),
            ),
            models.CheckConstraint(
                name="cashmovement_difference_explained",
                condition=~Q(kind__in=["over", "short"]) | ~Q(memo=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.yen}"


class CashCount(models.Model):
    """Notes and coins of a drawer as somebody counted them, beside what its movements come to. Never changed.

    ``pieces``: how many of each denomination, by its yen.
    """

    drawer = models.ForeignKey(Drawer, on_delete=models.PROTECT, related_name="counts")
    pieces = models.JSONField()
    counted_yen = models.PositiveIntegerField()
    expected_yen = models.PositiveIntegerField()
    explanation = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    staff = models.ForeignKey("accounts.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="cashcount_difference_explained",
                condition=Q(counted_yen=F("expected_yen")) | ~Q(explanation=""),
            )
        ]

    def __str__(self) -> str:
        return f"count {self.drawer_id} {self.counted_yen}"


class HandOver(models.Model):
    """Cash somebody wants to hand to a colleague (引継ぎ). It changes drawers when the colleague says it is there."""

    source = models.ForeignKey(Drawer, on_delete=models.PROTECT, related_name="hand_overs")
    receiver = models.ForeignKey("accounts.Staff", on_delete=models.PROTECT, related_name="hand_overs")
    yen = models.PositiveIntegerField()
    memo = models.CharField(max_length=200, blank=True)
    offered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    movement = models.OneToOneField(
        CashMovement, null=True, on_delete=models.PROTECT, related_name="hand_over"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="handover_yen_positive", condition=Q(yen__gt=0)),
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(movement__isnull=True, withdrawn_at__isnull=True),
                name="handover_open_once",
            ),
            models.CheckConstraint(
                name="handover_ends_once", condition=Q(movement__isnull=True) | Q(withdrawn_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"hand-over {self.pk}"
