"""Each kind of worked case: asks the engine and says its answer in the words cases expect."""

from __future__ import annotations

from datetime import datetime, timedelta

from facilities.ordinance.answers import Contest
from facilities.ordinance.applying.counting import count_held
from facilities.ordinance.applying.deciding import facts_of_application, known_facts
from facilities.ordinance.applying.limits import limit_reasons, limits_of
from facilities.ordinance.applying.lotteries import contest, lottery
from facilities.ordinance.applying.penalties import keeps_booking, penalty
from facilities.ordinance.applying.registering import register
from facilities.ordinance.applying.reviewing import needs_review
from facilities.ordinance.applying.windows import may_apply, time_reasons
from facilities.ordinance.cases.given import (
    NOON,
    Given,
    applicants_of,
    applied_at,
    counts_of,
    day_of,
    events_of,
    facility_of,
    held_of,
    optional_day,
    room_of,
    some_time,
    uses_of,
)
from facilities.ordinance.cases.money import Got, say
from facilities.ordinance.days.moments import moment
from facilities.ordinance.document.values import read_clock
from facilities.ordinance.paying.cancelling import cancellation
from facilities.ordinance.pricing.requested import rooms_beside
from facilities.ordinance.reasons import Reason
from facilities.ordinance.rules import Rules

_NUMBERS = ("run_days", "run_day", "days_ahead", "headcount", "minutes")
_DECIDED = {
    "first_come": "先着",
    "priority": "優先",
    "lottery": "抽選",
    "meeting": "話合い",
    "staff": "選考",
}


def is_open(rules: Rules, given: Given) -> Got:
    """`open` at a time, and the `reason`."""
    day = day_of(given["date"])
    room, hall = given.get("room"), rules.facility(facility_of(rules, given))
    calendar = rules.room(facility_of(rules, given), str(room)).calendar if room else hall.calendar
    facts = known_facts(rules, str(room or ""), "", "", None, dict(given.get("answers", {})), {})
    answer = calendar.open_day_for(day, facts)
    at = read_clock(given["time"])
    inside = any(starts <= at < ends for starts, ends in answer.periods)
    reason = answer.closed or answer.reasons[0]
    return {"open": inside, "reason": reason.params.get("name", reason.sentence())}


def slot(rules: Rules, given: Given) -> Got:
    """`allowed`: whether a time can be rented as such; with `action: cancel`, cancelled by a channel."""
    if given.get("action") == "cancel":
        day = day_of(given["use"])
        answer = cancellation(
            rules,
            facility=facility_of(rules, given),
            room=room_of(rules, given),
            day=day,
            starts=NOON,
            paid_yen=0,
            cause=str(given.get("cause", "own")),
            now=moment(day_of(given["on"]), NOON, rules.zone),
            channel=str(given.get("channel", "web")),
        )
        return {"allowed": answer.allowed, "reasons": say(answer.reasons)}
    facility, reasons = facility_of(rules, given), list[Reason]()
    uses = uses_of(rules, {"room": room_of(rules, given), **given})
    for use in uses:
        facts = known_facts(
            rules, use.room, str(given.get("applicant_class", "")), "", use.purpose, use.answers, {}
        )
        facts = facts.of_use(use.day, (use.starts, use.ends), rooms_beside(uses, use))
        room = rules.room(facility, use.room)
        reasons += time_reasons(rules, facility, room, facts, use.early_minutes, use.extension_minutes)
    return {"allowed": not reasons, "reasons": say(reasons)}


def apply(rules: Rules, given: Given) -> Got:
    """`allowed`, `opens`, `opens_at`, `last_day`; of several `applicants` who has it."""
    facility, room, day = facility_of(rules, given), room_of(rules, given), day_of(given["use"])
    if "applicants" in given:
        applicants = applicants_of(rules, given, day)
        return _contest(contest(rules, facility=facility, room=room, day=day, applicants=applicants))
    starts, ends = some_time(rules, given, day)
    decision = may_apply(
        rules,
        facility=facility,
        room=room,
        day=day,
        starts=starts,
        ends=ends,
        now=applied_at(rules, given, day, starts),
        applicant_class=str(given.get("applicant_class", "")),
        channel=str(given.get("channel", "web")),
        purpose=given.get("purpose"),
        headcount=given.get("headcount"),
        answers=dict(given.get("answers", {})),
        with_rooms=tuple(given.get("with_rooms", ())),
        run_days=given.get("run_days", given.get("days")),
        run_day=given.get("run_day"),
        counts=counts_of(given),
        entry=bool(given.get("entry", False)),
    )
    return {
        "allowed": decision.allowed,
        "opens": decision.opens_at.date() if decision.opens_at else None,
        "opens_at": _at(decision.opens_at),
        "last_day": decision.last_day,
        "reasons": say(decision.reasons),
    }


def review(rules: Rules, given: Given) -> Got:
    """`review`: whether an application is reviewed first; `decide_by`, by which day it should be decided."""
    facility, room, day = facility_of(rules, given), room_of(rules, given), day_of(given["use"])
    starts, ends = some_time(rules, given, day)
    answer = needs_review(
        rules,
        facility=facility,
        room=room,
        day=day,
        starts=starts,
        ends=ends,
        now=applied_at(rules, {"apply_on": day, **given}, day, starts),
        applicant_class=str(given.get("applicant_class", "")),
        channel=str(given.get("channel", "web")),
        purpose=given.get("purpose"),
        headcount=given.get("headcount"),
        answers=dict(given.get("answers", {})),
        with_rooms=tuple(given.get("with_rooms", ())),
        run_days=given.get("run_days", given.get("days")),
        run_day=given.get("run_day"),
    )
    return {"review": answer.needed, "decide_by": answer.decide_by, "reasons": say(answer.reasons)}


