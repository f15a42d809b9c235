"""Registrations of groups (団体登録) under a rule book, and the files that prove what they say."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from facilities.models.halls import RuleBook, RuleVersion


class GroupRegistration(models.Model):
    """One registration of a group under one rule book, from its first draft to its end. A renewal is a new row.

    ``kind`` is the key of the registration in the rules document; empty where the document has none and staff alone
    decide. ``findings`` is what the rules said when it was applied for, and again when it was decided.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "書きかけ"
        APPLIED = "applied", "審査待ち"
        RETURNED = "returned", "直してください"
        REGISTERED = "registered", "登録済み"
        REFUSED = "refused", "登録できません"
        ENDED = "ended", "終わりました"

    OPEN = ("draft", "applied", "returned")

    ref = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey("accounts.Group", on_delete=models.CASCADE, related_name="registrations")
    rule_book = models.ForeignKey(RuleBook, on_delete=models.PROTECT, related_name="registrations")
    kind = models.SlugField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    renews = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="renewals"
    )
    began_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    # Empty: a resident applied online. Else the member of staff who entered it at the desk.
    entered_by = models.ForeignKey(
        "accounts.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Answers to the questions on which the requirements depend.
    answers = models.JSONField(default=dict, blank=True)
    # What an applicant writes to staff: why an exception should be made, say.
    remark = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "accounts.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # For the applicant: what to correct, or why it was refused or ended.
    reason = models.TextField(blank=True)
    rule_version = models.ForeignKey(
        RuleVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    findings = models.JSONField(default=list, blank=True)
    # Exceptions that staff accepted: their names in the rules and why.
    exceptions = models.JSONField(default=list, blank=True)
    applicant_class = models.SlugField(max_length=40, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Struck off because of offences: the rules may bar its people from registering for a while.
    deregistered_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                name="groupregistration_waiting", fields=["applied_at"], condition=Q(state="applied")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="groupregistration_open_once",
                fields=["group", "rule_book", "kind"],
                condition=Q(state__in=("draft", "applied", "returned")),
            ),
            models.CheckConstraint(
                name="groupregistration_registered_has_day",
                condition=~Q(state="registered") | Q(valid_from__isnull=False),
            ),
            models.CheckConstraint(
                name="groupregistration_no_has_reason",
                condition=~Q(state__in=("returned", "refused")) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="groupregistration_term_sane",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number people read to each other, e.g. ``D-00012``. Opens nothing by itself."""
        return f"D-{self.pk:05d}"


class Evidence(models.Model):
    """A file that proves what a registration says (規約, 会員名簿の写し). Kept in the database, seen by few."""

    ref = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    registration = models.ForeignKey(GroupRegistration, on_delete=models.CASCADE, related_name="evidence")
    file_name = models.CharField(max_length=100)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="evidence_size_sane", condition=Q(size__gte=1, size__lte=5_000_000)),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.size}"
