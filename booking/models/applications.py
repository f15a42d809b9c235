"""One application (申請) for several rooms or dates: one purpose, one price, one confirmation."""

from __future__ import annotations

import uuid

from django.db import models


class Application(models.Model):
    """What was applied for at once. Its reservations stand for themselves from then on."""

    ref = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    resident = models.ForeignKey("accounts.Resident", on_delete=models.PROTECT, related_name="applications")
    group = models.ForeignKey(
        "accounts.Group", null=True, blank=True, on_delete=models.PROTECT, related_name="applications"
    )
    channel = models.CharField(max_length=10)
    purpose = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["resident", "-created_at"], name="application_of_resident")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number people read to each other, e.g. ``A-000123``. Opens nothing by itself."""
        return f"A-{self.pk:06d}"
