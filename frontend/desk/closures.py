"""Take rooms out of use for a time, and put them back."""

from __future__ import annotations

from typing import TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.roles import StaffMember
from booking.closing import close_rooms, lift_closure
from booking.displacing.queries import displacement_of_closure
from booking.errors import ClosureNotFound
from booking.queries import ClosureView, closure_for_staff
from facilities.models import Facility
from facilities.periods import local
from facilities.queries import staff_rooms
from frontend.access import StaffRequest, desk_page
from frontend.answers import carry_out
from frontend.desk.forms import ClosureForm
from frontend.desk.halls import my_hall, read_day
from tenants.context import current_zone

AnyClosureForm = TypeVar("AnyClosureForm", bound=ClosureForm)


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: StaffRequest, facility_key: str) -> HttpResponse:
    """Ask which rooms, from when until when and why; refuse when reservations are in the way, naming them."""
    hall = my_hall(request.staff, facility_key)
    form = closure_form(request, hall)

    def act() -> HttpResponse:
        close_from(form, hall, request.staff)
        messages.success(request, _("部屋を使用停止にしました。"))
        return redirect("desk:sheet", facility_key=hall.key, day=form.cleaned_data["first"].isoformat())

    return carry_out(request, form, act, "desk/close.html", {"form": form, "hall": hall})


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def closure(request: StaffRequest, closure_id: int) -> HttpResponse:
    """Show a closure; lift it."""
    view = my_closure(request.staff, closure_id)
    day = local(view.starts_at, current_zone())[0]
    if request.method == "POST":
        lift_closure(closure_id=closure_id, staff_id=request.staff.id, now=clock_now())
        messages.success(request, _("使用停止をやめました。部屋はまた使えます。"))
        return redirect("desk:sheet", facility_key=view.facility_key, day=day.isoformat())
    facts = {"view": view, "day": day, "displacement": displacement_of_closure(closure_id)}
    return render(request, "desk/closure.html", facts)


def my_closure(staff: StaffMember, closure_id: int) -> ClosureView:
    """Return a closure at one of this person's halls. Raises ClosureNotFound."""
    view = closure_for_staff(closure_id=closure_id)
    if not staff.works_at(view.facility_id):
        raise ClosureNotFound
    return view


def closure_form(request: StaffRequest, hall: Facility) -> ClosureForm:
    """Return the form for a hall, opened on ``?day=`` or today, with ``?room=`` chosen."""
    return form_for_hall(ClosureForm, request, hall)


def form_for_hall(kind: type[AnyClosureForm], request: StaffRequest, hall: Facility) -> AnyClosureForm:
    """Return a form like ``closure_form``, of this kind."""
    asked = request.GET.get("day", "")
    zone = current_zone()
    day = read_day(asked) if asked else local(clock_now(), zone)[0]
    rooms = staff_rooms(hall.pk)
    return kind(
        request.POST if request.method == "POST" else None,
        initial={"rooms": [room.id for room in rooms if room.key == request.GET.get("room")]},
        rooms=rooms,
        zone=zone,
        day=day,
    )


def close_from(form: ClosureForm, hall: Facility, staff: StaffMember) -> None:
    """Carry out a valid form. Raises RoomsInUse and the other refusals of close_rooms."""
    starts_at, ends_at = form.period
    close_rooms(
        facility_id=hall.pk,
        room_ids=form.cleaned_data["rooms"],
        starts_at=starts_at,
        ends_at=ends_at,
        reason=form.cleaned_data["reason"],
        staff_id=staff.id,
        now=clock_now(),
    )
