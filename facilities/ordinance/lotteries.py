"""Lotteries: when entries are taken, and who of several applicants has a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from facilities.ordinance.answers import Contest, LotteryAnswer
from facilities.ordinance.application_clauses import Lottery, Opening
from facilities.ordinance.facts import Facts, Given
from facilities.ordinance.moments import last_shown, opening_moment, until_moment
from facilities.ordinance.reasons import Reason, reason_of
from facilities.ordinance.rules import RoomRules, Rules
from facilities.ordinance.windows import known_facts, opens_on


@dataclass(frozen=True, slots=True)
class Applicant:
    """One who wants a time: a name to tell them apart, when they applied (aware), what is known of them."""

    name: str
    applied_at: datetime
    applicant_class: str = ""
    purpose: str | None = None
    answers: Mapping[str, Given] = field(default_factory=dict)


def lottery(
    rules: Rules,
    *,
    facility: str,
    room: str,
    day: date,
    applicant_class: str,
    now: datetime,
    purpose: str | None = None,
    answers: Mapping[str, Given] | None = None,
) -> LotteryAnswer:
    """Whether an entry to the lottery for a day of use is taken at `now` (aware), and its moments.

    Raises UnknownFacility or UnknownRoom.
    """
    room_rules = rules.room(facility, room)
    rule = room_rules.application.lottery
    if rule is None:
        return LotteryAnswer(False, None, None, None, None, (Reason("no_lottery", {}),))
    opens_at, closes_at = _entries(rules, room_rules, rule, day)
    facts = known_facts(rules, room, applicant_class, "", purpose, answers, {})
    if not facts.of_use(day, (0, 1440), ()).meets(rule):
        reason = reason_of("lottery_not_yours", rule)
    elif now < opens_at:
        reason = reason_of("not_yet_open", rule, at=opens_at.isoformat())
    elif now >= closes_at:
        reason = reason_of("window_closed", rule, at=last_shown(closes_at))
    else:
        reason = reason_of("lottery_open", rule, at=last_shown(closes_at))
    return LotteryAnswer(
        reason.code == "lottery_open",
        opens_at,
        closes_at,
        _moment(rules, room_rules, rule.draw, day),
        _moment(rules, room_rules, rule.announced, day),
        (reason,),
    )


def round_of(rules: Rules, facility: str, room: str, day: date) -> tuple[datetime, datetime] | None:
    """When entries for a day of use are taken: days with the same answer are drawn together.

    None without a lottery. Raises UnknownFacility or UnknownRoom.
    """
    room_rules = rules.room(facility, room)
    rule = room_rules.application.lottery
    return _entries(rules, room_rules, rule, day) if rule else None


def contest(rules: Rules, *, facility: str, room: str, day: date, applicants: Sequence[Applicant]) -> Contest:
    """Who has a time that several want: the first, or among entries to the lottery the one with priority.

    `winner` is None until lots are drawn. Raises UnknownFacility, UnknownRoom, ValueError without applicants.
    """
    room_rules = rules.room(facility, room)
    rule = room_rules.application.lottery
    first = min(applicants, key=lambda one: one.applied_at)
    if rule is None:
        return Contest("first_come", first.name, None, (Reason("first_come", {}),))
    opens_at, closes_at = _entries(rules, room_rules, rule, day)
    entries = [one for one in applicants if opens_at <= one.applied_at < closes_at]
    if not entries:
        return Contest("first_come", first.name, None, (reason_of("first_come", rule),))
    draw_at = _moment(rules, room_rules, rule.draw, day)
    for priority in rule.priorities:
        preferred = [one for one in entries if _facts(rules, room, day, one).meets(priority)]
        if preferred and len(preferred) < len(entries):
            entries, name = preferred, priority.name
            reason = reason_of("priority", priority, name=name, name_en=priority.name_en or name)
            if len(entries) == 1:
                return Contest("priority", entries[0].name, draw_at, (reason,))
    if len(entries) == 1:
        return Contest("first_come", entries[0].name, None, (reason_of("first_come", rule),))
    return Contest("lottery", None, draw_at, (reason_of("by_lot", rule),))


def _facts(rules: Rules, room: str, day: date, one: Applicant) -> Facts:
    facts = known_facts(rules, room, one.applicant_class, "", one.purpose, one.answers, {})
    return facts.of_use(day, (0, 1440), ())


def _entries(rules: Rules, room: RoomRules, rule: Lottery, day: date) -> tuple[datetime, datetime]:
    is_open = opens_on(room)
    return (
        opening_moment(rule.opens, day, rules.zone, is_open),
        until_moment(rule.closes, day, 0, rules.zone, is_open),
    )


def _moment(rules: Rules, room: RoomRules, one: Opening | None, day: date) -> datetime | None:
    return opening_moment(one, day, rules.zone, opens_on(room)) if one else None
