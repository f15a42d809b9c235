"""iCalendar (RFC 5545): feeds to subscribe to, one reservation to download, the attachment of a mail.

What calendar programs really do is in docs/api.md: they reload when they like, some show cancelled events for ever,
and all compare UID, SEQUENCE and DTSTAMP. So these three depend on the reservation alone, never on the clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration

from booking.feeds import FeedEntry, entry_kind
from booking.queries import ReservationView
from frontend.templatetags.machinoma import clock, hall_of, name_of, short_day
from tenants.context import current_schema, current_zone

CONTENT_TYPE = "text/calendar; charset=utf-8"
# Raised when the same rows would be written in another way, so that ETags change too.
_EDITION = 2
_STATUS = {"cancelled": "CANCELLED", "applied": "TENTATIVE"}


def feed_etag(entries: Sequence[FeedEntry], *parts: str) -> str:
    """Return an ETag for a feed, without writing it: from its entries and what else it is made of."""
    digest = hashlib.blake2b(repr((_EDITION, current_schema(), parts)).encode(), digest_size=16)
    for entry in entries:
        digest.update(repr(entry).encode())
    return f'"{digest.hexdigest()}"'


def feed_calendar(entries: Sequence[FeedEntry], *, name: str, source: str, site: str) -> bytes:
    """Return a feed: ``name`` as the calendar's title, ``source`` its own address, ``site`` our pages."""
    zone = current_zone()
    calendar = _calendar("PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone.key)
    calendar.add("source", source, parameters={"VALUE": "URI"})
    calendar.add("refresh-interval", vDuration(timedelta(hours=1)), parameters={"VALUE": "DURATION"})
    # A string: icalendar writes a timedelta of an X- property as 1:00:00.
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        calendar.add_component(_entry(entry, zone, site))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def reservation_calendar(view: ReservationView, *, site: str) -> bytes:
    """Return one reservation to import: METHOD PUBLISH, or CANCEL with the same UID once it is cancelled or refused."""
    return reservations_calendar([view], site=site)


def reservations_calendar(views: Sequence[ReservationView], *, site: str) -> bytes:
    """Return reservations to import, as one file: METHOD CANCEL when all of them are cancelled, else PUBLISH."""
    zone = current_zone()
    entries = [_entry_of(view) for view in views]
    calendar = _calendar("CANCEL" if all(one.kind == "cancelled" for one in entries) else "PUBLISH")
    for entry in entries:
        calendar.add_component(_entry(entry, zone, site))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _entry_of(view: ReservationView) -> FeedEntry:
    return FeedEntry(
        view.ref,
        entry_kind(view.status),
        view.starts_at,
        view.ends_at,
        view.sequence,
        view.updated_at,
        name_of(view.room),
        hall_of(view.room),
        view.ref,
        view.number,
        view.purpose,
        view.headcount,
        is_own=True,
        group=view.group.name if view.group else "",
    )


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Machinoma//Machinoma 1//JA")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _entry(entry: FeedEntry, zone: ZoneInfo, site: str) -> Event:
    event = Event()
    # By schema, not by host: a municipality may change its host, an event must stay the same event.
    event.add("uid", f"{entry.uid}@{current_schema()}.machinoma")
    event.add("dtstamp", _whole(entry.updated_at))
    event.add("last-modified", _whole(entry.updated_at))
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("summary", _summary(entry))
    event.add("status", _STATUS.get(entry.kind, "CONFIRMED"))
    event.add("transp", "TRANSPARENT" if entry.kind == "cancelled" else "OPAQUE")
    event.add("class", "PUBLIC" if entry.kind in ("busy", "releasing") else "PRIVATE")
    if entry.facility:
        event.add("location", f"{entry.facility} {entry.room}")
    if entry.ref is not None:
        page = "reservation" if entry.is_own else "desk:reservation"
        address = site + reverse(page, args=[entry.ref])
        event.add("url", address)
        event.add("description", _description(entry, address))
    return event


def _summary(entry: FeedEntry) -> str:
    if entry.kind == "busy":
        return _("予約あり")
    if entry.free_at is not None:
        free = f"{short_day(entry.free_at)} {clock(entry.free_at)}"
        return _("取消処理中（{free}に空きます）").format(free=free)
    if entry.kind == "closure":
        return _("使用停止：{reason}").format(reason=entry.purpose)
    words = f"{entry.room}（{entry.facility}）" if entry.is_own else f"{entry.room} {entry.number}"
    if entry.kind == "applied":
        return _("【審査中】{what}").format(what=words)
    return _("【取消】{what}").format(what=words) if entry.kind == "cancelled" else words


def _description(entry: FeedEntry, address: str) -> str:
    lines = [_("予約番号：{number}").format(number=entry.number)]
    if entry.group:
        lines.append(_("団体：{name}").format(name=entry.group))
    if entry.is_own and entry.purpose:
        lines.append(_("目的：{purpose}").format(purpose=entry.purpose))
    if entry.headcount is not None:
        lines.append(_("人数：{count}人").format(count=entry.headcount))
    return "\n".join([*lines, address])


def _whole(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo("UTC")).replace(microsecond=0)
