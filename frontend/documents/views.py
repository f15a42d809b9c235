"""Pages of papers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from booking.models import Permit, Reservation
from booking.queries import reservation_of
from booking.reviewing.content import same_use
from booking.reviewing.errors import PermitNotFound
from booking.reviewing.permits import OVER, pdf_of, permit_of_token
from frontend.documents.permits import number_line
from frontend.resident.people import for_resident


@require_safe
def verify_permit(request: HttpRequest, token: str) -> HttpResponse:
    """Tell anybody who scanned a permit whether it is true now; never whose it is."""
    permit = _permit_of(token)
    facts = {"state": truth_of(permit), "permit": permit, **(_facts(permit) if permit else {})}
    answer = render(request, "documents/verify_permit.html", facts, status=200 if permit else 404)
    patch_cache_control(answer, private=True, no_store=True)
    answer["X-Robots-Tag"] = "noindex"
    return answer


@require_safe
@for_resident
def my_permit(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The permit of one's own reservation, or of one's group's."""
    reservation_of(resident_id=request.resident.pk, ref=ref)  # type: ignore[attr-defined]
    return pdf_answer(ref)


def truth_of(permit: Permit | None) -> str:
    """In one word: valid, cancelled, changed (another one took its place), or unknown."""
    if permit is None:
        return "unknown"
    if permit.reservation.status in OVER or permit.revoked_because == "cancelled":
        return "cancelled"
    holds = permit.reservation.status == Reservation.Status.CONFIRMED
    if permit.revoked_at is not None or not (holds and same_use(permit.content, permit.reservation)):
        return "changed"
    return "valid"


def _permit_of(token: str) -> Permit | None:
    try:
        return permit_of_token(token)
    except PermitNotFound:
        return None


def _facts(permit: Permit) -> dict[str, Any]:
    content = permit.content
    times = {key: datetime.fromisoformat(content[key]) for key in ("starts_at", "ends_at")}
    return {"content": content, "number": number_line(permit), **times}


def pdf_answer(ref: UUID) -> HttpResponse:
    """The PDF of the permit that holds for a reservation. Raises PermitNotFound, PermitNotReady."""
    permit, pdf = pdf_of(ref=ref)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="permit-{permit.number}.pdf"'
    patch_cache_control(answer, private=True, no_store=True)
    return answer
