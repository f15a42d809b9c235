"""The day sheet: today at my hall, any other day, and the list of halls for those who work at several."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.views.decorators.http import require_safe

from booking.day_sheet import day_sheet
from facilities.periods import local
from frontend.access import StaffRequest, desk_page
from frontend.desk.grid import grid_of
from frontend.desk.halls import my_hall, my_halls, read_day
from frontend.desk.tasks import tasks_of
from tenants.context import current_zone


def _today() -> date:
    return local(clock_now(), current_zone())[0]


@desk_page
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """Go to today at my hall, or let those who work at several choose."""
    halls = my_halls(request.staff)
    if len(halls) == 1:
        return _to_day(halls[0].key, _today())
    facts = {"halls": halls, "today": _today(), "tasks": tasks_of(request.staff)}
    return render(request, "desk/halls.html", facts)


@desk_page
@require_safe
def hall(request: StaffRequest, facility_key: str) -> HttpResponse:
    """Go to the day asked for by the date field, or to today."""
    facility = my_hall(request.staff, facility_key)
    asked = request.GET.get("day", "")
    return _to_day(facility.key, read_day(asked) if asked else _today())


@desk_page
@require_safe
def sheet(request: StaffRequest, facility_key: str, day: str) -> HttpResponse:
    """Show one day of one hall; a background refresh gets only the sheet itself."""
    facility = my_hall(request.staff, facility_key)
    now = clock_now()
    present = local(now, current_zone())
    grid = grid_of(day_sheet(facility_id=facility.pk, day=read_day(day), now=now), present=present)
    halls = my_halls(request.staff)
    facts = {"facility": facility, "halls": halls, "grid": grid, "now": now, "today": present[0]}
    if request.htmx:
        return render(request, "desk/_sheet.html", facts)
    return render(request, "desk/sheet.html", facts | {"tasks": tasks_of(request.staff)})


def _to_day(facility_key: str, day: date) -> HttpResponseRedirect:
    return redirect("desk:sheet", facility_key=facility_key, day=day.isoformat())
