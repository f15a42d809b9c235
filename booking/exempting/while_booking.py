"""Booking and applying for exemption in one act: both happen, or neither."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from booking.exempting.applying import apply_for_exemption
from booking.exempting.errors import (
    AlreadyAppliedFor,
    AlreadyExempted,
    ExemptionTooLate,
    ExemptionUsedUp,
    GroundUnfit,
    GroundUnknown,
    NothingToExempt,
    PriceNotByRules,
)
from booking.models import Exemption, Reservation
from booking.services import confirm_reservation
from booking.transactions import one_transaction
from facilities.details import Details

GROUND_REFUSALS = (
    ExemptionTooLate,
    ExemptionUsedUp,
    GroundUnfit,
    GroundUnknown,
    NothingToExempt,
    PriceNotByRules,
)


def confirm_with_exemption(
    *, ref: UUID, purpose: str, details: Details, ground: str, actor: Actor, now: datetime
) -> Reservation:
    """Turn a hold into a reservation and apply for exemption under ``ground`` (empty: no application).

    What was applied for already, or is granted by the rules anyway, is not applied for again. Raises what
    ``confirm_reservation`` raises, and GROUND_REFUSALS: then the time stays held.
    """
    with one_transaction():
        reservation = confirm_reservation(ref=ref, purpose=purpose, details=details, actor=actor, now=now)
        known = Exemption.objects.filter(reservation_id=reservation.pk)
        if not ground or known.filter(ground=ground).exists():
            return reservation
        try:
            apply_for_exemption(ref=ref, ground=ground, remark="", actor=actor, now=now)
        except (AlreadyAppliedFor, AlreadyExempted):
            return reservation
    return reservation
