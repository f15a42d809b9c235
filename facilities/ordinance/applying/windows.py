"""Who may apply now: windows of application, and the days that can be booked."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from fractions import Fraction

from facilities.ordinance.answers import Decision, OpenDay, Use
from facilities.ordinance.applying.deciding import facts_of_application, known_facts, with_slots
from facilities.ordinance.applying.limits import limit_reasons
from facilities.ordinance.days.moments import (
    HallDays,
    last_shown,
    moment,
    opening_moment,
    received_from,
    until_moment,
)
from facilities.ordinance.days.timetables import refuse_run, refuse_time, slot_keys
from facilities.ordinance.document.application_clauses import Again, Application, Moment, Opening, Window
from facilities.ordinance.document.calendar_clauses import TimeToRent
from facilities.ordinance.document.clauses import Rule
from facilities.ordinance.document.values import DAY_MINUTES, write_clock
from facilities.ordinance.facts import Facts, Given
from facilities.ordinance.reasons import Reason, reason_of
from facilities.ordinance.rules import RoomRules, Rules

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
    run_day: int | None = None,
    early_minutes: int = 0,
    extension_minutes: int = 0,
    counts: Mapping[str, int | Fraction] | None = None,
    entry: bool = False,
) -> Decision:
    """Whether an application for a time is taken now: the day is open, the time is one that is rented,
    the window of this applicant and channel is open, nothing refuses it.

    `now` is aware. `with_rooms` are other rooms of the same reservation, `run_days` the length of its run of
    consecutive days, `run_day` which of them this is (from 1; left out: the first), `counts` what the applicant
    already has, by the key of a limit (`count_held`); `entry`: it is one to a lottery.
    All that speaks against it is in `reasons`. Raises UnknownFacility or UnknownRoom.
    """
    facts = facts_of_application(
        rules,
        facility=facility,
        room=room,
        day=day,
        starts=starts,
        ends=ends,
        applicant_class=applicant_class,
        channel=channel,
        now=now,
        purpose=purpose,
        answers=answers,
        with_rooms=with_rooms,
        numbers={"headcount": headcount, "run_days": run_days, "run_day": run_day},
    )
    early_and_late = early_minutes, extension_minutes
    against = list(time_reasons(rules, facility, rules.room(facility, room), facts, *early_and_late))
    return _answer(rules, rules.room(facility, room), facts, now, against, counts or {}, entry)


def _answer(
    rules: Rules,
    room: RoomRules,
    facts: Facts,
    now: datetime,
    against: list[Reason],
    counts: Mapping[str, int | Fraction],
    entry: bool,
) -> Decision:
    """What limits and windows say to an application, after what speaks `against` its time as such."""
    if room.application.limits:
        against += limit_reasons(room.application, facts, counts, entry=entry)
    window = find_window(room.application, facts)
    if isinstance(window, Reason):
        return Decision(False, (*against, window))
    try:
        return _decide(rules, room, window, facts, now, against)
    except OverflowError:
        return Decision(False, (*against, Reason("out_of_calendar", {})))


def against_use(
    rules: Rules,
    *,
    facility: str,
    use: Use,
    applicant_class: str,
    channel: str,
    booked_on: date,
    headcount: int | None = None,
    answers: Mapping[str, Given] | None = None,
) -> tuple[Reason, ...]:
    """What speaks against a use as such, as `may_apply` sees it, whenever one applies: closed, no such time,
    refused. Not windows, not limits. Raises UnknownFacility or UnknownRoom.
    """
    room_rules = rules.room(facility, use.room)
    numbers = {"minutes": use.ends - use.starts, "rooms": 1, "days_ahead": (use.day - booked_on).days}
    if headcount is not None:
        numbers["headcount"] = headcount
    facts = known_facts(rules, use.room, applicant_class, channel, use.purpose, answers, numbers)
    facts = replace(facts.of_use(use.day, (use.starts, use.ends), ()), booked=booked_on)
    facts = with_slots(rules, room_rules, facts, numbers)
    reasons = time_reasons(rules, facility, room_rules, facts, use.early_minutes, use.extension_minutes)
    return tuple(reasons)


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
    day: date | None = None,
) -> tuple[date, date]:
    """First and last day of use for which this applicant's window is open at `now` (closed days included).

    Where windows differ by day of use, those of `day`; without it, from the first of any to the last of any.
    When nothing can be applied for, the first day is after the last.
    Raises UnknownFacility or UnknownRoom.
    """
    room_rules = rules.room(facility, room)
    numbers = {} if headcount is None else {"headcount": headcount}
    facts = known_facts(rules, room, applicant_class, channel, purpose, answers, numbers)
    today = now.astimezone(rules.zone).date()
    facts = replace(facts, day=day, booked=today)
    found = [
        _bookable(rules, room_rules, period, today, now)
        for window in _windows_for(room_rules.application, facts)
        for period in _periods(window)
    ]
    if not found:
        return today, today - timedelta(days=1)
    return min(first for first, _ in found), max(last for _, last in found)


def _windows_for(application: Application, facts: Facts) -> Iterator[Window]:
    """Windows for a class and channel that some time may have, in order, up to the first for every time."""
    for window in application.windows:
        if (window.who and facts.who not in window.who) or (
            window.channels and facts.channel not in window.channels
        ):
            continue
        if not window.when or any(facts.may_fit(case) for case in window.when):
            if window.unless and facts.fits(window.unless):
                continue
            yield window
            if facts.meets(window) and not any(facts.may_fit(case) for case in window.unless):
                return


def _bookable(
    rules: Rules, room: RoomRules, period: Window | Again, today: date, now: datetime
) -> tuple[date, date]:
    opens, closes, hall = period.opens, period.closes, opens_on(room)
    start, furthest = today.toordinal(), _furthest(opens, today).toordinal()
    latest_first = start + (closes.before_start or 0) // 1440 + _reach(closes) + 2

    def taken(ordinal: int) -> bool:
        return until_moment(closes, date.fromordinal(ordinal), 1440, rules.zone, hall) > now

    def unopened(ordinal: int) -> bool:
        return opening_moment(opens, date.fromordinal(ordinal), rules.zone, hall) > now

    first = date.fromordinal(start + bisect_left(range(start, latest_first), True, key=taken))
    last = date.fromordinal(start - 1 + bisect_left(range(start, furthest + 1), True, key=unopened))
    return first, last


def _reach(one: Moment) -> int:
    """At least as many days as a moment can lie before the use."""
    days = one.days_before or 0
    if one.each_year is not None:
        days += 366 * (one.years_before + 2)
    if one.months_before is not None or one.day != "same" or (one.on and one.weeks_before is None):
        days += 31 * ((one.months_before or 0) + 2)
    if one.weeks_before is not None:
        days += 7 * (one.weeks_before + 1)
    if one.if_closed or one.open_days_before:
        days += 92 + 4 * (one.open_days_before or 0)
    return days


def opens_on(room: RoomRules) -> HallDays:
    """Whether the room's hall is open on a day."""
    return HallDays(room.calendar.is_open, room.calendar.book)


