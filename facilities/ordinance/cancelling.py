"""Until when a resident cancels, what is paid back, and what a change costs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from facilities.ordinance.answers import Cancellation, ChangeAnswer, RefundAnswer
from facilities.ordinance.cancellation_clauses import Refund
from facilities.ordinance.facts import Facts, Given
from facilities.ordinance.moments import last_shown, until_moment
from facilities.ordinance.reasons import Reason, reason_of
from facilities.ordinance.rules import RoomRules, Rules
from facilities.ordinance.windows import opens_on


def cancellation(
    rules: Rules,
    *,
    facility: str,
    room: str,
    day: date,
    starts: int,
    paid_yen: int,
    cause: str,
    now: datetime,
    channel: str = "web",
    applicant_class: str = "",
    answers: Mapping[str, Given] | None = None,
) -> Cancellation:
    """Whether residents may cancel by themselves at `now` (aware), and the refund of `paid_yen`.

    `cause` is a key of the document's causes. refund_yen is None where staff decide. Fractions of a yen
    of a refund are dropped. Raises UnknownFacility or UnknownRoom.
    """
    room_rules = rules.room(facility, room)
    terms = room_rules.cancellation
    if terms is None:
        return Cancellation(False, None, None, (Reason("cancel_undefined", {}),))
    own = next((one for one in terms.deadlines if channel in one.channels), None)
    try:
        closes = own.closes if own else terms.deadline
        deadline = until_moment(closes, day, starts, rules.zone, opens_on(room_rules))
    except OverflowError:
        return Cancellation(False, None, None, (Reason("cancel_undefined", {}),))
    allowed = now < deadline
    code = "cancel_until" if allowed else "cancel_too_late"
    first = reason_of(code, own or terms, at=last_shown(deadline))
    facts = _facts(rules, room_rules, day, now, applicant_class, answers)
    rung = _rung(rules, room_rules, cause, facts, now)
    refund_yen, second = _paid_back(rung, paid_yen)
    return Cancellation(allowed, deadline, refund_yen, (first, second))


def refund(
    rules: Rules,
    *,
    facility: str,
    room: str,
    day: date,
    paid_yen: int,
    cause: str,
    now: datetime,
    applicant_class: str = "",
    answers: Mapping[str, Given] | None = None,
) -> RefundAnswer:
    """What comes back of `paid_yen` for a use on `day` given up at `now` (aware) for a cause (its key).

    Never more than was paid; None where staff decide. Raises UnknownFacility or UnknownRoom.
    """
    room_rules = rules.room(facility, room)
    facts = _facts(rules, room_rules, day, now, applicant_class, answers)
    rung = _rung(rules, room_rules, cause, facts, now)
    refund_yen, reason = _paid_back(rung, paid_yen)
    return RefundAnswer(refund_yen != 0, rung.percent if rung else None, refund_yen, (reason,))


def change(
    rules: Rules,
    *,
    facility: str,
    room: str,
    day: date,
    old_yen: int,
    new_yen: int,
    cause: str,
    now: datetime,
) -> ChangeAnswer:
    """What is paid or comes back when a booking on `day` that cost `old_yen` becomes one of `new_yen`.

    Raises UnknownFacility or UnknownRoom.
    """
    room_rules = rules.room(facility, room)
    terms = room_rules.cancellation
    rule = terms.change if terms else None
    if terms is None or rule is None:
        return ChangeAnswer(max(0, new_yen - old_yen), None, (Reason("change_undefined", {}),))
    pay = max(0, new_yen - old_yen) + rule.yen
    less = max(0, old_yen - new_yen)
    reason = reason_of(f"change_{rule.difference}", rule, yen=rule.yen)
    if rule.difference != "ladder" or not less:
        return ChangeAnswer(pay, less if rule.difference == "full" else 0, (reason,))
    rung = _rung(rules, room_rules, cause, _facts(rules, room_rules, day, now, "", None), now)
    refund_yen, second = _paid_back(rung, less)
    return ChangeAnswer(pay, refund_yen, (reason, second))


def _facts(
    rules: Rules,
    room: RoomRules,
    day: date,
    now: datetime,
    applicant_class: str,
    answers: Mapping[str, Given] | None,
) -> Facts:
    ahead = {"days_ahead": (day - now.astimezone(rules.zone).date()).days}
    known = {**rules.usual_answers, **(answers or {})}
    return Facts(rules.book, applicant_class, room=room.room.key, day=day, numbers=ahead, answers=known)


def _rung(rules: Rules, room: RoomRules, cause: str, facts: Facts, now: datetime) -> Refund | None:
    rungs = room.cancellation.refunds if room.cancellation else ()
    for one in rungs:
        if one.causes and cause not in one.causes:
            continue
        least = one.at_least_days_before
        if least is not None and facts.numbers["days_ahead"] < least:
            continue
        day = facts.day or date.min
        if one.by is not None and now >= until_moment(one.by, day, 0, rules.zone, opens_on(room)):
            continue
        if facts.meets(one):
            return one
    return None


def _paid_back(refund: Refund | None, paid_yen: int) -> tuple[int | None, Reason]:
    if refund is None:
        return None, Reason("refund_undefined", {})
    if refund.percent is None:
        text = refund.discretionary or ""
        return None, reason_of(
            "refund_discretionary", refund, text=text, text_en=refund.discretionary_en or text
        )
    if refund.percent == 0:
        return 0, reason_of("refund_none", refund)
    back = max(0, paid_yen * refund.percent // 100 - refund.less_yen)
    if refund.less_yen:
        kept = refund.less_yen
        return back, reason_of("refund_less", refund, percent=refund.percent, yen=kept)
    return back, reason_of("refund_percent", refund, percent=refund.percent)
