"""The daily report of a hall (日計), to look at and to print."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.views.decorators.http import require_safe

from frontend.access import StaffRequest, desk_page
from frontend.desk.halls import my_hall, my_halls, read_day
from payments.cash.daily import daily_report
from payments.years import today_at


@desk_page
@require_safe
def halls(request: StaffRequest) -> HttpResponse:
    """Go to today's report of one's hall, or to the day and hall asked for."""
    found, today = my_halls(request.staff), today_at(clock_now())
    wanted = request.GET.get("hall", found[0].key if len(found) == 1 else "")
    if not wanted:
        return render(request, "desk/money/daily_halls.html", {"halls": found, "today": today})
    asked = request.GET.get("day", "")
    day = read_day(asked) if asked else today
    return redirect("desk:daily", facility_key=my_hall(request.staff, wanted).key, day=day.isoformat())


@desk_page
@require_safe
def daily(request: StaffRequest, facility_key: str, day: str) -> HttpResponse:
    """Show one day of one hall: by item and way, and what its drawers hold."""
    hall, when = my_hall(request.staff, facility_key), read_day(day)
    facts = {
        "hall": hall,
        "halls": my_halls(request.staff),
        "report": daily_report(facility_id=hall.pk, day=when),
        "before": when - timedelta(days=1),
        "after": when + timedelta(days=1),
        "now": clock_now(),
    }
    return render(request, "desk/money/daily.html", facts)
