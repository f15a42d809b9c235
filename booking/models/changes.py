"""What a reservation was before each change, so that its price and its history are kept."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Change(models.Model):
    """One change (変更) of a reservation: what it was until then. Only ever added to.

    ``sequence`` is the reservation's after the change. ``own``: asked for by the applicant; the rules count these
    (how often a booking may be changed), not what the hall had to move.
    """

    reservation = models.ForeignKey("booking.Reservation", on_delete=models.PROTECT, related_name="changes")
    sequence = models.PositiveIntegerField()
    room = models.ForeignKey("facilities.Room", on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=10)
    # What was said of the use then, by the names of the reservation's columns.
    said = models.JSONField()
    price_yen = models.PositiveIntegerField(null=True)
    quote = models.JSONField(null=True)
    rule_version = models.ForeignKey("facilities.RuleVersion", on_delete=models.PROTECT, related_name="+")
    # What changing cost and moved, in yen: the rules' fee for it, more to pay (fee included), less to pay.
    fee_yen = models.PositiveIntegerField(default=0)
    pay_yen = models.PositiveIntegerField(default=0)
    refund_yen = models.PositiveIntegerField(default=0)
    own = models.BooleanField(default=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField()
    at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["reservation", "sequence"], name="change_once"),
            models.CheckConstraint(name="change_period_sane", condition=Q(starts_at__lt=F("ends_at"))),
            models.CheckConstraint(name="change_fee_is_paid", condition=Q(fee_yen__lte=F("pay_yen"))),
        ]

    def __str__(self) -> str:
        return f"{self.reservation_id} change {self.sequence}"
