"""Calendars: feeds for calendar programs (no log-in, a secret address), one reservation, and pages to manage feeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now as clock_now
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from booking.errors import FeedNotFound
from booking.feeds import create_feed, entries_of, feed_by_token, feeds_of, revoke_feed
from booking.models import CalendarFeed
from booking.queries import reservation_of
from facilities.queries import open_rooms
from frontend.access import StaffRequest, desk_page
from frontend.calendars import CONTENT_TYPE, feed_calendar, feed_etag, reservation_calendar
from frontend.desk.halls import my_halls
from frontend.resident.people import for_resident
from frontend.templatetags.machinoma import hall_of, name_of

_SHOWN_ONCE = "calendar_address"


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a calendar program; unchanged since its ETag: 304, and no calendar is written."""
    found = feed_by_token(token)
    entries = entries_of(found, now=clock_now())
    with override(_language_of(found)):
        parts = {
            "name": _feed_name(found, request.tenant.name),  # type: ignore[attr-defined]
            "source": request.build_absolute_uri(),
            "site": _site(request),
        }
        etag = feed_etag(entries, *parts.values())
        if etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
            return _feed_answer(HttpResponse(status=304), etag)
        return _feed_answer(HttpResponse(feed_calendar(entries, **parts), content_type=CONTENT_TYPE), etag)


@require_safe
@for_resident
def reservation_ics(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Download one's own reservation for a calendar."""
    view = reservation_of(resident_id=request.resident.pk, ref=ref)  # type: ignore[attr-defined]
    body = reservation_calendar(view, site=_site(request))
    response = HttpResponse(body, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = 'attachment; filename="yoyaku.ics"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def my_calendar(request: HttpRequest) -> HttpResponse:
    """The resident's own feed: open, change the address, close. The address is shown once."""
    resident_id: int = request.resident.pk  # type: ignore[attr-defined]
    if request.method == "POST":
        return _change(request, "my-calendar", {("resident", resident_id)})
    own = _Subject("resident", resident_id, "")
    context = {"rows": _rows(request, [own]), "section": "my"}
    return render(request, "calendars/my_calendar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def desk_calendar(request: StaffRequest) -> HttpResponse:
    """Feeds of the halls where a member of staff works, and of their rooms (busy only)."""
    halls = [_Subject("facility", hall.pk, name_of(hall)) for hall in my_halls(request.staff)]
    rooms = [
        _Subject("room", room.id, f"{name_of(room)}{_('（')}{hall_of(room)}{_('）')}")
        for room in open_rooms()
        if request.staff.works_at(room.facility_id)
    ]
    if request.method == "POST":
        return _change(request, "desk-calendar", {(one.kind, one.id) for one in [*halls, *rooms]})
    rows = _rows(request, [*halls, *rooms])
    context = {"halls": rows[: len(halls)], "rooms": rows[len(halls) :]}
    return render(request, "calendars/desk_calendar.html", context)


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a feed can be of."""

    kind: str
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class _Row:
    """A subject on the page: its feed if one is open, and the new address, this once."""

    subject: _Subject
    feed: CalendarFeed | None
    new: dict[str, str] | None


def _rows(request: HttpRequest, subjects: Sequence[_Subject]) -> list[_Row]:
    feeds = {
        (one.kind, one.resident_id or one.room_id or one.facility_id): one
        for one in feeds_of(user_id=request.user.pk or 0)
    }
    kind, subject_id, token = request.session.pop(_SHOWN_ONCE, None) or ("", 0, "")
    return [
        _Row(
            one,
            feeds.get((one.kind, one.id)),
            _addresses(request, token) if (one.kind, one.id) == (kind, subject_id) else None,
        )
        for one in subjects
    ]


def _change(request: HttpRequest, page: str, allowed: set[tuple[str, int]]) -> HttpResponse:
    """Open a feed (a former address stops working) or close one; anything not ``allowed`` does not exist."""
    user_id = request.user.pk or 0
    number = request.POST.get("id", "")
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    if request.POST.get("act") == "close":
        revoke_feed(feed_id=wanted, user_id=user_id, now=clock_now())
    else:
        kind = request.POST.get("kind", "")
        if (kind, wanted) not in allowed:
            raise FeedNotFound
        _feed, token = create_feed(kind=kind, subject_id=wanted, user_id=user_id, now=clock_now())
        request.session[_SHOWN_ONCE] = [kind, wanted, token]
    return redirect(page)


def _addresses(request: HttpRequest, token: str) -> dict[str, str]:
    """Return a feed's address as a link, for Apple (webcal) and for Google."""
    address = request.build_absolute_uri(reverse("calendar-feed", args=[token]))
    webcal = "webcal://" + address.partition("://")[2]
    google = "https://calendar.google.com/calendar/r?cid=" + quote(webcal, safe="")
    return {"address": address, "webcal": webcal, "google": google}


def _feed_answer(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=900"
    return response


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _feed_name(found: CalendarFeed, municipality: str) -> str:
    if found.room is not None:
        return f"{found.room.name}（{found.room.facility.name}）"
    if found.facility is not None:
        return _("{hall}の予約").format(hall=found.facility.name)
    return _("{municipality}の施設予約").format(municipality=municipality)


def _language_of(found: CalendarFeed) -> str:
    return found.resident.language if found.resident is not None else "ja"