def draw(rules: Rules, given: Given) -> Got:
    """`allowed`, `window`, `draw`, with `event: announced` the moment `at`; of `applicants` who has it."""
    facility, room = facility_of(rules, given), room_of(rules, given)
    day = day_of(given.get("use", rules.effective_from))
    if "applicants" in given:
        applicants = applicants_of(rules, given, day)
        return _contest(contest(rules, facility=facility, room=room, day=day, applicants=applicants))
    known = {"apply_on": day, **given}
    answer = lottery(
        rules,
        facility=facility,
        room=room,
        day=day,
        now=applied_at(rules, known, day, NOON),
        applicant_class=str(given.get("applicant_class", "")),
        purpose=given.get("purpose"),
        answers=dict(given.get("answers", {})),
        channel=str(given.get("channel", "")),
    )
    return {
        "allowed": answer.allowed,
        "window": f"{_at(answer.opens_at)}/{_at(answer.closes_at)}",
        "draw": answer.draw_at.date() if answer.draw_at else None,
        "at": _at(answer.announced_at if given.get("event") == "announced" else answer.draw_at),
        "confirm_until": (answer.confirm_until - timedelta(minutes=1)).date()
        if answer.confirm_until
        else None,
        "reasons": say(answer.reasons),
    }


def limit(rules: Rules, given: Given) -> Got:
    """`allowed`: whether one more fits, with `counts` of what there is, by the limit's key, or `held`."""
    facility, room = facility_of(rules, given), rules.room(facility_of(rules, given), room_of(rules, given))
    numbers = {key: int(given[key]) for key in _NUMBERS if key in given}
    who = str(given.get("applicant_class", "")), str(given.get("channel", "web")), given.get("purpose")
    facts = known_facts(rules, room.room.key, *who, dict(given.get("answers", {})), numbers)
    counts = counts_of(given)
    named = [one for one in room.application.limits if one.key in counts]
    entry = bool(given.get("entry", any(not one.concerns(False) for one in named)))
    if "date" in given or "use" in given:
        day = day_of(given.get("date", given.get("use")))
        starts, ends = some_time(rules, given, day)
        now = applied_at(rules, {"apply_on": rules.effective_from, **given}, day, starts)
        facts = facts_of_application(
            rules,
            facility=facility,
            room=room.room.key,
            day=day,
            starts=starts,
            ends=ends,
            applicant_class=who[0],
            channel=who[1],
            now=now,
            purpose=who[2],
            answers=dict(given.get("answers", {})),
            with_rooms=tuple(given.get("with_rooms", ())),
            numbers=numbers,
        )
        held = held_of(rules, given, now.date())
        for one in limits_of(room.application, facts, entry=entry) if "held" in given else ():
            counts[one.key] = count_held(
                rules, one, facility=facility, room=room.room.key, day=day, now=now, held=held
            )
    reasons = list(limit_reasons(room.application, facts, counts, entry=entry))
    return {"allowed": not reasons, "reasons": say(reasons)}


def registration(rules: Rules, given: Given) -> Got:
    """`allowed`, `valid_until`."""
    answer = register(
        rules,
        facility=facility_of(rules, given),
        day=day_of(given.get("register_on", given.get("issued_on"))),
        members=given.get("members"),
        counted=given.get("counted"),
        deregistered_on=optional_day(given, "deregistered_on"),
        role=str(given.get("role", "")),
        kind=given.get("kind"),
        answers=dict(given.get("answers", {})),
    )
    last = answer.renews_until - timedelta(minutes=1) if answer.renews_until else None
    return {
        "allowed": answer.allowed,
        "valid_until": answer.valid_until,
        "renews_from": answer.renews_from.date() if answer.renews_from else None,
        "renews_until": last.date() if last else None,
        "reasons": say(answer.reasons),
    }


def penalised(rules: Rules, given: Given) -> Got:
    """`points`, `deregistered`, `may_restrict`; of a later booking whether it stands (`booking`)."""
    facility = facility_of(rules, given)
    if "booking_for" in given:
        out, booked = day_of(given["deregistered_on"]), day_of(given["booking_for"])
        stands = keeps_booking(rules, facility=facility, deregistered_on=out, booked_for=booked)
        return {"booking": "有効" if stands else "抹消"}
    day = day_of(given.get("on", rules.effective_from))
    answer = penalty(
        rules, facility=facility, events=events_of(given), day=day, earlier=int(given.get("earlier", 0))
    )
    return {
        "points": answer.points,
        "deregistered": answer.deregistered,
        "may_restrict": answer.may_restrict,
        "suspended_until": answer.suspended_until,
        "suspended_from": answer.suspended_from,
        "suspends": answer.suspends,
        "reasons": say(answer.reasons),
    }


def _contest(answer: Contest) -> Got:
    return {
        "decided_by": _DECIDED[answer.decided_by],
        "winner": answer.winner,
        "draw": answer.draw_at.date() if answer.draw_at else None,
    }


def _at(when: datetime | None) -> str | None:
    return when.strftime("%Y-%m-%dT%H:%M") if when else None
