"""What follows when a charge is fully paid: whoever booked is told, once for all that was paid together."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from booking.models import Reservation
from booking.telling import tell
from payments.collected import Collected, last_collected

# Who pays at the desk has the receipt in hand.
_AT_DESK = "desk_cash"


@transaction.atomic
def tell_of_payment(*, subject: UUID, now: datetime) -> None:
    """Tell of the money that paid a reservation; a charge that is none, or paid at the desk, is passed over."""
    paid = last_collected(subject)
    reservation = Reservation.objects.filter(ref=subject).first()
    if reservation is None or paid is None or paid.gateway == _AT_DESK:
        return
    facts = {"yen": str(paid.yen)}
    if paid.together > 1:
        facts["count"] = str(paid.together)
    if paid.attempt_ref:
        facts["path"] = f"/my/pay/{paid.attempt_ref}/"
    tell("payment_received", now=now, reservation_ref=subject, facts=facts, occasion=_occasion(paid))


def _occasion(paid: Collected) -> str:
    return f"attempt {paid.attempt_ref}" if paid.attempt_ref else f"entry {paid.entry_id}"
