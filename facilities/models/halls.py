"""Halls, rooms, spaces and the versions of the rules document that governs them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class RuleBook(models.Model):
    """The rules (条例・規則) of one group of facilities, as a series of versions."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class RuleVersion(models.Model):
    """One published text of the rules document. Its text never changes after publishing; reservations point to it.

    A version can be withdrawn before its first day. From then on it governs no new reservation; the row stays for
    those that were made under it.
    """

    rule_book = models.ForeignKey(RuleBook, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    effective_from = models.DateField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey("accounts.Staff", null=True, blank=True, on_delete=models.PROTECT)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "accounts.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule_book", "number"], name="ruleversion_number_once"),
            models.CheckConstraint(
                name="ruleversion_withdrawal_complete",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_book_id} v{self.number}"


class RuleDraft(models.Model):
    """The next version of a rule book while it is being written; it may have mistakes. One for each book."""

    rule_book = models.OneToOneField(RuleBook, on_delete=models.CASCADE, related_name="draft")
    text = models.TextField(blank=True)
    based_on = models.ForeignKey(
        RuleVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("accounts.Staff", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.rule_book_id} draft"


class Facility(models.Model):
    """A hall (施設). ``key`` is its key in the rules document and in addresses of pages."""

    key = models.SlugField(max_length=40, unique=True)
    rule_book = models.ForeignKey(RuleBook, on_delete=models.PROTECT, related_name="facilities")
    name = models.CharField(max_length=100)
    name_kana = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    notice = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)
    is_open = models.BooleanField(default=True)
    # As in 公共施設一覧 (facilities.opendata): id, code of the place (a ward's, say), seven digits, WGS 84.
    opendata_id = models.CharField(max_length=50, blank=True)
    place_code = models.CharField(max_length=6, blank=True)
    postcode = models.CharField(max_length=7, blank=True)
    building = models.CharField(max_length=100, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    url = models.CharField(max_length=500, blank=True)
    barrier_free = models.TextField(blank=True)
    open_days = models.CharField(max_length=100, blank=True)
    opens = models.CharField(max_length=5, blank=True)
    closes = models.CharField(max_length=5, blank=True)
    opening_note = models.TextField(blank=True)
    # The list's other columns by their names in the standard: kept to be published again.
    opendata_rest = models.JSONField(default=dict, blank=True)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(name="facility_has_name", condition=~Q(name="")),
            models.UniqueConstraint(
                fields=["opendata_id"], condition=~Q(opendata_id=""), name="facility_opendata_id_once"
            ),
            models.CheckConstraint(
                name="facility_place_in_japan",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    latitude__gte=20,
                    latitude__lte=46,
                    longitude__isnull=False,
                    longitude__gte=122,
                    longitude__lte="154.5",
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Space(models.Model):
    """The smallest thing that can be occupied (A面, B面). A claim takes a space."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="spaces")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["facility", "key"], name="space_key_once")]

    def __str__(self) -> str:
        return self.name


class Room(models.Model):
    """What is rented (室場): one or more spaces. ``key`` is its key in the rules document."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="rooms")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)
    turnaround_minutes = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    is_open = models.BooleanField(default=True)
    spaces: models.ManyToManyField[Space, RoomSpace] = models.ManyToManyField(
        Space, through="RoomSpace", related_name="rooms"
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["facility", "key"], name="room_key_once"),
            models.CheckConstraint(name="room_has_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class RoomSpace(models.Model):
    """A room uses a space."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE)
    space = models.ForeignKey(Space, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "space"], name="roomspace_once")]

    def __str__(self) -> str:
        return f"{self.room_id}+{self.space_id}"


class FacilityStaff(models.Model):
    """A hall manager works at a hall. Municipality admins work at all of them."""

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="staff_members")
    staff = models.ForeignKey("accounts.Staff", on_delete=models.CASCADE, related_name="facilities")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["facility", "staff"], name="facilitystaff_once")]

    def __str__(self) -> str:
        return f"{self.facility_id}/{self.staff_id}"


class HallImport(models.Model):
    """A 公共施設一覧 that was read and not yet (or already) carried out: its rows, and which are bookable halls.

    Nothing else is written before it is carried out. ``rows`` and ``chosen`` are ``facilities.opendata.importing``'s.
    """

    ref = models.UUIDField(unique=True, default=uuid.uuid4)
    file_name = models.CharField(max_length=100)
    facts = models.JSONField()
    rows = models.JSONField()
    chosen = models.JSONField()
    started_at = models.DateTimeField()
    started_by = models.ForeignKey("accounts.Staff", null=True, blank=True, on_delete=models.SET_NULL)
    done_at = models.DateTimeField(null=True, blank=True)
    outcome = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.file_name
