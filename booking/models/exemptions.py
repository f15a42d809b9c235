"""Exemption (減免): what was applied for, who decided what, and the standing exemptions of groups."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from booking.models.reservations import Reservation


class Exemption(models.Model):
    """One ground of the rules for one reservation: applied for, relayed, and decided; or granted by itself.

    ``ground`` is the key in the rules, ``name`` as it was called then. What staff decided (``percent`` or ``yen``)
    stands where the rules leave it to them. ``before_yen`` and ``after_yen`` are the price at the decision; what holds
    now is in the reservation's quote. ``instruction`` is the notice of appeal (教示) as it was given.
    """

    class State(models.TextChoices):
        APPLIED = "applied", "審査待ち"
        RELAYED = "relayed", "決裁待ち（進達済み）"
        GRANTED = "granted", "承認"
        REFUSED = "refused", "不承認"
        WITHDRAWN = "withdrawn", "取下げ"
        REVOKED = "revoked", "取消し"
        ENDED = "ended", "終わり（条件に合わなくなった）"

    class Basis(models.TextChoices):
        APPLICATION = "application", "申請"
        AUTOMATIC = "automatic", "自動"
        STANDING = "standing", "団体の減免登録"

    ref = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT, related_name="exemptions")
    ground = models.SlugField(max_length=40)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    basis = models.CharField(max_length=11, choices=Basis.choices)
    standing = models.ForeignKey(
        "booking.StandingExemption",
        null=True,
        on_delete=models.PROTECT,
        related_name="exemptions",
        db_index=False,
    )
    state = models.CharField(max_length=9, choices=State.choices, default=State.APPLIED)
    remark = models.TextField(blank=True)
    applied_at = models.DateTimeField()
    # Empty: the applicant did. Else the member of staff who entered it at the desk.
    entered_by = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    # Who passed it on to those who may decide (進達), and what they think of it.
    relayer = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    relayed_at = models.DateTimeField(null=True)
    opinion = models.TextField(blank=True)
    # Empty with ``decided_at``: the rules did.
    decider = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    percent = models.PositiveSmallIntegerField(null=True)
    yen = models.PositiveIntegerField(null=True)
    before_yen = models.PositiveIntegerField(null=True)
    after_yen = models.PositiveIntegerField(null=True)
    reason = models.TextField(blank=True)
    instruction = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    # Why one that was granted no longer holds, and who took it back.
    revocation = models.TextField(blank=True)
    revoker = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="exemption_open_once",
                fields=["reservation"],
                condition=Q(state__in=["applied", "relayed"]),
            ),
            models.UniqueConstraint(
                name="exemption_ground_once", fields=["reservation", "ground"], condition=Q(state="granted")
            ),
            models.CheckConstraint(
                name="exemption_relayed_by_somebody",
                condition=Q(relayer__isnull=True, relayed_at__isnull=True)
                | Q(relayer__isnull=False, relayed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="exemption_decided_has_moment",
                condition=Q(state__in=["applied", "relayed", "withdrawn"], decided_at__isnull=True)
                | ~Q(state__in=["applied", "relayed", "withdrawn"]) & Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="exemption_closed_has_moment",
                condition=Q(state__in=["applied", "relayed", "granted"], closed_at__isnull=True)
                | ~Q(state__in=["applied", "relayed", "granted"]) & Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="exemption_refusal_has_reason",
                condition=~Q(state="refused", reason="") & ~Q(state="revoked", revocation=""),
            ),
            models.CheckConstraint(
                name="exemption_measure_sane",
                condition=Q(percent__isnull=True, yen__isnull=True)
                | Q(percent__gte=1, percent__lte=100, yen__isnull=True)
                | Q(yen__gte=1, percent__isnull=True),
            ),
            models.CheckConstraint(
                name="exemption_never_dearer",
                condition=Q(before_yen__isnull=True, after_yen__isnull=True)
                | Q(after_yen__lte=models.F("before_yen")),
            ),
            models.CheckConstraint(
                name="exemption_standing_named",
                condition=Q(basis="standing", standing__isnull=False)
                | ~Q(basis="standing") & Q(standing__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["applied_at"], name="exemption_open", condition=Q(state__in=["applied", "relayed"])
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number people read to each other, e.g. ``G-000012``. Opens nothing by itself."""
        return f"G-{self.pk:06d}"


