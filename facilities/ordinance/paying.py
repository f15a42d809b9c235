"""Until when a fee is paid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from facilities.ordinance.answers import Due
from facilities.ordinance.facts import Given
from facilities.ordinance.moments import last_shown, moment, plus_open_days, until_moment
from facilities.ordinance.reasons import Reason, reason_of
from facilities.ordinance.rules import Rules
from facilities.ordinance.windows import known_facts, opens_on


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
) -> Due:
    """Until when the fee of a use on `day` (from `starts`, minutes) booked at `booked_at` (aware) is paid.

    Without a rule due_at is None and staff see to it. Raises UnknownFacility or UnknownRoom.
    """
    room_rules, payment = rules.room(facility, room), rules.facility(facility).payment
    booked, is_open = booked_at.astimezone(rules.zone).date(), opens_on(room_rules)
    numbers = {"days_ahead": (day - booked).days}
    facts = known_facts(rules, room, applicant_class, "", purpose, answers, numbers)
    facts = facts.of_use(day, (starts, 1440), ())
    rule = next((one for one in (payment.due if payment else ()) if facts.meets(one)), None)
    if rule is None:
        return Due(None, False, "staff", (Reason("due_undefined", {}),))
    if rule.deferred:
        return Due(None, True, rule.unpaid, (reason_of("due_deferred", rule),))
    ends = [moment(day, starts, rules.zone)] if rule.closes is None else []
    if rule.closes is not None:
        ends.append(until_moment(rule.closes, day, starts, rules.zone, is_open))
    if rule.open_days_after_booking is not None:
        last = plus_open_days(booked, rule.open_days_after_booking, is_open)
        ends.append(moment(last, 1440, rules.zone))
    if rule.days_after_booking is not None:
        ends.append(moment(booked + timedelta(days=rule.days_after_booking), 1440, rules.zone))
    due_at = min(ends)
    return Due(due_at, False, rule.unpaid, (reason_of("due_by", rule, at=last_shown(due_at)),))
