"""What was typed for a held time, kept in the session until the booking is confirmed."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from booking.queries import ReservationView, class_of_hirer, last_reservation
from facilities.details import Details
from facilities.periods import local

_KEY = "drafts"
_MOST_DRAFTS = 5
_PARTS = {one.name for one in fields(Details)}


def keep_draft(request: HttpRequest, ref: UUID, purpose: str, details: Details) -> None:
    """Remember the own words and all else that was said for a hold."""
    drafts = dict(request.session.get(_KEY, {}))
    drafts[str(ref)] = {"purpose": purpose, "details": asdict(details)}
    request.session[_KEY] = dict(list(drafts.items())[-_MOST_DRAFTS:])


def draft_of(request: HttpRequest, held: ReservationView) -> dict[str, Any]:
    """Return what was typed for this hold: purpose, headcount and details; else nothing."""
    kept = request.session.get(_KEY, {}).get(str(held.ref))
    if not kept or "details" not in kept:
        return {}
    details = Details(**{key: value for key, value in kept["details"].items() if key in _PARTS})
    return {"purpose": kept["purpose"], "headcount": details.headcount, "details": details}


def forget_draft(request: HttpRequest, ref: UUID) -> None:
    """Forget what was typed for a hold."""
    drafts = dict(request.session.get(_KEY, {}))
    if drafts.pop(str(ref), None):
        request.session[_KEY] = drafts


def usual_use(held: ReservationView) -> dict[str, Any]:
    """Return what to start from: the resident's last booking, and what was said before the time was held.

    The answers to a hall's rules are those of a booking of the same hall; extras, which cost money, those of the
    same room.
    """
    last = last_reservation(resident_id=held.resident.id)
    before = Details(applicant_class=class_of_hirer(held))
    if last and last.room.facility_id == held.room.facility_id:
        before = replace(last.details, extras=last.details.extras if last.room.id == held.room.id else {})
    own_words = {"purpose": last.purpose, "headcount": last.headcount} if last else {}
    return own_words | {"details": _over(held, before)}


def _over(held: ReservationView, before: Details) -> Details:
    """What was said before the time was held, and for the rest what was said last time."""
    said, room = held.details, held.agreed_room
    own_class = room.rules_on(local(held.starts_at, room.zone)[0]).class_of(class_of_hirer(held))
    is_said = said.applicant_class != own_class
    return Details(
        purpose=said.purpose or before.purpose,
        answers={**before.answers, **said.answers},
        extras=before.extras,
        applicant_class=said.applicant_class if is_said else before.applicant_class,
    )
