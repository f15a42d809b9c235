"""Until when a fee is paid, all at once or in instalments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from facilities.ordinance.answers import Due, DuePart
from facilities.ordinance.applying.deciding import known_facts
from facilities.ordinance.applying.windows import opens_on
from facilities.ordinance.days.moments import HallDays, last_shown, moment, plus_open_days, until_moment
from facilities.ordinance.document.cancellation_clauses import DueTerms, Instalment
from facilities.ordinance.document.values import days_in_month, plus_months
from facilities.ordinance.facts import Given
from facilities.ordinance.reasons import Reason, reason_of
from facilities.ordinance.rules import Rules

_REACH = 92


@dataclass(frozen=True, slots=True)
class _Times:
    """What due dates are counted from."""

    rules: Rules
    is_open: HallDays
    day: date
    starts: int
    booked: date
    approved: date


def payment_due(
    rules: Rules,
    *,
    facility: str,
    room: str,
    day: date,
    starts: int,
    applicant_class: str,
    booked_at: datetime,
    purpose: str | None = None,
    answers: Mapping[str, Given] | None = None,
    approved_at: datetime | None = None,
    total_yen: int | None = None,
    channel: str = "",
    headcount: int | None = None,
) -> Due:
    """Until when the fee of a use on `day` (from `starts`, minutes) booked at `booked_at` (aware) is paid.

    `approved_at` is when it was approved (left out: when it was booked), `total_yen` the price that
    instalments divide. Without a rule due_at is None and staff see to it.
    Raises UnknownFacility or UnknownRoom.
    """
    room_rules, payment = rules.room(facility, room), rules.facility(facility).payment
    booked = booked_at.astimezone(rules.zone).date()
    approved = (approved_at or booked_at).astimezone(rules.zone).date()
    numbers = {"days_ahead": (day - booked).days}
    if headcount is not None:
        numbers["headcount"] = headcount
    facts = known_facts(rules, room, applicant_class, channel, purpose, answers, numbers)
    facts = replace(facts, day=day, booked=booked)
    rule = next((one for one in (payment.due if payment else ()) if facts.meets(one)), None)
    if rule is None:
        return Due(None, False, "staff", (Reason("due_undefined", {}),))
    times = _Times(rules, opens_on(room_rules), day, starts, booked, approved)
    if rule.instalments:
        return _divided(rule.instalments, times, total_yen)
    due_at = _due_at(rule, times)
    if due_at is None:
        return Due(None, True, rule.unpaid, (reason_of("due_deferred", rule),))
    late = rule.deferred or due_at > moment(day, 1440, rules.zone)
    code = "due_after_use" if late else "due_by"
    return Due(due_at, late, rule.unpaid, (reason_of(code, rule, at=last_shown(due_at)),))


def _divided(instalments: tuple[Instalment, ...], times: _Times, total_yen: int | None) -> Due:
    """Each instalment with its amount; the last one is the rest."""
    parts, reasons, left = [], [], total_yen
    for one in instalments:
        yen = left
        if left is not None and total_yen is not None and one.share is not None:
            yen = min(left, int(total_yen * one.share))
        elif left is not None and one.yen is not None:
            yen = min(left, one.yen)
        left = left - yen if left is not None and yen is not None else None
        due_at, english = _due_at(one, times), one.name_en or one.name
        parts.append(DuePart(one.name, english, yen, due_at, one.unpaid))
        if due_at is not None:
            at = last_shown(due_at)
            reasons.append(reason_of("due_part", one, name=one.name, name_en=english, at=at))
    return Due(parts[0].due_at, False, parts[0].unpaid, tuple(reasons), tuple(parts))


def _due_at(rule: DueTerms, times: _Times) -> datetime | None:
    """The first moment too late: of what is written the earliest, not after the start where it is before."""
    zone, is_open = times.rules.zone, times.is_open.counting(rule.open_on)
    ends = [moment(_moved(rule, last, is_open), 1440, zone) for last in _last_days(rule, times, is_open)]
    after_use = rule.days_after_use is not None or rule.months_after_use is not None
    if rule.closes is not None:
        ends.append(until_moment(rule.closes, times.day, times.starts, zone, times.is_open))
    elif ends and not after_use:
        ends.append(moment(times.day, times.starts, zone))
    return min(ends, default=None)


def _last_days(rule: DueTerms, times: _Times, is_open: HallDays) -> Iterator[date]:
    if rule.days_after_booking is not None:
        yield times.booked + timedelta(days=rule.days_after_booking)
    if rule.open_days_after_booking is not None:
        yield plus_open_days(times.booked, rule.open_days_after_booking, is_open)
    if rule.days_after_approval is not None:
        yield times.approved + timedelta(days=rule.days_after_approval)
    if rule.months_after_booking is not None:
        yield _day_of_month(rule, plus_months(times.booked, rule.months_after_booking))
    if rule.days_after_use is not None:
        yield times.day + timedelta(days=rule.days_after_use)
    if rule.months_after_use is not None:
        yield _day_of_month(rule, plus_months(times.day, rule.months_after_use))


def _day_of_month(rule: DueTerms, day: date) -> date:
    if rule.day == "same":
        return day
    last = days_in_month(day.year, day.month)
    return day.replace(day=min(rule.day, last) if isinstance(rule.day, int) else last)


def _moved(rule: DueTerms, day: date, is_open: HallDays) -> date:
    """Off a closed day, where the rule says so."""
    step = {"next": 1, "previous": -1}.get(rule.if_closed or "", 0)
    for distance in range(_REACH if step else 0):
        if is_open(day + timedelta(days=step * distance)):
            return day + timedelta(days=step * distance)
    return day
