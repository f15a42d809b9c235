"""What was typed for a held time, kept in the session until the booking is confirmed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from booking.queries import ReservationView, last_reservation

_KEY = "drafts"
_MOST_DRAFTS = 5


def keep_draft(request: HttpRequest, ref: UUID, purpose: str, headcount: int) -> None:
    """Remember purpose and headcount for a hold."""
    drafts = dict(request.session.get(_KEY, {}))
    drafts[str(ref)] = {"purpose": purpose, "headcount": headcount}
    request.session[_KEY] = dict(list(drafts.items())[-_MOST_DRAFTS:])


def draft_of(request: HttpRequest, held: ReservationView) -> dict[str, Any]:
    """Return what was typed for this hold, else nothing."""
    kept = request.session.get(_KEY, {}).get(str(held.ref))
    return dict(kept) if kept else {}


def forget_draft(request: HttpRequest, ref: UUID) -> None:
    """Forget what was typed for a hold."""
    drafts = dict(request.session.get(_KEY, {}))
    if drafts.pop(str(ref), None):
        request.session[_KEY] = drafts


def usual_use(resident_id: int) -> dict[str, Any]:
    """Return purpose and headcount of the resident's last booking, to start from; nothing for a newcomer."""
    last = last_reservation(resident_id=resident_id)
    return {"purpose": last.purpose, "headcount": last.headcount} if last else {}
