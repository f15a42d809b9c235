"""Waiting (空き待ち) for a taken time, releases (取消処理中) of cancelled ones, and the offers made meanwhile."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q


class Wait(models.Model):
    """Somebody would like a taken time: to be told when it becomes free, or to be offered it.

    ``rooms`` are the rooms that would do; the one asked for is ``room``. ``told_at``: they were told that it is free
    and it has not been taken again since.
    """

    class Wish(models.TextChoices):
        TELL = "tell", "空いたら知らせてほしい"
        OFFER = "offer", "空いたら使いたい"

    class Status(models.TextChoices):
        WAITING = "waiting", "空き待ち"
        BOOKED = "booked", "予約できました"
        WITHDRAWN = "withdrawn", "取りやめ"
        OVER = "over", "終わり"

    ref = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    resident = models.ForeignKey("accounts.Resident", on_delete=models.PROTECT, related_name="waits")
    group = models.ForeignKey(
        "accounts.Group", null=True, blank=True, on_delete=models.PROTECT, related_name="waits"
    )
    room = models.ForeignKey("facilities.Room", on_delete=models.PROTECT, related_name="+")
    rooms = models.ManyToManyField("facilities.Room", related_name="waits")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    wish = models.CharField(max_length=5, choices=Wish.choices)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.WAITING)
    told_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="wait_period_sane", condition=Q(starts_at__lt=F("ends_at"))),
            models.UniqueConstraint(
                name="wait_once",
                fields=["resident", "group", "room", "starts_at", "ends_at"],
                condition=Q(status="waiting"),
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at"], name="wait_open", condition=Q(status="waiting")),
            models.Index(fields=["resident", "-starts_at"], name="wait_of_resident"),
        ]

    def __str__(self) -> str:
        return f"wait {self.pk}"


class Release(models.Model):
    """A time given up that others wait for: it stays claimed until ``free_at``, the instant everybody sees.

    Who gave it up (``resident``, ``group``), by cancelling or by a change, cannot have it again.
    ``seed`` decides the order of the offers and was drawn when the release began; ``order`` and ``accept_minutes`` are
    what the rules said then.
    """

    class Order(models.TextChoices):
        RANDOM = "random", "くじ"
        FIRST = "first", "申込み順"

    ref = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    reservation = models.ForeignKey("booking.Reservation", on_delete=models.PROTECT, related_name="releases")
    room = models.ForeignKey("facilities.Room", on_delete=models.PROTECT, related_name="releases")
    resident = models.ForeignKey("accounts.Resident", on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(
        "accounts.Group", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    order = models.CharField(max_length=6, choices=Order.choices)
    seed = models.CharField(max_length=64)
    accept_minutes = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    free_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="release_period_sane", condition=Q(starts_at__lt=F("ends_at"))),
            models.CheckConstraint(name="release_ends_later", condition=Q(started_at__lt=F("free_at"))),
        ]
        indexes = [
            models.Index(fields=["free_at"], name="release_open", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["room", "starts_at"], name="release_of_room"),
        ]

    def __str__(self) -> str:
        return f"release {self.pk}"


class Offer(models.Model):
    """A place in the line for a release, and from ``offered_at`` to ``expires_at`` the offer of one room and time."""

    class State(models.TextChoices):
        QUEUED = "queued", "順番待ち"
        OPEN = "open", "ご案内中"
        ACCEPTED = "accepted", "予約しました"
        DECLINED = "declined", "辞退"
        EXPIRED = "expired", "時間切れ"
        PASSED = "passed", "対象外"

    ref = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="offers")
    wait = models.ForeignKey(Wait, on_delete=models.PROTECT, related_name="offers")
    rank = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    room = models.ForeignKey("facilities.Room", null=True, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    offered_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    reservation = models.OneToOneField(
        "booking.Reservation", null=True, on_delete=models.PROTECT, related_name="from_offer"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="offer_rank_once", fields=["release", "rank"]),
            models.UniqueConstraint(name="offer_wait_once", fields=["release", "wait"]),
            models.UniqueConstraint(
                name="offer_one_at_a_time", fields=["release"], condition=Q(state="open")
            ),
            models.CheckConstraint(
                name="offer_open_is_complete",
                condition=~Q(state__in=["open", "accepted", "declined", "expired"])
                | Q(
                    room__isnull=False,
                    starts_at__isnull=False,
                    ends_at__isnull=False,
                    offered_at__isnull=False,
                    expires_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="offer_accepted_is_booked",
                condition=Q(state="accepted", reservation__isnull=False)
                | (~Q(state="accepted") & Q(reservation__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="offer_open", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"offer {self.release_id}/{self.rank}"