def find_window(application: Application, facts: Facts) -> Window | Reason:
    """The first window for an applicant and a channel; without one, the reason why there is none."""
    for window in application.windows:
        if (not window.channels or facts.channel in window.channels) and _is_for(window, facts):
            return window
    return _no_window(application, facts)


def _is_for(window: Window, facts: Facts) -> bool:
    return (not window.who or facts.who in window.who) and facts.meets(window)


def _no_window(application: Application, facts: Facts) -> Reason:
    for_class = [one for one in application.windows if _is_for(one, facts)]
    if not for_class:
        known = any(not one.who or facts.who in one.who for one in application.windows)
        return Reason("case_not_accepted" if known else "class_not_accepted", {})
    channel = facts.channel or ""
    name, english = _CHANNELS.get(channel, (channel, channel))
    return reason_of("channel_not_accepted", for_class[0], channel=name, channel_en=english)


def time_reasons(
    rules: Rules, facility: str, room: RoomRules, facts: Facts, early: int = 0, extension: int = 0
) -> Iterator[Reason]:
    """What speaks against a time as such, whoever applies and whenever."""
    day, (starts, ends) = facts.day or date.min, facts.span or (0, 0)
    open_day = room.calendar.open_day_for(day, facts)
    if ends > DAY_MINUTES:
        open_day = room.calendar.open_until(open_day, day, ends, facts)
    pieces = room.pieces_of(rules.book, day, starts, ends, facts)
    refusal = open_day.closed or refuse_time(room.time, rules.book, open_day, facts, pieces)
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
        yield from _refusals(room.application, facts, slot_keys(pieces))


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
    return min(today, date.max - timedelta(days=_reach(opens) + 1)) + timedelta(days=_reach(opens))


def _decide(
    rules: Rules, room: RoomRules, window: Window, facts: Facts, now: datetime, against: list[Reason]
) -> Decision:
    zone, day, starts = rules.zone, facts.day or date.min, (facts.span or (0, 0))[0]
    asked_for, hall = day, opens_on(room)
    if room.application.run_from == "first":
        asked_for -= timedelta(days=facts.numbers.get("run_day", 1) - 1)
    period, opens_at, closes_at = _period(window, asked_for, starts, now, zone, hall)
    shown = last_shown(closes_at)
    received = received_from(period.reception, now, zone, hall)
    if now < opens_at:
        against.append(reason_of("not_yet_open", _source(period, window), at=opens_at.isoformat()))
    elif now >= closes_at:
        against.append(reason_of("window_closed", _source(period, window), at=shown))
    elif now >= moment(day, starts, zone):
        against.append(Reason("already_started", {}))
    elif received > now:
        against.append(reason_of("not_received_now", period.reception[0], at=received.isoformat()))
    last_day = (closes_at - timedelta(microseconds=1)).date()
    reasons = tuple(against) or (reason_of("window_open", _source(period, window), at=shown),)
    return Decision(not against, reasons, opens_at, closes_at, last_day)


def _period(
    window: Window, day: date, starts: int, now: datetime, zone: tzinfo, hall: HallDays
) -> tuple[Window | Again, datetime, datetime]:
    """The time of a window that is open at `now` or opens next; without one, the last."""
    found = []
    for period in _periods(window):
        opens_at = opening_moment(period.opens, day, zone, hall)
        closes_at = until_moment(period.closes, day, starts, zone, hall)
        found.append((period, received_from(period.reception, opens_at, zone, hall), closes_at))
    return next((one for one in found if now < one[2]), found[-1])


def _periods(window: Window) -> tuple[Window | Again, ...]:
    return (window, *window.again)


def _source(period: Window | Again, window: Window) -> Rule:
    return period if period.article or period.assumed else window
