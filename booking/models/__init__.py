"""What booking keeps: reservations with their claims and history, applications, mails sent, trials of rules."""

from __future__ import annotations

from booking.models.applications import Application
from booking.models.baskets import BasketItem
from booking.models.changes import Change
from booking.models.displacements import Displaced, Displacement
from booking.models.exemptions import Exemption, ExemptionEvidence, ExemptionHolder, StandingExemption
from booking.models.penalties import Appeal, Measure, Offence
from booking.models.reservations import (
    CalendarFeed,
    Claim,
    Closure,
    IdempotencyKey,
    Reservation,
    Transition,
)
from booking.models.reviews import Permit, PermitCounter, Review
from booking.models.series import Series, SeriesDate
from booking.models.trials import RuleTrial
from booking.models.waiting import Offer, Release, Wait

__all__ = [
    "Appeal",
    "Application",
    "BasketItem",
    "CalendarFeed",
    "Change",
    "Claim",
    "Closure",
    "Displaced",
    "Displacement",
    "Exemption",
    "ExemptionEvidence",
    "ExemptionHolder",
    "IdempotencyKey",
    "Measure",
    "Offence",
    "Offer",
    "Permit",
    "PermitCounter",
    "Release",
    "Reservation",
    "Review",
    "RuleTrial",
    "Series",
    "SeriesDate",
    "StandingExemption",
    "Transition",
    "Wait",
]
