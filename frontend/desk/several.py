"""Baskets and series at the desk: staff collect and apply for somebody on the phone, and look after their series."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock_now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.groups.queries import memberships_of
from accounts.models import Resident
from booking.basket.queries import application_view
from booking.errors import ReservationNotFound
from booking.parties import Party
from booking.series.errors import SeriesNotFound
from booking.series.planning import visible_series
from booking.series.queries import halls_of, series_at
from facilities.details import Details
from facilities.queries import RoomFacts
from frontend.access import StaffRequest, desk_page
from frontend.desk.halls import my_room
from frontend.resident.choices import ChosenTime
from frontend.several import basket_pages, series_after, series_pages
from frontend.several.collecting import keep, series_query
from frontend.several.who import Customer, CustomersGroup, Who

_KEY = "desk_customer"


def serve(request: StaffRequest, resident: Resident, channel: str) -> Who:
    """Remember for whom the next pages are, and return who they are."""
    request.session[_KEY] = {"resident": resident.pk, "group": None, "channel": channel}
    return _customer(request)


def collect(
    request: StaffRequest, who: Who, room: RoomFacts, day: date, chosen: ChosenTime, now: datetime
) -> HttpResponse:
    """Put a time of the day's form into the customer's basket, or go on to a series of it.

    Raises BasketFull, InvalidPeriod, RoomNotBookable.
    """
    if request.POST.get("step") == "series":
        return redirect(f"{who.page('series-new')}?{series_query(room, day, chosen)}")
    keep(who, room, day, chosen, Details(), now)
    return redirect(who.page("basket"))


@desk_page
@require_POST
def customer(request: StaffRequest) -> HttpResponse:
    """Act for the customer themselves, or for one of their groups."""
    who, chosen = _customer(request), request.POST.get("group", "")
    groups = {str(one.id): one.id for one in who.customer.groups} if who.customer else {}
    request.session[_KEY] = {**request.session[_KEY], "group": groups.get(chosen)}
    return redirect(_customer(request).page("basket"))


@desk_page
@require_safe
def basket(request: StaffRequest) -> HttpResponse:
    """What is in the customer's basket."""
    return basket_pages.basket_page(request, _customer(request), clock_now())


@desk_page
@require_POST
def basket_item(request: StaffRequest, item_id: int) -> HttpResponse:
    """Take a thing out, or put another in its place."""
    return basket_pages.change_basket(request, _customer(request), item_id, clock_now())


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def basket_use(request: StaffRequest) -> HttpResponse:
    """What all of it is for."""
    return basket_pages.use_page(request, _customer(request), clock_now())


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def basket_check(request: StaffRequest) -> HttpResponse:
    """Check and apply."""
    return basket_pages.check_page(request, _customer(request), clock_now())


@desk_page
@require_safe
def basket_done(request: StaffRequest, ref: UUID) -> HttpResponse:
    """What was booked."""
    who = _customer(request)
    halls = {part.room.facility_id for part in application_view(ref=ref, actor=who.actor).parts}
    if not all(request.staff.works_at(hall) for hall in halls):
        raise ReservationNotFound
    return basket_pages.done_page(request, who, ref, clock_now())


@desk_page
@require_safe
def series_list(request: StaffRequest) -> HttpResponse:
    """The series at this person's halls."""
    halls = None if request.staff.is_admin else request.staff.facility_ids
    who = Who(Party(0), request.staff.actor, "desk")
    facts = {"who": who, "base": who.base, "lines": series_at(facility_ids=halls)}
    return render(request, "several/series_list.html", facts)


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def series_new(request: StaffRequest) -> HttpResponse:
    """How the first day comes back."""
    who, now = _customer(request), clock_now()
    first = series_pages.first_of(request.GET, now)
    if first is None:
        raise Http404
    my_room(request.staff, first.room.facility_key, first.room.key)
    return series_pages.new_page(request, who, first, now)


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def series_edit(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The rhythm of a draft again."""
    return series_pages.edit_page(request, _of_series(request, ref), ref, clock_now())


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def series_use(request: StaffRequest, ref: UUID) -> HttpResponse:
    """What the rooms are for."""
    return series_pages.use_page(request, _of_series(request, ref), ref, clock_now())


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def series_dates(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Every date; apply, some against the rules with a reason."""
    return series_pages.dates_page(request, _of_series(request, ref), ref, clock_now())


@desk_page
@require_safe
def series(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The series as it is now."""
    return series_after.series_page(request, _of_series(request, ref), ref, clock_now())


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def series_cancel(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Cancel some dates, with a reason."""
    return series_after.cancel_page(request, _of_series(request, ref), ref, clock_now())


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def series_move(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Move some dates."""
    return series_after.move_page(request, _of_series(request, ref), ref, clock_now())


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def series_date(request: StaffRequest, ref: UUID, date_id: int) -> HttpResponse:
    """Add a date later."""
    return series_after.date_page(request, _of_series(request, ref), ref, date_id, clock_now())


@desk_page
@require_POST
def series_again(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The same again, from where it ends."""
    return series_after.renew(request, _of_series(request, ref), ref, clock_now())


def _customer(request: StaffRequest) -> Who:
    """Return for whom this member of staff collects; 404 where nobody was chosen."""
    kept = request.session.get(_KEY) or {}
    resident = Resident.objects.filter(pk=kept.get("resident", 0)).first()
    if resident is None:
        raise Http404
    return _who(request, resident, kept.get("group"), kept.get("channel", "desk"))


def _of_series(request: StaffRequest, ref: UUID) -> Who:
    """Return for whom a series is, if staff work at its halls. Raises SeriesNotFound."""
    found = visible_series(ref, request.staff.actor)
    if not all(request.staff.works_at(hall) for hall in halls_of(found)):
        raise SeriesNotFound
    who = _who(request, found.resident, found.group_id, found.channel)
    return replace(who, customer=None)


def _who(request: StaffRequest, resident: Resident, group_id: int | None, channel: str) -> Who:
    staff = request.staff
    groups = tuple(CustomersGroup(one.group_id, one.name) for one in memberships_of(resident_id=resident.pk))
    return Who(
        Party(resident.pk, group_id),
        staff.actor,
        channel,
        customer=Customer(resident.name, groups),
        halls=None if staff.is_admin else staff.facility_ids,
    )
