"""Who belongs to a group (名簿), who was invited to act for it, and which staff looked at its roster."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from accounts.models.groups import Group, Membership
from accounts.models.people import Resident, Staff


class _OnRoster(models.Manager["RosterEntry"]):
    def get_queryset(self) -> models.QuerySet[RosterEntry]:
        return super().get_queryset().filter(is_struck=False)


class RosterEntry(models.Model):
    """A person on a group's roster: no more than the rules ask for. Such a person needs no log-in.

    Who was struck off stays out of sight until staff look at the roster again: else two groups of the same people
    would be two as soon as one of them took its people off (``with_struck``).

    ``facts`` are what the rules need to know and that holds for this person (living in the town, under 18, say), each
    under a name given by facilities. ``post`` is an office the rules name (deputy, say). ``folded`` is the name as
    rosters are compared.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="roster")
    name = models.CharField(max_length=100)
    name_kana = models.CharField(max_length=100, blank=True)
    folded = models.CharField(max_length=400, db_index=True)
    facts = models.JSONField(default=list, blank=True)
    post = models.SlugField(max_length=40, blank=True)
    is_struck = models.BooleanField(default=False)

    objects = _OnRoster()
    with_struck = models.Manager["RosterEntry"]()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="rosterentry_has_name", condition=~Q(name=""))]

    def __str__(self) -> str:
        return f"{self.group_id} {self.pk}"


class GroupInvitation(models.Model):
    """Somebody was asked by mail to act for a group. The link in the mail is signed; only the row makes it valid."""

    ref = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=14, choices=Membership.Role.choices)
    invited_by = models.ForeignKey(
        Resident, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        Resident, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="groupinvitation_open_once",
                fields=["group", "email"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.role}"


class RosterViewing(models.Model):
    """A member of staff looked at a group's roster, or took a copy of a file with it."""

    class What(models.TextChoices):
        ROSTER = "roster", "名簿"
        EVIDENCE = "evidence", "添付の書類"

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="roster_viewings")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=8, choices=What.choices)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.group_id} {self.staff_id} {self.what}"
