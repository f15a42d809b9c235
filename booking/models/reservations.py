"""Reservations, the claims that hold their spaces, and the record of what happened to them."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q

from booking.constraints import NO_OVERLAP
from booking.models.applications import Application


class Reservation(models.Model):
    """This room, this time, this person. ``ref`` is its public identity and the subject of charges and door codes."""

    class Status(models.TextChoices):
        HOLD = "hold", "仮押さえ"
        APPLIED = "applied", "審査中"
        CONFIRMED = "confirmed", "予約済み"
        CANCELLED = "cancelled", "取消し"
        REFUSED = "refused", "不許可"
        EXPIRED = "expired", "時間切れ"

    class Channel(models.TextChoices):
        WEB = "web", "インターネット"
        DESK = "desk", "窓口"
        PHONE = "phone", "電話"
        API = "api", "API"

    class Attendance(models.TextChoices):
        UNKNOWN = "unknown", "未確認"
        ARRIVED = "arrived", "来館"
        ABSENT = "absent", "来なかった"

    ref = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey("facilities.Room", on_delete=models.PROTECT, related_name="reservations")
    resident = models.ForeignKey("accounts.Resident", on_delete=models.PROTECT, related_name="reservations")
    # For whom it is: the resident who booked it acts for this group; empty: for themselves.
    group = models.ForeignKey(
        "accounts.Group", null=True, blank=True, on_delete=models.PROTECT, related_name="reservations"
    )
    # What it was applied for together with, when several rooms or dates were.
    application = models.ForeignKey(
        Application, null=True, blank=True, on_delete=models.PROTECT, related_name="reservations"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    attendance = models.CharField(max_length=10, choices=Attendance.choices, default=Attendance.UNKNOWN)
    purpose = models.CharField(max_length=200, blank=True)
    headcount = models.PositiveIntegerField(null=True, blank=True)
    # What the rules asked for, by their keys (facilities.room_rules.Details).
    applicant_class = models.CharField(max_length=40, blank=True)
    purpose_key = models.CharField(max_length=40, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    extras = models.JSONField(default=dict, blank=True)
    early_minutes = models.PositiveSmallIntegerField(default=0)
    extension_minutes = models.PositiveSmallIntegerField(default=0)
    # Both empty while the rules leave the price to staff and they have not decided it.
    price_yen = models.PositiveIntegerField(null=True)
    quote = models.JSONField(null=True)
    rule_version = models.ForeignKey("facilities.RuleVersion", on_delete=models.PROTECT)
    held_until = models.DateTimeField(null=True, blank=True)
    # RFC 5545 SEQUENCE: +1 with every change a calendar must see.
    sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="reservation_period_sane", condition=Q(starts_at__lt=F("ends_at"))),
            models.CheckConstraint(
                name="reservation_price_has_quote",
                condition=Q(price_yen__isnull=True, quote__isnull=True)
                | Q(price_yen__isnull=False, quote__isnull=False),
            ),
            models.CheckConstraint(
                name="reservation_hold_has_deadline",
                condition=Q(status="hold", held_until__isnull=False)
                | (~Q(status="hold") & Q(held_until__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["resident", "-starts_at"], name="reservation_of_resident"),
            models.Index(
                fields=["group", "-starts_at"], name="reservation_of_group", condition=Q(group__isnull=False)
            ),
            models.Index(fields=["room", "starts_at"], name="reservation_of_room"),
            models.Index(fields=["held_until"], name="reservation_held_until", condition=Q(status="hold")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number people read to each other, e.g. ``R-000123``. Opens nothing by itself."""
        return f"R-{self.pk:06d}"


