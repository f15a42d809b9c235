"""Groups (団体): clubs that book in their own name, and the people who may act for them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from accounts.models.people import Resident


class Group(models.Model):
    """A club or circle. Whether it is registered under a hall's rules stands in facilities.GroupRegistration."""

    ref = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    name_kana = models.CharField(max_length=100, blank=True)
    purpose = models.CharField(max_length=500, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="group_has_name", condition=~Q(name=""))]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number people read to each other, e.g. ``G-00012``. Opens nothing by itself."""
        return f"G-{self.pk:05d}"


class Membership(models.Model):
    """Somebody acts for a group. ``ended_at`` empty: they still may."""

    class Role(models.TextChoices):
        REPRESENTATIVE = "representative", "代表者"
        BOOKER = "booker", "予約する人"
        VIEWER = "viewer", "見るだけの人"

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=14, choices=Role.choices)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="membership_once", fields=["group", "resident"], condition=Q(ended_at__isnull=True)
            ),
            models.UniqueConstraint(
                name="membership_one_representative",
                fields=["group"],
                condition=Q(role="representative", ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.resident_id} {self.role}"
