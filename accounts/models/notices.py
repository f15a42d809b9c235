"""What people were told, what they want to be told of, and the words it is told in."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models.people import Resident, Staff


class Channel(models.TextChoices):
    """How somebody is told. ``none``: there was no way to, which staff must see."""

    MAIL = "mail", "メール"
    LINE = "line", "LINE"
    NONE = "none", "送り先なし"


class Notice(models.Model):
    """One message to one person by one channel, as it was or will be sent, and how far it has got.

    ``dedupe`` is made of kind, occasion, receiver and channel: whatever runs twice, one row. The address is read
    from the receiver when it is sent; only an invitation, which goes to nobody we know yet, keeps one (encrypted).
    ``about``: the ref of the reservation, application, series or group. The text is deleted after some months.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "送信待ち"
        SENDING = "sending", "送信中"
        SENT = "sent", "送信済み"
        FAILED = "failed", "届きません"
        GIVEN_UP = "given_up", "送れませんでした"
        DROPPED = "dropped", "取りやめ"

    kind = models.CharField(max_length=40)
    resident = models.ForeignKey(Resident, null=True, on_delete=models.CASCADE, related_name="notices")
    staff = models.ForeignKey(Staff, null=True, on_delete=models.CASCADE, related_name="notices")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    address_enc = models.BinaryField(default=b"")
    # For staff to recognize, never the whole: ``a***@example.jp``.
    address_shown = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    calendar = models.TextField(blank=True)
    about = models.UUIDField(null=True)
    dedupe = models.CharField(max_length=64)
    # The same for all tries, so that a provider can tell a second try from a second message.
    retry_key = models.UUIDField(default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=200, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    wiped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="notice_once", fields=["dedupe"]),
            models.CheckConstraint(
                name="notice_has_one_receiver",
                condition=Q(resident__isnull=True) | Q(staff__isnull=True),
            ),
            models.CheckConstraint(
                name="notice_sent_has_time",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="notice_waiting_has_time",
                condition=Q(state="waiting", next_attempt_at__isnull=False)
                | (~Q(state="waiting") & Q(next_attempt_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["about"], name="notice_about", condition=Q(about__isnull=False)),
            models.Index(fields=["next_attempt_at"], name="notice_due", condition=Q(state="waiting")),
            models.Index(fields=["-created_at"], name="notice_newest"),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class NoticeChoice(models.Model):
    """Somebody said whether they want a kind of notice by a channel. Without a row: the catalogue's default."""

    resident = models.ForeignKey(Resident, null=True, on_delete=models.CASCADE, related_name="notice_choices")
    staff = models.ForeignKey(Staff, null=True, on_delete=models.CASCADE, related_name="notice_choices")
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    wanted = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="noticechoice_of_resident_once", fields=["resident", "kind", "channel"]
            ),
            models.UniqueConstraint(name="noticechoice_of_staff_once", fields=["staff", "kind", "channel"]),
            models.CheckConstraint(
                name="noticechoice_has_one_owner",
                condition=Q(resident__isnull=False, staff__isnull=True)
                | Q(resident__isnull=True, staff__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel} {self.wanted}"


class SilentRooms(models.Model):
    """The rooms a member of staff does not want to be told of. Without a row: told of all rooms of their halls."""

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE, related_name="silent_rooms")
    # Ids of rooms, which live above accounts; one that is gone does no harm.
    room_ids = ArrayField(models.BigIntegerField(), default=list)

    def __str__(self) -> str:
        return f"silent rooms of {self.staff_id}"


class NoticeText(models.Model):
    """A municipality's own text of a kind of notice in one language. The newest counts; only ever added to.

    An empty ``subject`` and ``body``: back to the text that was shipped.
    """

    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    written_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="noticetext_whole_or_shipped",
                condition=Q(subject="", body="") | (~Q(subject="") & ~Q(body="")),
            )
        ]
        indexes = [models.Index(fields=["kind", "language", "-id"], name="noticetext_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.language} {self.pk}"


class NoticeSettings(models.Model):
    """When the municipality reminds people of a use. One row at most; without it: the day before at 10:00."""

    remind_day_before = models.BooleanField(default=True)
    # The local hour at which the day before is told.
    remind_hour = models.PositiveSmallIntegerField(default=10)
    # Also this many hours before the start; empty: not.
    remind_hours_before = models.PositiveSmallIntegerField(null=True, blank=True)
    # So many days before the last day to pay, from the same hour on; empty: not.
    remind_due_days = models.PositiveSmallIntegerField(null=True, blank=True, default=3)
    # Up to when the worker has reminded people; empty: not yet.
    reminded_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="noticesettings_only_one", condition=Q(id=1)),
            models.CheckConstraint(name="noticesettings_hour_of_day", condition=Q(remind_hour__lte=23)),
        ]

    def __str__(self) -> str:
        return "notice settings"
