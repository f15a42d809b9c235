"""Official use (公用・選挙・災害) takes rooms that were booked: one act, and what became of each booking."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q


class Displacement(models.Model):
    """One act by which staff took rooms that were booked. Its closure holds the rooms and says why.

    ``appeal_notice`` (教示) is told to everyone hit; empty where there is nothing to appeal against.
    """

    ref = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    closure = models.OneToOneField("booking.Closure", on_delete=models.PROTECT, related_name="displacement")
    appeal_notice = models.TextField(blank=True)
    decided_by = models.ForeignKey("accounts.Staff", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"displacement {self.pk}"


class Displaced(models.Model):
    """One booking hit by a displacement: where it was, and what became of it.

    While ``offered``, the booking stands at the time proposed, and its applicant answers until ``answer_by``;
    declined or lapsed it is cancelled. What is refunded is always all of it.
    """

    class Outcome(models.TextChoices):
        MOVED = "moved", "ほかへ移した"
        OFFERED = "offered", "返事待ち"
        ACCEPTED = "accepted", "承知"
        CHOSEN = "chosen", "別の時間を選んだ"
        DECLINED = "declined", "辞退"
        LAPSED = "lapsed", "返事なし"
        CANCELLED = "cancelled", "取消し"
        RELEASED = "released", "仮押さえを解除"

    displacement = models.ForeignKey(Displacement, on_delete=models.PROTECT, related_name="displaced")
    reservation = models.ForeignKey("booking.Reservation", on_delete=models.PROTECT, related_name="displaced")
    old_room = models.ForeignKey("facilities.Room", on_delete=models.PROTECT, related_name="+")
    old_starts_at = models.DateTimeField()
    old_ends_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    answer_by = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["displacement", "reservation"], name="displaced_once"),
            models.UniqueConstraint(
                fields=["reservation"], name="displaced_offered_once", condition=Q(outcome="offered")
            ),
            models.CheckConstraint(
                name="displaced_period_sane", condition=Q(old_starts_at__lt=F("old_ends_at"))
            ),
            models.CheckConstraint(
                name="displaced_offer_has_deadline",
                condition=Q(
                    outcome__in=["offered", "accepted", "chosen", "declined", "lapsed"],
                    answer_by__isnull=False,
                )
                | Q(outcome__in=["moved", "cancelled", "released"], answer_by__isnull=True),
            ),
            models.CheckConstraint(
                name="displaced_answer_complete",
                condition=Q(outcome__in=["accepted", "chosen", "declined"], answered_at__isnull=False)
                | Q(
                    outcome__in=["moved", "offered", "lapsed", "cancelled", "released"],
                    answered_at__isnull=True,
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["answer_by"], name="displaced_answer_by", condition=Q(outcome="offered"))
        ]

    def __str__(self) -> str:
        return f"{self.reservation_id} {self.outcome}"
