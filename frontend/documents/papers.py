"""What a page says of the papers of a reservation: its review and its permit."""

from __future__ import annotations

from typing import Any

from booking.queries import ReservationView
from booking.reviewing.permits import permit_of
from booking.reviewing.queue import review_record
from facilities.ordinance import PermitDocument
from facilities.periods import local
from facilities.room_rules import permit_on
from frontend.documents.permits import number_line


def papers_of(view: ReservationView) -> dict[str, Any]:
    """The latest review of a reservation, the permit that holds for it with its number, and what permits are called."""
    permit = permit_of(reservation_id=view.id)
    return {
        "record": review_record(reservation_id=view.id),
        "permit": permit,
        "permit_number": number_line(permit) if permit else "",
        "permit_terms": terms_of(view),
    }


def terms_of(view: ReservationView) -> PermitDocument:
    """What the rules a reservation was made under say of its permit."""
    return permit_on(view.agreed_room, local(view.starts_at, view.room.zone)[0])
