"""Pages of papers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from booking.models import Permit, Reservation
from booking.queries import reservation_of
from booking.reviewing.content import same_use
from booking.reviewing.errors import PermitNotFound
from booking.reviewing.permits import pdf_of, permit_of_token
from frontend.documents.permits import number_line
from frontend.resident.people import for_resident


@require_safe
def verify_permit(request: HttpRequest, token: str) -> HttpResponse:
    """Tell anybody who scanned a permit whether it is true now; never whose it is."""
    try:
        permit: Permit | None = permit_of_token(token)
    except PermitNotFound:
        permit = None
    facts = {"state": truth_of(permit), "permit": permit}
    if permit is not None:
        content = permit.content
        facts |= {
            "content": content,
            "number": number_line(permit),
            "starts_at": datetime.fromisoformat(content["starts_at"]),
            "ends_at": datetime.fromisoformat(content["ends_at"]),
        }
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
    if permit.reservation.status != Reservation.Status.CONFIRMED or permit.revoked_because == "cancelled":
        return "cancelled"
    if permit.revoked_at is not None or not same_use(permit.content, permit.reservation):
        return "changed"
    return "valid"


def pdf_answer(ref: UUID) -> HttpResponse:
    """The PDF of the permit that holds for a reservation. Raises PermitNotFound, PermitNotReady."""
    permit, pdf = pdf_of(ref=ref)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="permit-{permit.number}.pdf"'
    patch_cache_control(answer, private=True, no_store=True)
    return answer
