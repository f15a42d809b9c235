"""Reviews (審査) of what was applied for, and the permits (使用許可書) that are issued."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from booking.models.reservations import Reservation


class Review(models.Model):
    """One application before staff: why the rules want it reviewed, who looked at it, who decided what.

    ``reasons`` is what the rules said when it was applied for (lists of ``facilities.ordinance.Reason``). Who notes
    a review and who decides may be two people; both are kept. ``instruction`` is the notice of appeal (教示) as it was
    given.
    """

    class State(models.TextChoices):
        APPLIED = "applied", "審査待ち"
        REVIEWED = "reviewed", "決裁待ち"
        PERMITTED = "permitted", "許可"
        REFUSED = "refused", "不許可"
        WITHDRAWN = "withdrawn", "取下げ"
        LAPSED = "lapsed", "期限切れ"

    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT, related_name="reviews")
    state = models.CharField(max_length=10, choices=State.choices, default=State.APPLIED)
    reasons = models.JSONField(default=list)
    applied_at = models.DateTimeField()
    # When the rules say it should be decided; empty: they do not say.
    decide_by = models.DateField(null=True)
    reviewer = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    opinion = models.TextField(blank=True)
    decider = models.ForeignKey("accounts.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    conditions = models.TextField(blank=True)
    refusal_reason = models.TextField(blank=True)
    instruction = models.TextField(blank=True)
    # Staff are warned once that the use comes near.
    warned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="review_open_once",
                fields=["reservation"],
                condition=Q(state__in=["applied", "reviewed"]),
            ),
            models.CheckConstraint(
                name="review_noted_by_somebody",
                condition=Q(reviewer__isnull=True, reviewed_at__isnull=True)
                | Q(reviewer__isnull=False, reviewed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="review_closed_has_moment",
                condition=Q(state__in=["applied", "reviewed"], closed_at__isnull=True)
                | (~Q(state__in=["applied", "reviewed"]) & Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="review_decided_by_somebody",
                condition=Q(state__in=["permitted", "refused"], decider__isnull=False)
                | (~Q(state__in=["permitted", "refused"]) & Q(decider__isnull=True)),
            ),
            models.CheckConstraint(
                name="review_refusal_has_reason", condition=~Q(state="refused", refusal_reason="")
            ),
        ]
        indexes = [
            models.Index(
                fields=["applied_at"], name="review_open", condition=Q(state__in=["applied", "reviewed"])
            )
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"


class Permit(models.Model):
    """The permit document of a reservation, as issued: its number, what it says, and its PDF.

    ``content`` is everything the document says, frozen; ``pdf`` is drawn from it by the worker (empty until then).
    ``token`` stands in the QR code and opens the page that says whether the document is true. A lost one is issued
    again with the same number (``reissues``); a changed or cancelled reservation's is revoked.
    """

    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT, related_name="permits")
    review = models.ForeignKey(Review, null=True, on_delete=models.PROTECT, related_name="permits")
    fiscal_year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    token = models.CharField(max_length=40, unique=True)
    content = models.JSONField()
    pdf = models.BinaryField(null=True)
    issued_at = models.DateTimeField()
    reissues = models.PositiveSmallIntegerField(default=0)
    reissued_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_because = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="permit_number_once", fields=["fiscal_year", "serial"]),
            models.UniqueConstraint(
                name="permit_valid_once", fields=["reservation"], condition=Q(revoked_at__isnull=True)
            ),
            models.CheckConstraint(
                name="permit_revoked_has_cause",
                condition=Q(revoked_at__isnull=True, revoked_because="")
                | Q(revoked_at__isnull=False, revoked_because__in=["cancelled", "changed", "revoked"]),
            ),
            models.CheckConstraint(
                name="permit_reissue_has_moment",
                condition=Q(reissues=0, reissued_at__isnull=True)
                | Q(reissues__gt=0, reissued_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """Its number in its fiscal year, e.g. ``2026-000012``."""
        return f"{self.fiscal_year}-{self.serial:06d}"


class PermitCounter(models.Model):
    """The last number given in a fiscal year. Its row is locked while one is given, so that no number is skipped."""

    fiscal_year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.fiscal_year}: {self.last}"
