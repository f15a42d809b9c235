"""Series (くり返しの予約): one wish for many dates, with what became of each of them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q


class Series(models.Model):
    """Rooms, days by a rule and one time of day. It stays one object, with the dates it did not get and why.

    ``rule`` is an RFC 5545 RRULE over local days that begin with ``first``; ``starts`` and ``ends`` are minutes of
    the local day. ``said`` is what was said of the use in each room (booking.saying). A draft was not applied for
    yet: it is forgotten after some days.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "申込み前"
        OPEN = "open", "申込み済み"

    ref = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    resident = models.ForeignKey("accounts.Resident", on_delete=models.PROTECT, related_name="series")
    group = models.ForeignKey("accounts.Group", null=True, on_delete=models.PROTECT, related_name="series")
    # The staff member who enters it for somebody; empty: the resident themselves.
    staff = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    rooms = models.ManyToManyField("facilities.Room", related_name="+")
    channel = models.CharField(max_length=10)
    rule = models.CharField(max_length=200)
    first = models.DateField()
    starts = models.PositiveSmallIntegerField()
    ends = models.PositiveSmallIntegerField()
    said = models.JSONField(default=dict)
    purpose = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="series_time_sane", condition=Q(starts__lt=F("ends"))),
            models.CheckConstraint(
                name="series_open_since",
                condition=Q(state="draft", applied_at__isnull=True)
                | Q(state="open", applied_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["resident", "-created_at"], name="series_of_resident")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number people read to each other, e.g. ``S-00012``. Opens nothing by itself."""
        return f"S-{self.pk:05d}"


class SeriesDate(models.Model):
    """One room on one day of a series: what was wished (minutes of the day) and what became of it.

    What became of the reservation of a booked date (審査中, 取消し …) is the reservation's own; it may lie in another
    room or at another time, when an alternative was taken. ``reasons`` are frozen as they were told.
    """

    class State(models.TextChoices):
        BOOKED = "booked", "予約"
        INTENTION = "intention", "予約待ち"
        REFUSED = "refused", "取れなかった日"
        LEFT_OUT = "left_out", "使わない日"

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="dates")
    room = models.ForeignKey("facilities.Room", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    starts = models.PositiveSmallIntegerField()
    ends = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices)
    reasons = models.JSONField(default=list)
    # From when an intention can be applied for.
    opens_at = models.DateTimeField(null=True)
    reservation = models.OneToOneField(
        "booking.Reservation", null=True, on_delete=models.PROTECT, related_name="series_date"
    )

    class Meta:
        ordering = ["day", "room__position", "room_id"]
        constraints = [
            models.UniqueConstraint(name="seriesdate_once", fields=["series", "room", "day"]),
            models.CheckConstraint(name="seriesdate_time_sane", condition=Q(starts__lt=F("ends"))),
            models.CheckConstraint(
                name="seriesdate_state_complete",
                condition=Q(state="booked", reservation__isnull=False, opens_at__isnull=True)
                | Q(state="intention", reservation__isnull=True, opens_at__isnull=False)
                | Q(state__in=["refused", "left_out"], reservation__isnull=True, opens_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["opens_at"], name="seriesdate_opening", condition=Q(state="intention"))
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.day}"