class Closure(models.Model):
    """Staff take rooms out of use for a time (保守・臨時休館・公用): claims like any other."""

    class Kind(models.TextChoices):
        MAINTENANCE = "maintenance", "保守・点検"
        OFFICIAL = "official", "公用"
        ELECTION = "election", "選挙"
        DISASTER = "disaster", "災害"
        WEATHER = "weather", "悪天候"
        OTHER = "other", "そのほか"

    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.MAINTENANCE)
    facility = models.ForeignKey("facilities.Facility", on_delete=models.PROTECT, related_name="closures")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    created_by = models.ForeignKey("accounts.Staff", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    lifted_by = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="closure_period_sane", condition=Q(starts_at__lt=F("ends_at"))),
            models.CheckConstraint(
                name="closure_kind_known",
                condition=Q(kind__in=["maintenance", "official", "election", "disaster", "weather", "other"]),
            ),
        ]

    def __str__(self) -> str:
        return f"closure {self.pk}"


class Claim(models.Model):
    """A space is taken for a time, by a reservation, a closure or a release. The database refuses two at once.

    ``occupied`` is ``[)``, UTC, includes turnaround and is frozen when written. The claim of a hold or a release
    carries ``expires_at``: from then on it counts as free, and whoever needs the space takes it over.
    """

    reservation = models.ForeignKey(Reservation, null=True, on_delete=models.PROTECT, related_name="claims")
    closure = models.ForeignKey(Closure, null=True, on_delete=models.PROTECT, related_name="claims")
    # Without an index of its own: most claims never had one, and booking would pay for it.
    release = models.ForeignKey(
        "booking.Release", null=True, on_delete=models.PROTECT, related_name="claims", db_index=False
    )
    space = models.ForeignKey(
        "facilities.Space", on_delete=models.PROTECT, related_name="claims", db_index=False
    )
    occupied = DateTimeRangeField()
    active = models.BooleanField(default=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            NO_OVERLAP,
            models.CheckConstraint(
                name="claim_has_one_owner",
                condition=Q(reservation__isnull=False, closure__isnull=True, release__isnull=True)
                | Q(reservation__isnull=True, closure__isnull=False, release__isnull=True)
                | Q(reservation__isnull=True, closure__isnull=True, release__isnull=False),
            ),
            models.CheckConstraint(
                name="claim_release_expires",
                condition=Q(release__isnull=True) | Q(expires_at__isnull=False),
            ),
            models.CheckConstraint(
                name="claim_occupied_sane",
                condition=Q(
                    occupied__isempty=False,
                    occupied__lower_inf=False,
                    occupied__upper_inf=False,
                    occupied__lower_inc=True,
                    occupied__upper_inc=False,
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["release"], name="claim_of_release", condition=Q(release__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"claim {self.pk}"


class Transition(models.Model):
    """One step in the life of a reservation: what, by whom, when, why. Only ever added to."""

    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT, related_name="transitions")
    verb = models.CharField(max_length=20)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField()
    at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.reservation_id} {self.verb}"


class IdempotencyKey(models.Model):
    """A write request that was carried out, and its answer, so that a repeat is answered without acting again."""

    scope = models.CharField(max_length=60)
    key = models.CharField(max_length=100)
    request_hash = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotencykey_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


class CalendarFeed(models.Model):
    """A secret, revocable address of an iCalendar feed. Only the token's hash is kept."""

    class Kind(models.TextChoices):
        RESIDENT = "resident", "本人の予約"
        ROOM = "room", "部屋の空き状況"
        FACILITY = "facility", "館の予約（職員用）"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    resident = models.ForeignKey("accounts.Resident", null=True, on_delete=models.CASCADE)
    room = models.ForeignKey("facilities.Room", null=True, on_delete=models.CASCADE)
    facility = models.ForeignKey("facilities.Facility", null=True, on_delete=models.CASCADE)
    created_by = models.ForeignKey("accounts.User", on_delete=models.CASCADE)
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="calendarfeed_one_subject",
                condition=Q(kind="resident", resident__isnull=False, room__isnull=True, facility__isnull=True)
                | Q(kind="room", resident__isnull=True, room__isnull=False, facility__isnull=True)
                | Q(kind="facility", resident__isnull=True, room__isnull=True, facility__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"feed {self.pk}"
