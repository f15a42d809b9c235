"""Rules tried on the past before they are published."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class RuleTrial(models.Model):
    """Rules that are tried on the reservations of a past period, before they are published.

    The text is kept as it was tried, so that a later change of the draft cannot make the result untrue. ``runs``
    counts who took it up: only the latest run writes.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "順番待ち"
        RUNNING = "running", "計算中"
        DONE = "done", "終わり"
        FAILED = "failed", "失敗"

    rule_book = models.ForeignKey("facilities.RuleBook", on_delete=models.CASCADE, related_name="trials")
    text = models.TextField()
    text_hash = models.CharField(max_length=64)
    first = models.DateField()
    last = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    runs = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(null=True)
    asked_by = models.ForeignKey("accounts.Staff", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="ruletrial_period_sane", condition=Q(first__lte=F("last"))),
            models.CheckConstraint(
                name="ruletrial_done_has_result",
                condition=Q(state="done", result__isnull=False, finished_at__isnull=False)
                | ~Q(state="done") & Q(result__isnull=True),
            ),
            models.UniqueConstraint(
                name="ruletrial_open_once",
                fields=["rule_book", "text_hash", "first", "last"],
                condition=Q(state__in=["waiting", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"trial {self.pk}"
