"""All reservations of the municipality: search, page by page, and the same as a CSV file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.timezone import now as clock_now
from django.views.decorators.http import require_safe

from booking.queries import ReservationView, search_reservations
from facilities.periods import local
from facilities.queries import staff_facilities
from frontend.access import StaffRequest, console_page
from frontend.console.csv_rows import HEADER, csv_line, csv_row
from frontend.console.forms import SearchForm
from tenants.context import current_zone, inside
from tenants.models import Municipality

PAGE = 50
_CSV_BATCH = 500
Place = tuple[datetime, int]


@console_page
@require_safe
def search(request: StaffRequest) -> HttpResponse:
    """Show reservations that fit, latest first, 50 on a page."""
    form = SearchForm(request.GET or None, halls=staff_facilities(None))
    asked = _asked(form)
    found = search_reservations(**asked, before=_place(request.GET.get("before", "")), limit=PAGE + 1)
    shown, more = found[:PAGE], len(found) > PAGE
    query = {name: str(value) for name, value in request.GET.items() if name != "before" and value}
    facts = {
        "form": form,
        "reservations": shown,
        "next_page": urlencode({**query, "before": _write_place(shown[-1])}) if more else "",
        "csv_query": urlencode(query),
        "later_page": bool(request.GET.get("before")),
        "first_page": urlencode(query),
    }
    return render(request, "console/reservations.html", facts, status=422 if form.errors else 200)


@console_page
@require_safe
def download(request: StaffRequest) -> HttpResponseBase:
    """Send what the search finds as CSV for spreadsheets (UTF-8 with BOM), row by row."""
    form = SearchForm(request.GET or None, halls=staff_facilities(None))
    asked = _asked(form)
    if form.errors:
        return search(request)
    today = local(clock_now(), current_zone())[0]
    municipality: Municipality = request.tenant  # type: ignore[attr-defined]
    name = f"yoyaku-{municipality.lg_code}-{today:%Y%m%d}.csv"
    return StreamingHttpResponse(
        _lines(municipality, asked),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(municipality: Municipality, asked: dict[str, Any]) -> Iterator[str]:
    """The rows of the file. The response is sent after the request has left the municipality's schema, so each
    batch is read inside it again; nothing is yielded from inside."""
    yield "\ufeff" + csv_line(HEADER)
    before: Place | None = None
    while True:
        with inside(municipality):
            batch = search_reservations(**asked, before=before, limit=_CSV_BATCH)
            lines = [csv_line(csv_row(view)) for view in batch]
        yield from lines
        if len(batch) < _CSV_BATCH:
            return
        before = (batch[-1].starts_at, batch[-1].id)


def _asked(form: SearchForm) -> dict[str, Any]:
    if not form.is_bound or not form.is_valid():
        return {}
    given = form.cleaned_data
    return {
        "facility_ids": [given["hall"]] if given["hall"] else None,
        "text": given["text"],
        "status": given["status"],
        "first": given["first"],
        "last": given["last"],
    }


def _write_place(view: ReservationView) -> str:
    return f"{int(view.starts_at.timestamp())}.{view.id}"


def _place(text: str) -> Place | None:
    """Read where the page before ended; nonsense begins at the first page."""
    seconds, _dot, row_id = text.partition(".")
    if not (seconds.isdecimal() and row_id.isdecimal() and len(seconds) <= 11 and len(row_id) <= 18):
        return None
    return datetime.fromtimestamp(int(seconds), tz=current_zone()), int(row_id)
