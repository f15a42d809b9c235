"""Doors, the credentials wanted on them, and keys handed over."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from locks.constraints import CODE_ONCE_PER_DOOR


class Door(models.Model):
    """A lock (or a key at a desk) that lets people into one or more rooms.

    ``adapter`` is a key of locks.adapters; ``device_id`` names the device to it. ``note`` tells people where to find
    the keypad, the key box or the desk. ``secret_enc``: see locks.secrets.
    """

    facility = models.ForeignKey("facilities.Facility", on_delete=models.PROTECT, related_name="doors")
    name = models.CharField(max_length=100)
    adapter = models.CharField(max_length=30)
    device_id = models.CharField(max_length=100)
    secret_enc = models.BinaryField(default=b"")
    lead_minutes = models.PositiveSmallIntegerField(default=15)
    lag_minutes = models.PositiveSmallIntegerField(default=15)
    note = models.TextField(blank=True)
    rooms: models.ManyToManyField[models.Model, DoorRoom] = models.ManyToManyField(
        "facilities.Room", through="DoorRoom", related_name="doors"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["adapter", "device_id"], name="door_device_once"),
            models.CheckConstraint(name="door_has_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class DoorRoom(models.Model):
    """To get into the room one passes the door."""

    door = models.ForeignKey(Door, on_delete=models.CASCADE)
    room = models.ForeignKey("facilities.Room", on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["door", "room"], name="doorroom_once")]

    def __str__(self) -> str:
        return f"{self.door_id}+{self.room_id}"


class Credential(models.Model):
    """That a ``subject`` (an opaque id of the caller's) shall get through a door, and how far that has got.

    ``starts_at``/``ends_at``: the time it is for; ``valid_*``: with the door's lead and lag; ``effective_*``: what the
    device really does. ``desired`` is what we want, ``state`` what is known; the worker (locks.reconcile) brings
    them together and looks again at ``next_attempt_at``. A moved time is a new ``generation``.
    """

    class Desired(models.TextChoices):
        PRESENT = "present", "必要"
        ABSENT = "absent", "不要"

    class State(models.TextChoices):
        PENDING = "pending", "準備前"
        ACCEPTED = "accepted", "受付済み"
        ON_DEVICE = "on_device", "錠に登録済み"
        ACTIVE = "active", "使える時間"
        REVOKING = "revoking", "取消し中"
        REVOKED = "revoked", "取消し済み"
        EXPIRED = "expired", "期限切れ"
        FAILED = "failed", "失敗"
        UNKNOWN = "unknown", "確認中"

    class Kind(models.TextChoices):
        PIN = "pin", "暗証番号"
        URL = "url", "リンク"
        QR = "qr", "QRコード"
        CARD = "card", "カード"
        PHYSICAL = "physical", "鍵"

    subject = models.UUIDField(editable=False)
    door = models.ForeignKey(Door, on_delete=models.PROTECT, related_name="credentials")
    generation = models.PositiveSmallIntegerField()
    desired = models.CharField(max_length=10, choices=Desired.choices)
    label = models.CharField(max_length=60)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    effective_from = models.DateTimeField(null=True)
    effective_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    secret_enc = models.BinaryField(default=b"")
    secret_fingerprint = models.BigIntegerField(null=True)
    vendor_id = models.CharField(max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=100, blank=True)
    revealed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "door", "generation"], name="credential_generation_once"
            ),
            models.UniqueConstraint(
                fields=["subject", "door"], name="credential_wanted_once", condition=Q(desired="present")
            ),
            CODE_ONCE_PER_DOOR,
            models.CheckConstraint(
                name="credential_period_sane",
                condition=Q(
                    starts_at__lt=F("ends_at"), valid_from__lte=F("starts_at"), valid_until__gte=F("ends_at")
                ),
            ),
            models.CheckConstraint(
                name="credential_code_has_window",
                condition=Q(secret_fingerprint__isnull=True)
                | Q(effective_from__isnull=False, effective_until__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="credential_due",
                condition=Q(next_attempt_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"credential {self.pk}"


class KeyHandover(models.Model):
    """A key given to somebody for a credential, and when it came back."""

    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="handovers")
    given_to = models.CharField(max_length=100)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey("accounts.Staff", on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField(null=True)
    returned_to = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["credential"], name="keyhandover_out_once", condition=Q(returned_at__isnull=True)
            ),
            models.CheckConstraint(
                name="keyhandover_return_complete",
                condition=Q(returned_at__isnull=True, returned_to__isnull=True)
                | Q(returned_at__gte=F("given_at"), returned_to__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"key of {self.credential_id}"
