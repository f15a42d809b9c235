"""Doors: which lock leads to which rooms."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from facilities.queries import staff_facilities
from frontend.access import StaffRequest, console_page
from locks.models import Door


@console_page
@require_safe
def doors(request: StaffRequest) -> HttpResponse:
    """List the doors of every hall with their rooms and the way they are opened."""
    found = (
        Door.objects.select_related("facility").prefetch_related("rooms").order_by("facility__position", "id")
    )
    rows = [
        (hall, [door for door in found if door.facility_id == hall.pk]) for hall in staff_facilities(None)
    ]
    return render(request, "console/doors.html", {"rows": rows})
