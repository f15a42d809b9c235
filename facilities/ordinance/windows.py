"""Who may apply now: windows of application, and the days that can be booked."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from facilities.ordinance.answers import Decision, OpenDay
from facilities.ordinance.application_clauses import Application, Opening, Window
from facilities.ordinance.calendar_clauses import TimeToRent
from facilities.ordinance.facts import Facts, Given
from facilities.ordinance.limits import limit_reasons
from facilities.ordinance.moments import (
    IsOpen,
    last_shown,
    moment,
    opening_moment,
    received_from,
    until_moment,
)
from facilities.ordinance.reasons import Reason, reason_of
from facilities.ordinance.rules import RoomRules, Rules
from facilities.ordinance.timetables import count_slots, refuse_run, refuse_time
from facilities.ordinance.values import DAY_MINUTES, plus_months, write_clock

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
    headcount: int | None = None,
    answers: Mapping[str, Given] | None = None,
    with_rooms: Sequence[str] = (),
    run_days: int | None = None,
    early_minutes: int = 0,
    extension_minutes: int = 0,
    counts: Mapping[str, int | Fraction] | None = None,
    entry: bool = False,
) -> Decision:
    """Whether an application for a time is taken now: the day is open, the time is one that is rented,
    the window of this applicant and channel is open, nothing refuses it.

    `now` is aware. `with_rooms` are other rooms of the same reservation, `run_days` the length of its run of
    consecutive days, `counts` what the applicant already has, by the key of a limit (`count_held`);
    `entry`: it is one to a lottery.
    All that speaks against it is in `reasons`. Raises UnknownFacility or UnknownRoom.
    """
    room_rules = rules.room(facility, room)
    numbers = {"minutes": ends - starts, "days_ahead": (day - now.astimezone(rules.zone).date()).days}
    for key, number in (("headcount", headcount), ("run_days", run_days)):
        if number is not None:
            numbers[key] = number
    facts = known_facts(rules, room, applicant_class, channel, purpose, answers, numbers)
    facts = facts.of_use(day, (starts, ends), tuple(with_rooms))
    if room_rules.time.slots:
        numbers["slots"] = count_slots(room_rules.pieces_of(rules.book, day, starts, ends, facts))
    against = [
        *time_reasons(rules, facility, room_rules, facts, early_minutes, extension_minutes),
        *limit_reasons(room_rules.application, facts, counts or {}, entry=entry),
    ]
    window, refusal = find_window(room_rules.application, facts)
    if window is None:
        return Decision(False, (*against, refusal))
    try:
        return _decide(rules, room_rules, window, facts, now, against)
    except OverflowError:
        return Decision(False, (*against, Reason("out_of_calendar", {})))


def bookable_days(
    rules: Rules,
    *,
    facility: str,
    room: str,
    applicant_class: str,
    channel: str,
    now: datetime,
    purpose: str | None = None,
    headcount: int | None = None,
    answers: Mapping[str, Given] | None = None,
) -> tuple[date, date]:
    """First and last day of use for which this applicant's window is open at `now` (closed days included).

    When nothing can be applied for, the first day is after the last.
    Raises UnknownFacility or UnknownRoom.
    """
    room_rules = rules.room(facility, room)
    numbers = {} if headcount is None else {"headcount": headcount}
    facts = known_facts(rules, room, applicant_class, channel, purpose, answers, numbers)
    window, _ = find_window(room_rules.application, facts)
    today = now.astimezone(rules.zone).date()
    if window is None:
        return today, today - timedelta(days=1)
    opens, closes, is_open = window.opens, window.closes, opens_on(room_rules)
    months = 31 * ((closes.months_before or 0) + 1) if closes.months_before is not None else 0
    start, furthest = today.toordinal(), _furthest(opens, today).toordinal()
    minutes_ahead = (closes.minutes_before_start or 0) // 1440
    latest_first = start + (closes.days_before or 0) + minutes_ahead + months + 2
    if closes.if_closed:
        latest_first += 92

    def taken(ordinal: int) -> bool:
        return until_moment(closes, date.fromordinal(ordinal), 1440, rules.zone, is_open) > now

    def unopened(ordinal: int) -> bool:
        return opening_moment(opens, date.fromordinal(ordinal), rules.zone, is_open) > now

    first = date.fromordinal(start + bisect_left(range(start, latest_first), True, key=taken))
    last = date.fromordinal(start - 1 + bisect_left(range(start, furthest + 1), True, key=unopened))
    return first, last


def known_facts(
    rules: Rules,
    room: str,
    applicant_class: str,
    channel: str,
    purpose: str | None,
    answers: Mapping[str, Given] | None,
    numbers: Mapping[str, int],
) -> Facts:
    """What is known of an application before its time is chosen."""
    known = {**rules.usual_answers, **answers} if answers else rules.usual_answers
    return Facts(rules.book, applicant_class, purpose, channel, room, numbers=numbers, answers=known)


def opens_on(room: RoomRules) -> IsOpen:
    """Whether the room's hall is open on a day."""
    return lambda day: bool(room.calendar.open_day(day).periods)


