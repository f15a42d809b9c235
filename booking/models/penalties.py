"""Offences (違反) and what follows from them: measures (措置), and appeals (異議申出)."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q


class Offence(models.Model):
    """Somebody did what the rules count: did not come, cancelled too late, or what staff wrote down.

    Its points are never stored: the rules say them (facilities.ordinance.penalty). ``key`` is the rules' own.
    ``exempt`` says why it does not count all the same (the weather, a disaster, the city's doing). A withdrawn
    offence stays to be read and counts no more.
    """

    class Exempt(models.TextChoices):
        NONE = "", "数える"
        WEATHER = "weather", "天候"
        DISASTER = "disaster", "災害"
        CITY = "city", "市や館の都合"

    ref = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    facility = models.ForeignKey("facilities.Facility", on_delete=models.PROTECT, related_name="offences")
    resident = models.ForeignKey("accounts.Resident", on_delete=models.PROTECT, related_name="offences")
    # For whom the use was: the offence is then the group's.
    group = models.ForeignKey(
        "accounts.Group", null=True, blank=True, on_delete=models.PROTECT, related_name="offences"
    )
    reservation = models.ForeignKey(
        "booking.Reservation", null=True, blank=True, on_delete=models.PROTECT, related_name="offences"
    )
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    # The local day on which it happened, and how many days before the use that was.
    day = models.DateField()
    days_ahead = models.PositiveIntegerField(null=True, blank=True)
    # What the rules' conditions see of the use.
    applicant_class = models.CharField(max_length=40, blank=True)
    purpose_key = models.CharField(max_length=40, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    exempt = models.CharField(max_length=10, choices=Exempt.choices, blank=True, default=Exempt.NONE)
    note = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField()
    # Empty: the system recorded it, by the rules.
    recorded_by = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="offence_once", fields=["reservation", "key"], condition=Q(withdrawn_at__isnull=True)
            ),
            models.CheckConstraint(
                name="offence_withdrawal_complete",
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_reason__gt=""),
            ),
        ]
        indexes = [
            models.Index(fields=["resident", "day"], name="offence_of_resident"),
            models.Index(fields=["group", "day"], name="offence_of_group", condition=Q(group__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"offence {self.pk}"


class Measure(models.Model):
    """What follows from offences for one person or one group: a suspension (利用停止), a deregistration, a warning.

    What the rules order by themselves is in force at once; what they leave to staff is proposed until staff decide.
    A suspension holds from ``starts_on`` to the day before ``ends_on``, local days of the municipality.
    """

    class Kind(models.TextChoices):
        SUSPENSION = "suspension", "利用停止"
        DEREGISTRATION = "deregistration", "登録の抹消"
        WARNING = "warning", "注意"

    class State(models.TextChoices):
        PROPOSED = "proposed", "職員の判断待ち"
        IN_FORCE = "in_force", "決定"
        DISMISSED = "dismissed", "行わない"
        LIFTED = "lifted", "取りやめ"

    ref = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    facility = models.ForeignKey("facilities.Facility", on_delete=models.PROTECT, related_name="measures")
    # The last of the offences it follows from.
    offence = models.ForeignKey(Offence, on_delete=models.PROTECT, related_name="measures")
    resident = models.ForeignKey(
        "accounts.Resident", null=True, blank=True, on_delete=models.PROTECT, related_name="measures"
    )
    group = models.ForeignKey(
        "accounts.Group", null=True, blank=True, on_delete=models.PROTECT, related_name="measures"
    )
    kind = models.CharField(max_length=14, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    # The step of the rules: its name, and its reasons with their articles (facilities.ordinance.Reason).
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    reasons = models.JSONField(default=list)
    # What a suspension forbids: use, applying, lottery.
    suspends = models.CharField(max_length=10, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    cancels_bookings = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    # Empty where the rules decided by themselves.
    decided_by = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="measure_has_one_subject",
                condition=Q(resident__isnull=False, group__isnull=True)
                | Q(resident__isnull=True, group__isnull=False),
            ),
            models.CheckConstraint(
                name="measure_period_sane",
                condition=Q(starts_on__isnull=False, ends_on__isnull=False, starts_on__lt=F("ends_on"))
                | Q(starts_on__isnull=True, ends_on__isnull=True),
            ),
            models.UniqueConstraint(
                name="measure_of_resident_once",
                fields=["offence", "kind", "name", "resident"],
                condition=Q(state__in=["proposed", "in_force", "dismissed"], resident__isnull=False),
            ),
            models.UniqueConstraint(
                name="measure_of_group_once",
                fields=["offence", "kind", "name", "group"],
                condition=Q(state__in=["proposed", "in_force", "dismissed"], group__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["resident", "ends_on"], name="measure_of_resident"),
            models.Index(fields=["group", "ends_on"], name="measure_of_group"),
        ]

    def __str__(self) -> str:
        return f"measure {self.pk}"

    @property
    def last_day(self) -> date | None:
        """The last day of a suspension."""
        return self.ends_on - timedelta(days=1) if self.ends_on else None


class Appeal(models.Model):
    """A resident says that an offence is wrongly counted. Accepted: the offence is withdrawn."""

    class State(models.TextChoices):
        FILED = "filed", "受付済み・確認中"
        ACCEPTED = "accepted", "認められた"
        DISMISSED = "dismissed", "認められなかった"

    ref = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    offence = models.OneToOneField(Offence, on_delete=models.PROTECT, related_name="appeal")
    filed_by = models.ForeignKey("accounts.Resident", on_delete=models.PROTECT, related_name="appeals")
    text = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.FILED)
    filed_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="appeal_decision_complete",
                condition=Q(state="filed", decided_at__isnull=True, decision="")
                | Q(state__in=["accepted", "dismissed"], decided_at__isnull=False, decision__gt=""),
            )
        ]

    def __str__(self) -> str:
        return f"appeal {self.pk}"
