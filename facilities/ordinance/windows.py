"""Who may apply now: windows of application, and the days that can be booked."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, datetime, time, timedelta, tzinfo

from facilities.ordinance.answers import Decision
from facilities.ordinance.calendars import reason_of
from facilities.ordinance.document import Application, Opening, Until, Window
from facilities.ordinance.reasons import Reason
from facilities.ordinance.rules import RoomRules, Rules, open_periods, slots
from facilities.ordinance.timetables import cover, refuse_time, slots_of_day
from facilities.ordinance.values import plus_months

_CHANNELS = {"web": ("インターネット", "web"), "desk": ("窓口", "desk"), "phone": ("電話", "phone")}


def may_apply(
    rules: Rules,
    *,
    facility: str,
    room: str,
    day: date,
    starts: int,
    ends: int,
    applicant_class: str,
    channel: str,
    now: datetime,
    purpose: str | None = None,
) -> Decision:
    """Whether an application for a time is taken now: the day is open, the time is one that is rented,
    the window of this applicant and channel is open, the purpose is not prohibited.

    `now` is aware. All that speaks against it is in `reasons`. Raises UnknownFacility or UnknownRoom.
    """
    room_rules = rules.room(facility, room)
    against = [*_time_reasons(rules, facility, room_rules, day, starts, ends)]
    against += [
        reason_of("prohibited", one, name=one.name, name_en=one.name_en or one.name)
        for one in rules.facility(facility).facility.prohibited
        if one.key == purpose
    ]
    window, refusal = find_window(room_rules.application, applicant_class, channel)
    if window is None:
        return Decision(False, (*against, refusal))
    try:
        return _decide(rules, window, day, starts, now, against)
    except OverflowError:
        return Decision(False, (*against, Reason("out_of_calendar", {})))


def bookable_days(
    rules: Rules, *, facility: str, room: str, applicant_class: str, channel: str, now: datetime
) -> tuple[date, date]:
    """First and last day of use for which this applicant's window is open at `now` (closed days included).

    When nothing can be applied for, the first day is after the last.
    Raises UnknownFacility or UnknownRoom.
    """
    window, _ = find_window(rules.room(facility, room).application, applicant_class, channel)
    today = now.astimezone(rules.zone).date()
    if window is None:
        return today, today - timedelta(days=1)
    opens, closes = window.opens, window.closes
    start, furthest = today.toordinal(), _furthest(opens, today).toordinal()
    latest_first = start + (closes.days_before or 0) + (closes.minutes_before_start or 0) // 1440 + 2

    def taken(ordinal: int) -> bool:
        return until_moment(closes, date.fromordinal(ordinal), 1440, rules.zone) > now

    def unopened(ordinal: int) -> bool:
        return opening_moment(opens, date.fromordinal(ordinal), rules.zone) > now

    first = date.fromordinal(start + bisect_left(range(start, latest_first), True, key=taken))
    last = date.fromordinal(start - 1 + bisect_left(range(start, furthest + 1), True, key=unopened))
    return first, last


def find_window(application: Application, applicant_class: str, channel: str) -> tuple[Window | None, Reason]:
    """The first window for an applicant class and channel; without one, the reason why there is none."""
    for_class = [one for one in application.windows if not one.who or applicant_class in one.who]
    for window in for_class:
        if not window.channels or channel in window.channels:
            return window, reason_of("window_open", window)
    if not for_class:
        return None, Reason("class_not_accepted", {})
    name, english = _CHANNELS.get(channel, (channel, channel))
    return None, reason_of("channel_not_accepted", for_class[0], channel=name, channel_en=english)


def moment(day: date, minutes: int, zone: tzinfo) -> datetime:
    """The aware moment of minutes of a local day; 1440 is the next midnight."""
    return datetime.combine(day, time(), zone) + timedelta(minutes=minutes)


def opening_moment(opens: Opening, day: date, zone: tzinfo) -> datetime:
    """When applications for a day of use open. Raises OverflowError at the end of the calendar."""
    if opens.months_before is not None:
        first = plus_months(day, -opens.months_before)
    else:
        first = day - timedelta(days=opens.days_before or 0)
    return moment(first.replace(day=1) if opens.day == "month_start" else first, opens.at, zone)


def until_moment(until: Until, day: date, starts: int, zone: tzinfo) -> datetime:
    """The first moment too late for a use on `day` at `starts`. Raises OverflowError beyond the calendar."""
    if until.days_before is not None:
        return moment(day - timedelta(days=until.days_before), until.at, zone)
    return moment(day, starts - (until.minutes_before_start or 0), zone)


def last_shown(closes_at: datetime) -> str:
    """The end of a period as people say it (ISO): a midnight is the last minute of the day before."""
    return (closes_at - timedelta(minutes=1) if closes_at.time() == time() else closes_at).isoformat()


def _furthest(opens: Opening, today: date) -> date:
    months = (
        (opens.months_before or 0) + 2 if opens.months_before is not None or opens.day == "month_start" else 0
    )
    return plus_months(today + timedelta(days=opens.days_before or 0), months)


def _time_reasons(
    rules: Rules, facility: str, room: RoomRules, day: date, starts: int, ends: int
) -> list[Reason]:
    open_day = open_periods(rules, facility=facility, room=room.room.key, day=day)
    if open_day.closed:
        return [open_day.closed]
    offered = slots(rules, facility=facility, room=room.room.key, day=day)
    pieces = cover(slots_of_day(room.time, rules.book, day), starts, ends)
    refusal = refuse_time(room.time, offered, open_day, pieces, starts, ends)
    return [refusal] if refusal else []


def _decide(
    rules: Rules, window: Window, day: date, starts: int, now: datetime, against: list[Reason]
) -> Decision:
    zone = rules.zone
    opens_at = opening_moment(window.opens, day, zone)
    closes_at = until_moment(window.closes, day, starts, zone)
    shown = last_shown(closes_at)
    if now < opens_at:
        against.append(reason_of("not_yet_open", window, at=opens_at.isoformat()))
    elif now >= closes_at:
        against.append(reason_of("window_closed", window, at=shown))
    elif now >= moment(day, starts, zone):
        against.append(Reason("already_started", {}))
    last_day = (closes_at - timedelta(microseconds=1)).date()
    reasons = tuple(against) or (reason_of("window_open", window, at=shown),)
    return Decision(not against, reasons, opens_at, closes_at, last_day)
