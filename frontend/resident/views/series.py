"""The resident's series: rhythm, questions, dates, then the series itself and what can be done with it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from booking.series.queries import series_of
from frontend.resident.people import for_resident
from frontend.several import series_after, series_pages
from frontend.several.who import resident_who


@require_safe
@for_resident
def series_list(request: HttpRequest) -> HttpResponse:
    """All series of the resident and of their groups."""
    lines = series_of(resident_id=request.resident.pk)  # type: ignore[attr-defined]
    who = resident_who(request)
    facts = {"who": who, "base": who.base, "section": "my", "lines": lines}
    return render(request, "several/series_list.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def new(request: HttpRequest) -> HttpResponse:
    """How a first day comes back; without one, the way to choose it."""
    now = timezone.now()
    first = series_pages.first_of(request.GET, now)
    if first is None:
        messages.info(request, _("部屋と最初の日と時間をえらんで、「くり返して予約する」を押してください。"))
        return redirect("home")
    return series_pages.new_page(request, resident_who(request), first, now)


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def edit(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The rhythm of a draft again."""
    return series_pages.edit_page(request, resident_who(request), ref, timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def use(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What the rooms are for."""
    return series_pages.use_page(request, resident_who(request), ref, timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def dates(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Every date; apply."""
    return series_pages.dates_page(request, resident_who(request), ref, timezone.now())


@require_safe
@for_resident
def series(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The series as it is now."""
    return series_after.series_page(request, resident_who(request), ref, timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def cancel(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Cancel some dates."""
    return series_after.cancel_page(request, resident_who(request), ref, timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def move(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Move some dates."""
    return series_after.move_page(request, resident_who(request), ref, timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def date(request: HttpRequest, ref: UUID, date_id: int) -> HttpResponse:
    """Add a date later."""
    return series_after.date_page(request, resident_who(request), ref, date_id, timezone.now())


@require_POST
@for_resident
def again(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The same again, from where it ends."""
    return series_after.renew(request, resident_who(request), ref, timezone.now())
