"""All closures of the municipality: what is to come, a new one, and lifting one."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from booking.closing import lift_closure
from booking.queries import closures_for_staff
from facilities.queries import staff_facilities
from frontend.access import StaffRequest, console_page
from frontend.answers import carry_out
from frontend.desk.closures import close_from, closure_form
from frontend.desk.halls import my_hall

_DAYS_BACK = timedelta(days=30)


@console_page
@require_safe
def closures(request: StaffRequest) -> HttpResponse:
    """List closures of the last month and to come."""
    views = closures_for_staff(until=clock_now() - _DAYS_BACK, lifted=True)
    return render(request, "console/closures.html", {"closures": views, "halls": staff_facilities(None)})


@console_page
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: StaffRequest, facility_key: str) -> HttpResponse:
    """Close rooms of a hall, or all of them; reservations in the way are named and nothing is closed."""
    hall = my_hall(request.staff, facility_key)
    form = closure_form(request, hall)

    def act() -> HttpResponse:
        close_from(form, hall, request.staff)
        messages.success(request, _("使用停止にしました。"))
        return redirect("console:closures")

    return carry_out(request, form, act, "console/close.html", {"form": form, "hall": hall})


@console_page
@require_POST
def lift(request: StaffRequest, closure_id: int) -> HttpResponse:
    """Put the rooms of a closure back into use."""
    lift_closure(closure_id=closure_id, staff_id=request.staff.id, now=clock_now())
    messages.success(request, _("使用停止をやめました。部屋はまた使えます。"))
    return redirect("console:closures")
