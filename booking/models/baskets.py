"""The basket (予約かご): rooms and times a person collects before applying for all of them at once."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class BasketItem(models.Model):
    """One room and time in a basket. It holds nothing: until it is applied for, anybody may take the time.

    ``staff``: the basket is one that staff fill at the desk for the resident, apart from the resident's own.
    ``details`` is what was said of the use (booking.saying), once the questions were answered.
    """

    resident = models.ForeignKey("accounts.Resident", on_delete=models.CASCADE, related_name="basket")
    group = models.ForeignKey("accounts.Group", null=True, on_delete=models.CASCADE, related_name="basket")
    staff = models.ForeignKey("accounts.Staff", null=True, on_delete=models.CASCADE, related_name="+")
    room = models.ForeignKey("facilities.Room", on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    details = models.JSONField(default=dict)
    purpose = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="basketitem_period_sane", condition=Q(starts_at__lt=F("ends_at"))),
            models.UniqueConstraint(
                name="basketitem_once",
                fields=["resident", "group", "staff", "room", "starts_at", "ends_at"],
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"basket item {self.pk}"