def find_window(application: Application, facts: Facts) -> tuple[Window | None, Reason]:
    """The first window for an applicant and a channel; without one, the reason why there is none."""
    for_class = [
        one for one in application.windows if (not one.who or facts.who in one.who) and facts.meets(one)
    ]
    for window in for_class:
        if not window.channels or facts.channel in window.channels:
            return window, reason_of("window_open", window)
    if not for_class:
        known = any(not one.who or facts.who in one.who for one in application.windows)
        return None, Reason("case_not_accepted" if known else "class_not_accepted", {})
    channel = facts.channel or ""
    name, english = _CHANNELS.get(channel, (channel, channel))
    return None, reason_of("channel_not_accepted", for_class[0], channel=name, channel_en=english)


def time_reasons(
    rules: Rules, facility: str, room: RoomRules, facts: Facts, early: int = 0, extension: int = 0
) -> Iterator[Reason]:
    """What speaks against a time as such, whoever applies and whenever."""
    day, (starts, ends) = facts.day or date.min, facts.span or (0, 0)
    open_day = room.calendar.open_day_for(day, facts)
    if ends > DAY_MINUTES:
        open_day = room.calendar.open_until(open_day, day, ends, facts)
    pieces = room.pieces_of(rules.book, day, starts, ends, facts)
    refusal = open_day.closed or refuse_time(room.time, rules.book, open_day, facts)
    if refusal:
        yield refusal
    if early or extension:
        yield from _extension_reasons(room.time, facts, open_day, early, extension)
    if room.time.run and (run_day := facts.numbers.get("run_day", 1)) == 1:
        days = facts.numbers.get("run_days", 1)
        refusal = refuse_run(room.time.run, rules.book, day - timedelta(days=run_day - 1), days)
        if refusal:
            yield refusal
    for one in rules.facility(facility).facility.prohibited:
        if one.key == facts.purpose:
            yield reason_of("prohibited", one, name=one.name, name_en=one.name_en or one.name)
    if room.application.refuses:
        yield from _refusals(room.application, facts, [key for piece in pieces for key in piece.keys])


def _refusals(application: Application, facts: Facts, slot_keys: Sequence[str]) -> Iterator[Reason]:
    """What is refused for the time as a whole or for one of its slots."""
    cases = [replace(facts, slot=key) for key in slot_keys] or [facts]
    for refused in application.refuses:
        if any(case.meets(refused) for case in cases):
            name = refused.name
            yield reason_of("refused", refused, name=name, name_en=refused.name_en or name)


def _extension_reasons(
    time: TimeToRent, facts: Facts, open_day: OpenDay, early: int, extension: int
) -> Iterator[Reason]:
    """Time before or after is limited by its rule; without a clock time of its own, by the opening hours."""
    starts, ends = facts.span or (0, 0)
    for minutes, before in ((early, True), (extension, False)):
        if not minutes:
            continue
        rule = time.extension_for(facts.meets, before)
        if rule is None:
            yield (
                reason_of("no_extension", time.extension[0]) if time.extension else Reason("no_extension", {})
            )
            continue
        if rule.maximum is not None and minutes > rule.maximum:
            yield reason_of("extension_too_long", rule, minutes=rule.maximum)
        if before:
            opens = min((one[0] for one in open_day.periods if ends <= one[1]), default=starts - early)
            opens = opens if rule.since is None else rule.since
            if starts - early < opens:
                yield reason_of("extension_too_early", rule, clock=write_clock(opens))
            continue
        closes = max((one[1] for one in open_day.periods if one[0] <= starts), default=ends + extension)
        closes = closes if rule.until is None else rule.until
        if ends + extension > closes:
            yield reason_of("extension_too_late", rule, clock=write_clock(closes))


def _furthest(opens: Opening, today: date) -> date:
    if opens.each_year is not None:
        return plus_months(today, 12 * (opens.years_before + 2))
    months = 0
    if opens.months_before is not None or opens.day != "same":
        months = (opens.months_before or 0) + 2
    return plus_months(today + timedelta(days=opens.days_before or 0), months)


def _decide(
    rules: Rules, room: RoomRules, window: Window, facts: Facts, now: datetime, against: list[Reason]
) -> Decision:
    zone, day, starts = rules.zone, facts.day or date.min, (facts.span or (0, 0))[0]
    opens_at = opening_moment(window.opens, day, zone, opens_on(room))
    closes_at = until_moment(window.closes, day, starts, zone, opens_on(room))
    if window.reception:
        opens_at = received_from(window.reception, rules.book, opens_at, zone)
    shown = last_shown(closes_at)
    if now < opens_at:
        against.append(reason_of("not_yet_open", window, at=opens_at.isoformat()))
    elif now >= closes_at:
        against.append(reason_of("window_closed", window, at=shown))
    elif now >= moment(day, starts, zone):
        against.append(Reason("already_started", {}))
    elif window.reception and (received := received_from(window.reception, rules.book, now, zone)) > now:
        against.append(reason_of("not_received_now", window.reception, at=received.isoformat()))
    last_day = (closes_at - timedelta(microseconds=1)).date()
    reasons = tuple(against) or (reason_of("window_open", window, at=shown),)
    return Decision(not against, reasons, opens_at, closes_at, last_day)
