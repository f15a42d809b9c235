"""A refund went a step its payer should hear of: whoever booked is told how it stands."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from booking.models import Reservation
from booking.telling import tell
from payments.refunds.left_open import last_decision
from payments.refunds.queries import all_refunds_of


@transaction.atomic
def tell_of_refund(*, subject: UUID, now: datetime) -> None:
    """Tell how the refunds of a reservation stand; the same standing is told once. A charge that is none is passed
    over."""
    if not Reservation.objects.filter(ref=subject).exists():
        return
    standing = [f"{one.pk}:{one.state}" for one in all_refunds_of(subject)]
    decided = last_decision(subject)
    occasion = " ".join(["refunds", *standing, str(decided.pk) if decided else ""]).strip()
    tell("refund_news", now=now, reservation_ref=subject, occasion=occasion[-100:])
