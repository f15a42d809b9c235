"""What becomes of an open application for exemption when its reservation ends."""

from __future__ import annotations

from datetime import datetime

from booking.models import Exemption

OPEN = (Exemption.State.APPLIED, Exemption.State.RELAYED)


def is_waiting(reservation_id: int) -> bool:
    """Whether an application for exemption still has to be decided: until then nobody loses a reservation for not
    having paid, because its price may still fall. The decision gives new days to pay.
    """
    return Exemption.objects.filter(reservation_id=reservation_id, state__in=OPEN).exists()


def close_applications(reservation_id: int, *, now: datetime) -> None:
    """End the open application of a reservation that ends: there is nothing left to decide. Called where its row is
    ended. What was granted stays written; it counts no more, because the use does not take place.
    """
    Exemption.objects.filter(reservation_id=reservation_id, state__in=OPEN).update(
        state=Exemption.State.WITHDRAWN, closed_at=now
    )
