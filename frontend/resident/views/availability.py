"""What is free: the municipality's halls, one hall, one day of a hall, one room on one day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from facilities.queries import RoomFacts, facility_by_key, open_facilities, room_by_key, rooms_of
from frontend.middleware import log_refusal
from frontend.resident import pages
from frontend.resident.choices import write_time
from frontend.resident.days import first_free_day, read_day
from frontend.resident.forms import TimeForm
from frontend.resident.people import asker_of, resident_of, send_to_register
from frontend.resident.submitting import hold_once
from tenants.errors import Refusal


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The municipality's halls; for a resident also what comes next and "same as last time"."""
    resident = resident_of(request)
    context: dict[str, Any] = {"facilities": open_facilities()}
    if resident:
        context |= pages.of_resident(resident, timezone.now())
    return render(request, "resident/home.html", context)


@require_safe
def hall(request: HttpRequest, facility_key: str) -> HttpResponse:
    """One hall: its days and its rooms."""
    facility = facility_by_key(facility_key)
    context = pages.of_hall(facility, rooms_of(facility.pk), asker_of(request, timezone.now()))
    return render(request, "resident/hall.html", context)


@require_safe
def hall_day(request: HttpRequest, facility_key: str, day: str) -> HttpResponse:
    """Every room of a hall on one day: "any free room"."""
    facility, now = facility_by_key(facility_key), timezone.now()
    rooms = rooms_of(facility.pk)
    context = pages.of_hall_day(facility, rooms, read_day(day, now), asker_of(request, now))
    return render(request, "resident/hall_day.html", context)


@require_safe
def room(request: HttpRequest, facility_key: str, room_key: str) -> HttpResponse:
    """One room, open on the first day on which it is free."""
    found, now = room_by_key(facility_key, room_key), timezone.now()
    asker = asker_of(request, now)
    context = pages.of_room(found, first_free_day(rooms=[found], asker=asker), asker, request.GET)
    return render(request, "resident/room.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def room_day(request: HttpRequest, facility_key: str, room_key: str, day: str) -> HttpResponse:
    """One room on one day; a POST holds the chosen time, and shows this page again when that is refused."""
    found, now = room_by_key(facility_key, room_key), timezone.now()
    at = read_day(day, now)
    if request.method == "POST":
        return _choose(request, found, at, now)
    context = pages.of_room(found, at, asker_of(request, now), request.GET)
    return render(request, "resident/room.html", context)


def _choose(request: HttpRequest, found: RoomFacts, at: date, now: datetime) -> HttpResponse:
    """Hold the time of the form, after signing in if need be (the choice stays in the address)."""
    form = TimeForm(request.POST)
    if not form.is_valid():
        context = pages.of_room(found, at, asker_of(request, now), request.POST) | {"form": form}
        return render(request, "resident/room.html", context, status=422)
    period = form.cleaned_data["time"]
    elsewhere = send_to_register(request, f"{request.path}?{urlencode({'time': write_time(*period)})}")
    if elsewhere:
        return elsewhere
    try:
        return redirect("hold", hold_once(request, found, at, period, now))
    except Refusal as refusal:
        log_refusal(refusal)
        context = pages.of_refused(found, at, period, refusal, asker_of(request, now))
        return render(request, "resident/room.html", context, status=refusal.status)
