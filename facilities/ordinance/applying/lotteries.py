"""Lotteries: when entries are taken, and who of several applicants has a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from facilities.ordinance.answers import Contest, LotteryAnswer
from facilities.ordinance.applying.deciding import known_facts
from facilities.ordinance.applying.windows import opens_on
from facilities.ordinance.days.moments import last_shown, moment, opening_moment, until_moment
from facilities.ordinance.document.application_clauses import Lottery, Opening
from facilities.ordinance.facts import Facts, Given
from facilities.ordinance.reasons import Reason, reason_of
from facilities.ordinance.rules import RoomRules, Rules

_METHODS: Mapping[str, tuple[Literal["lottery", "meeting", "staff"], str]] = {
    "lot": ("lottery", "by_lot"),
    "meeting": ("meeting", "by_meeting"),
    "staff": ("staff", "by_staff"),
}


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
    channel: str = "",
) -> LotteryAnswer:
    """Whether an entry to the lottery for a day of use is taken at `now` (aware), and its moments.

    Raises UnknownFacility or UnknownRoom.
    """
    room_rules = rules.room(facility, room)
    rounds = room_rules.application.lottery
    if not rounds:
        return LotteryAnswer(False, None, None, None, None, (Reason("no_lottery", {}),))
    facts = known_facts(rules, room, applicant_class, channel, purpose, answers, {})
    facts = facts.of_use(day, (0, 1440), ())
    fitting = [rule for rule in rounds if facts.meets(rule)]
    timed = [(rule, *_entries(rules, room_rules, rule, day)) for rule in fitting or rounds]
    rule, opens_at, closes_at = next((one for one in timed if now < one[2]), timed[-1])
    if not fitting:
        reason = reason_of("lottery_not_yours", rule)
    elif now < opens_at:
        reason = reason_of("not_yet_open", rule, at=opens_at.isoformat())
    elif now >= closes_at:
        reason = reason_of("window_closed", rule, at=last_shown(closes_at))
    else:
        reason = reason_of("lottery_open", rule, at=last_shown(closes_at))
    confirm_until = _confirm_until(rules, room_rules, rule, day)
    reasons = [reason]
    if confirm_until and rule.confirm:
        code = "confirm_or_void" if rule.confirm.unconfirmed == "void" else "confirm_by"
        reasons.append(reason_of(code, rule.confirm, at=last_shown(confirm_until)))
    return LotteryAnswer(
        reason.code == "lottery_open",
        opens_at,
        closes_at,
        _moment(rules, room_rules, rule.draw, day),
        _moment(rules, room_rules, rule.announced, day),
        tuple(reasons),
        confirm_until,
        rule.confirm.unconfirmed if rule.confirm else None,
        bool(rule.confirm and rule.confirm.runners_up),
    )


def rounds_of(rules: Rules, facility: str, room: str, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """When entries for a day of use are taken, by round: days with the same answer are drawn together.

    Empty without a lottery. Raises UnknownFacility or UnknownRoom.
    """
    room_rules = rules.room(facility, room)
    facts = Facts(rules.book, room=room, day=day, span=(0, 1440), answers=rules.usual_answers)
    fitting = (rule for rule in room_rules.application.lottery if _about(rule, facts))
    return tuple(_entries(rules, room_rules, rule, day) for rule in fitting)


def _about(rule: Lottery, facts: Facts) -> bool:
    """Whether a round is for such days, whoever enters."""
    loose = [case.model_copy(update={"who": (), "purpose": (), "channel": ()}) for case in rule.when]
    return not loose or facts.fits(loose)


def contest(rules: Rules, *, facility: str, room: str, day: date, applicants: Sequence[Applicant]) -> Contest:
    """Who has a time that several want: the first, or among entries to the lottery the one with priority.

    Of several rounds the first that has entries decides. `winner` is None until lots are drawn, or a meeting or
    staff decide. Raises UnknownFacility, UnknownRoom, ValueError without applicants.
    """
    room_rules = rules.room(facility, room)
    first = min(applicants, key=lambda one: one.applied_at)
    rounds = room_rules.application.lottery
    for rule in rounds:
        opens_at, closes_at = _entries(rules, room_rules, rule, day)
        entries = [
            one
            for one in applicants
            if opens_at <= one.applied_at < closes_at
            and (len(rounds) == 1 or _facts(rules, room, day, one).meets(rule))
        ]
        if entries:
            draw_at = _moment(rules, room_rules, rule.draw, day)
            return _among(rule, [(one, _facts(rules, room, day, one)) for one in entries], draw_at)
    reason = reason_of("first_come", rounds[0]) if rounds else Reason("first_come", {})
    return Contest("first_come", first.name, None, (reason,))


def _among(rule: Lottery, entries: Sequence[tuple[Applicant, Facts]], draw_at: datetime | None) -> Contest:
    for priority in rule.priorities:
        preferred = [one for one in entries if one[1].meets(priority)]
        if preferred and len(preferred) < len(entries):
            entries, name = preferred, priority.name
            reason = reason_of("priority", priority, name=name, name_en=priority.name_en or name)
            if len(entries) == 1:
                return Contest("priority", entries[0][0].name, draw_at, (reason,))
    if len(entries) == 1:
        return Contest("first_come", entries[0][0].name, None, (reason_of("first_come", rule),))
    decided_by, code = _METHODS[rule.method]
    return Contest(decided_by, None, draw_at, (reason_of(code, rule),))


def _confirm_until(rules: Rules, room: RoomRules, rule: Lottery, day: date) -> datetime | None:
    """The first moment too late for a winner to confirm."""
    confirm, ends = rule.confirm, list[datetime]()
    if confirm is None:
        return None
    if confirm.closes is not None:
        ends.append(until_moment(confirm.closes, day, 0, rules.zone, opens_on(room)))
    told = _moment(rules, room, rule.announced or rule.draw, day)
    if confirm.days_after is not None and told is not None:
        ends.append(moment(told.date() + timedelta(days=confirm.days_after), 1440, rules.zone))
    return min(ends, default=None)


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
