"""What is free: the municipality's halls, one hall, one day of a hall, one room on one day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from facilities.asking import early_questions_for
from facilities.hall_rules import hall_rules
from facilities.queries import RoomFacts, facility_by_key, open_facilities, room_by_key, rooms_of
from facilities.room_rules import Asker
from frontend.middleware import log_refusal
from frontend.resident import pages
from frontend.resident.acting import asker_at, class_at
from frontend.resident.days import first_free_day, read_day, today
from frontend.resident.early import EarlyForm
from frontend.resident.forms import TimeForm
from frontend.resident.people import asker_of, resident_of, send_to_register
from frontend.resident.submitting import hold_once
from frontend.several.collecting import collect
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
    facility, now = facility_by_key(facility_key), timezone.now()
    rooms = rooms_of(facility.pk)
    context = pages.of_hall(facility, rooms, _asker_in_hall(request, rooms, today(now), now))
    return render(request, "resident/hall.html", context)


@require_safe
def hall_day(request: HttpRequest, facility_key: str, day: str) -> HttpResponse:
    """Every room of a hall on one day: "any free room"."""
    facility, now = facility_by_key(facility_key), timezone.now()
    rooms, at = rooms_of(facility.pk), read_day(day, now)
    context = pages.of_hall_day(facility, rooms, at, _asker_in_hall(request, rooms, at, now))
    return render(request, "resident/hall_day.html", context)


def _asker_in_hall(request: HttpRequest, rooms: Sequence[RoomFacts], day: date, now: datetime) -> Asker:
    """Who asks, for all rooms of a hall: they have one rule book."""
    return asker_at(request, now, rooms[0], day) if rooms else asker_of(request, now)


@require_safe
def hall_rules_page(request: HttpRequest, facility_key: str) -> HttpResponse:
    """The rules of a hall in sentences and tables, as they hold today."""
    facility = facility_by_key(facility_key)
    told = hall_rules(facility, today(timezone.now()))
    return render(
        request, "resident/rules.html", {"facility": facility, "told": told, "chapters": told.chapters}
    )


@require_safe
def room(request: HttpRequest, facility_key: str, room_key: str) -> HttpResponse:
    """One room, open on the first day on which it is free."""
    found, now = room_by_key(facility_key, room_key), timezone.now()
    early = _early(request, found, today(now), request.GET)
    asker = asker_at(request, now, found, today(now), early.details())
    context = pages.of_room(found, first_free_day(rooms=[found], asker=asker), asker, request.GET, early)
    return render(request, "resident/room.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def room_day(request: HttpRequest, facility_key: str, room_key: str, day: str) -> HttpResponse:
    """One room on one day: choose a time (GET), and hold it (POST)."""
    found, now = room_by_key(facility_key, room_key), timezone.now()
    at = read_day(day, now)
    if request.method == "POST":
        return _choose(request, found, at, now)
    early = _early(request, found, at, request.GET)
    asker = asker_at(request, now, found, at, early.details())
    context = pages.of_room(found, at, asker, request.GET, early)
    return render(request, "resident/room.html", context)


def _early(request: HttpRequest, found: RoomFacts, day: date, given: QueryDict) -> EarlyForm:
    """What decides when the room can be had, as far as it was said."""
    questions = early_questions_for(found, day, own_class=class_at(request, found, day), channel="web")
    return EarlyForm(given, questions=questions)


def _choose(request: HttpRequest, found: RoomFacts, at: date, now: datetime) -> HttpResponse:
    """Hold the time of the form, after signing in if need be (the choice stays in the address)."""
    form, early = TimeForm(request.POST), _early(request, found, at, request.POST)
    asker = asker_at(request, now, found, at, early.details())
    if not form.is_valid():
        context = pages.of_room(found, at, asker, request.POST, early) | {"form": form}
        return render(request, "resident/room.html", context, status=422)
    chosen = form.cleaned_data["time"]
    elsewhere = send_to_register(request, f"{request.path}?{urlencode({'time': chosen, **early.said})}")
    if elsewhere is not None:
        return elsewhere
    try:
        collected = collect(request, found, at, chosen, early.details(), now)
        return collected or redirect("hold", hold_once(request, found, at, chosen, now, early.details()))
    except Refusal as refusal:
        log_refusal(refusal)
        context = pages.of_refused(found, at, chosen, refusal, asker, early)
        return render(request, "resident/room.html", context, status=refusal.status)
