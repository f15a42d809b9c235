"""Who waits for the times of a hall's day, and what was cancelled of it and is offered to them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now as clock_now
from django.views.decorators.http import require_safe

from booking.waiting.queries import releases_for_day, waits_for_day
from frontend.access import StaffRequest, desk_page
from frontend.desk.halls import my_hall, read_day


@desk_page
@require_safe
def waiting(request: StaffRequest, facility_key: str, day: str) -> HttpResponse:
    """Show waits and releases of one day of one hall."""
    facility, at, now = my_hall(request.staff, facility_key), read_day(day), clock_now()
    facts = {
        "facility": facility,
        "day": at,
        "now": now,
        "waits": waits_for_day(facility_id=facility.pk, day=at, now=now),
        "releases": releases_for_day(facility_id=facility.pk, day=at),
    }
    return render(request, "desk/waiting.html", facts)
