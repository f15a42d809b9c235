"""Work of the worker that makes papers."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils.timezone import now as clock_now

from booking.models import Permit
from booking.reviewing.permits import keep_pdf, settle_permit
from frontend.addresses import site_address
from frontend.documents.permits import permit_pdf
from tenants.jobs import job


@job(settings.PERMIT_JOB)
def settle(ref: str) -> None:
    """Issue, renew or revoke the permit of a reservation, and draw it; may run again, and then draws the same."""
    permit_id = settle_permit(ref=UUID(ref), now=clock_now())
    if permit_id is None:
        return
    permit = Permit.objects.get(pk=permit_id)
    municipality = connection.tenant  # type: ignore[attr-defined]
    pdf = permit_pdf(permit, site=site_address(municipality), zone=ZoneInfo(municipality.time_zone))
    keep_pdf(permit_id=permit.pk, reissues=permit.reissues, pdf=pdf)
