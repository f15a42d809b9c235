"""Worked cases: the examples a document carries and must pass before it can be published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from facilities.ordinance.answers import CaseResult
from facilities.ordinance.cancelling import cancellation
from facilities.ordinance.document import Ordinance, WorkedCase
from facilities.ordinance.errors import OrdinanceError
from facilities.ordinance.exempting import exemption
from facilities.ordinance.fees import quote
from facilities.ordinance.rules import RoomRules, Rules, compile_rules
from facilities.ordinance.values import read_clock, read_span
from facilities.ordinance.windows import may_apply, moment

Given = Mapping[str, Any]
_NOON = 720


def run_cases(document: Ordinance) -> tuple[CaseResult, ...]:
    """Run every worked case of a document. A case passes when all it expects is answered so.

    What a case gives that cannot be read makes it fail with the mistake in `got`, never raises.
    """
    rules = compile_rules(document)
    return tuple(_run(rules, case) for case in document.cases)


def _run(rules: Rules, case: WorkedCase) -> CaseResult:
    try:
        got = _KINDS[case.kind](rules, case.given)
    except OrdinanceError as error:
        got = {"error": str(error)}
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError) as error:
        got = {"error": f"given を読めません: {type(error).__name__} {error}"}
    passed = bool(case.expect) and all(key in got and got[key] == value for key, value in case.expect.items())
    return CaseResult(case.id, case.kind, passed, case.given, case.expect, got)


def _facility(rules: Rules, given: Given) -> str:
    return str(given.get("facility", rules.document.facilities[0].key))


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _time(room: RoomRules, given: Given, opens: int) -> tuple[int, int]:
    if "time" in given:
        return read_span(given["time"])
    if "slots" in given:
        times = {slot.key: slot.time for slot in room.time.slots}
        chosen = [times[key] for key in given["slots"]]
        return min(start for start, _ in chosen), max(end for _, end in chosen)
    return opens, opens + int(given.get("minutes", 60))


def _fee(rules: Rules, given: Given) -> dict[str, Any]:
    facility, room = _facility(rules, given), str(given["room"])
    room_rules = rules.room(facility, room)
    day = _day(given.get("date", rules.effective_from))
    opens = rules.document.calendars[rules.facility(facility).facility.calendar].hours.usual[0][0]
    starts, ends = _time(room_rules, given, opens)
    answer = quote(
        rules,
        facility=facility,
        room=room,
        day=day,
        starts=starts,
        ends=ends,
        applicant_class=str(given.get("applicant_class", "")),
    )
    return {"yen": answer.total_yen, "lines": [line.label_ja for line in answer.lines]}


def _open(rules: Rules, given: Given) -> dict[str, Any]:
    answer = rules.facility(_facility(rules, given)).calendar.open_day(_day(given["date"]))
    at = read_clock(given["time"])
    is_open = any(starts <= at < ends for starts, ends in answer.periods)
    reason = answer.closed or answer.reasons[0]
    return {"open": is_open, "reason": reason.params.get("name", reason.sentence())}


def _apply(rules: Rules, given: Given) -> dict[str, Any]:
    facility, day = _facility(rules, given), _day(given["use"])
    room = str(given.get("room", next(iter(rules.facility(facility).rooms))))
    if "apply_at" in given:
        now = datetime.fromisoformat(str(given["apply_at"])).replace(tzinfo=rules.zone)
    else:
        now = moment(_day(given["apply_on"]), _NOON, rules.zone)
    starts, ends = _some_time(rules, facility, room, day, given)
    decision = may_apply(
        rules,
        facility=facility,
        room=room,
        day=day,
        starts=starts,
        ends=ends,
        now=now,
        applicant_class=str(given.get("applicant_class", "")),
        channel=str(given.get("channel", "web")),
    )
    return {
        "allowed": decision.allowed,
        "opens": decision.opens_at.date() if decision.opens_at else None,
        "last_day": decision.last_day,
        "reasons": [reason.sentence() for reason in decision.reasons],
    }


def _some_time(rules: Rules, facility: str, room: str, day: date, given: Given) -> tuple[int, int]:
    room_rules = rules.room(facility, room)
    if "time" in given or "slots" in given:
        return _time(room_rules, given, 0)
    if room_rules.time.hours:
        opens = rules.facility(facility).calendar.open_day(day).periods
        starts = opens[0][0] if opens else 0
        return starts, starts + max(room_rules.time.hours.minimum or 0, room_rules.time.hours.step)
    return room_rules.time.slots[0].time


def _refund(rules: Rules, given: Given) -> dict[str, Any]:
    facility = _facility(rules, given)
    room = str(given.get("room", next(iter(rules.facility(facility).rooms))))
    day = _day(given.get("use", rules.effective_from + timedelta(days=30)))
    now = moment(_day(given.get("cancel_on", day)), 0, rules.zone)
    answer = cancellation(
        rules,
        facility=facility,
        room=room,
        day=day,
        starts=_NOON,
        now=now,
        paid_yen=int(given["paid"]),
        cause=str(given["cause"]),
    )
    rung = answer.reasons[-1]
    got: dict[str, Any] = {"refund_yen": answer.refund_yen, "eligible": answer.refund_yen != 0}
    if answer.refund_yen is None:
        got["amount"] = f"裁量 ({rung.params['text']})" if "text" in rung.params else "裁量"
    return got


def _exempt(rules: Rules, given: Given) -> dict[str, Any]:
    answer = exemption(rules, facility=_facility(rules, given), ground=str(given["ground"]))
    rate = answer.rate if answer.rate is not None or not answer.eligible else None
    text = answer.reasons[0].params.get("text")
    return {"eligible": answer.eligible, "rate": f"裁量 ({text})" if text else rate}


_KINDS: Mapping[str, Callable[[Rules, Given], dict[str, Any]]] = {
    "fee": _fee,
    "open": _open,
    "apply": _apply,
    "refund": _refund,
    "exempt": _exempt,
}