class StandingExemption(models.Model):
    """A ground that holds for all uses of a group for a while (団体の減免登録), at the halls of a rule book.

    ``facility`` empty: at all of them whose rules know the ground. It is applied for and decided like one for a single
    use; the terms ``percent`` and ``yen`` stand where the rules leave them to staff.
    """

    class State(models.TextChoices):
        APPLIED = "applied", "審査待ち"
        RELAYED = "relayed", "決裁待ち（進達済み）"
        GRANTED = "granted", "承認"
        REFUSED = "refused", "不承認"
        WITHDRAWN = "withdrawn", "取下げ"
        REVOKED = "revoked", "取消し"

    ref = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey("accounts.Group", on_delete=models.PROTECT, related_name="exemptions")
    rule_book = models.ForeignKey("facilities.RuleBook", on_delete=models.PROTECT, related_name="+")
    facility = models.ForeignKey("facilities.Facility", null=True, on_delete=models.PROTECT, related_name="+")
    ground = models.SlugField(max_length=40)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    state = models.CharField(max_length=9, choices=State.choices, default=State.APPLIED)
    remark = models.TextField(blank=True)
    applied_at = models.DateTimeField()
    entered_by = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    relayer = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    relayed_at = models.DateTimeField(null=True)
    opinion = models.TextField(blank=True)
    decider = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    percent = models.PositiveSmallIntegerField(null=True)
    yen = models.PositiveIntegerField(null=True)
    # Days of use, both inclusive.
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    reason = models.TextField(blank=True)
    instruction = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    revocation = models.TextField(blank=True)
    revoker = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="standingexemption_open_once",
                fields=["group", "rule_book", "facility", "ground"],
                condition=Q(state__in=["applied", "relayed"]),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="standingexemption_granted_has_term",
                condition=~Q(state__in=["granted", "revoked"])
                | Q(
                    valid_from__isnull=False,
                    valid_until__isnull=False,
                    valid_until__gte=models.F("valid_from"),
                ),
            ),
            models.CheckConstraint(
                name="standingexemption_relayed_by_somebody",
                condition=Q(relayer__isnull=True, relayed_at__isnull=True)
                | Q(relayer__isnull=False, relayed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="standingexemption_decided_by_somebody",
                condition=Q(
                    state__in=["applied", "relayed", "withdrawn"],
                    decided_at__isnull=True,
                    decider__isnull=True,
                )
                | ~Q(state__in=["applied", "relayed", "withdrawn"])
                & Q(decided_at__isnull=False, decider__isnull=False),
            ),
            models.CheckConstraint(
                name="standingexemption_refusal_has_reason",
                condition=~Q(state="refused", reason="") & ~Q(state="revoked", revocation=""),
            ),
            models.CheckConstraint(
                name="standingexemption_measure_sane",
                condition=Q(percent__isnull=True, yen__isnull=True)
                | Q(percent__gte=1, percent__lte=100, yen__isnull=True)
                | Q(yen__gte=1, percent__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["group", "rule_book"],
                name="standingexemption_granted",
                condition=Q(state="granted"),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number people read to each other, e.g. ``GD-00012``. Opens nothing by itself."""
        return f"GD-{self.pk:05d}"


class ExemptionEvidence(models.Model):
    """A file that proves a ground (手帳の写し, 後援の通知). Kept in the database, seen by few."""

    ref = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    exemption = models.ForeignKey(Exemption, null=True, on_delete=models.CASCADE, related_name="evidence")
    standing = models.ForeignKey(
        StandingExemption, null=True, on_delete=models.CASCADE, related_name="evidence"
    )
    file_name = models.CharField(max_length=100)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="exemptionevidence_size_sane", condition=Q(size__gte=1, size__lte=5_000_000)
            ),
            models.CheckConstraint(
                name="exemptionevidence_one_owner",
                condition=Q(exemption__isnull=False, standing__isnull=True)
                | Q(exemption__isnull=True, standing__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"evidence {self.pk}"


class ExemptionHolder(models.Model):
    """Whose exemptions of a ground are counted (年度に12回まで): locked while one is granted, so that none is granted
    beyond the number. Nothing is kept here."""

    resident = models.OneToOneField("accounts.Resident", null=True, on_delete=models.CASCADE)
    group = models.OneToOneField("accounts.Group", null=True, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="exemptionholder_one_party",
                condition=Q(resident__isnull=False, group__isnull=True)
                | Q(resident__isnull=True, group__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"holder {self.pk}"
