"""The kinds of worked cases about money: asks the engine and says its answer in the words cases expect."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from facilities.ordinance.cases.given import (
    NOON,
    Given,
    asked,
    day_of,
    facility_of,
    given_up_at,
    optional_day,
    room_of,
    starts_of,
    uses_of,
)
from facilities.ordinance.days.moments import moment
from facilities.ordinance.document.values import say_share
from facilities.ordinance.paying.cancelling import cancellation, change
from facilities.ordinance.paying.due_dates import payment_due
from facilities.ordinance.pricing.exempting import exempt, exemption
from facilities.ordinance.pricing.fees import quote_uses
from facilities.ordinance.pricing.reducing import Grant
from facilities.ordinance.reasons import Reason
from facilities.ordinance.rules import Rules

Got = dict[str, Any]


def fee(rules: Rules, given: Given) -> Got:
    """`yen`, `deposit_yen`, `settled_later`, and the lines."""
    uses, ground = uses_of(rules, given), given.get("ground")
    grounds = (ground,) if isinstance(ground, str) else tuple(ground or ())
    before = int(given.get("granted_before", 0))
    answer = quote_uses(
        rules,
        facility=facility_of(rules, given),
        uses=uses,
        extras={} if uses and "uses" not in given else dict(given.get("extras", {})),
        grants=[Grant(key, given.get("percent"), before=before) for key in grounds],
        **asked(given),
    )
    return {
        "yen": answer.total_yen,
        "deposit_yen": answer.deposit_yen,
        "settled_later": answer.settled_later,
        "lines": [line.label_ja for line in answer.lines],
    }


def exempted(rules: Rules, given: Given) -> Got:
    """`eligible`, `rate`; with a room also `yen` after and `before` the exemption."""
    facility, ground = facility_of(rules, given), str(given["ground"])
    if not {"room", "rooms", "uses"} & set(given):
        told = exemption(rules, facility=facility, ground=ground)
        return {"eligible": told.eligible, "rate": _rate(told.rate, told.reasons[0])}
    uses, percent = uses_of(rules, given), given.get("percent")
    answer = exempt(
        rules,
        facility=facility,
        ground=ground,
        uses=uses,
        percent=percent,
        granted_before=int(given.get("granted_before", 0)),
        **asked(given),
    )
    before = answer.quote.before_exemption_yen
    return {
        "eligible": answer.eligible,
        "rate": _rate(answer.percent, answer.reasons[0])
        if answer.percent is not None or answer.share is None
        else say_share(answer.share),
        "yen": answer.quote.total_yen,
        "before": answer.quote.total_yen if before is None else before,
        "reasons": say(answer.reasons),
    }


def _rate(percent: int | None, reason: Reason) -> int | str | None:
    text = reason.params.get("text")
    return f"裁量 ({text})" if text and percent is None else percent


def refunded(rules: Rules, given: Given) -> Got:
    """`refund_yen`, `eligible`, `charge_yen`, `claim_until`, and `amount` where staff decide."""
    day = day_of(given.get("use", rules.effective_from + timedelta(days=30)))
    answer = cancellation(
        rules,
        facility=facility_of(rules, given),
        room=room_of(rules, given),
        day=day,
        starts=starts_of(rules, given, day),
        now=given_up_at(rules, given, "cancel", day),
        paid_yen=int(given.get("paid", 0)),
        fee_yen=given.get("fee"),
        parts=given.get("parts"),
        cause=str(given["cause"]),
        headcount=given.get("headcount"),
        channel=str(given.get("channel", "web")),
        **_known(given),
    )
    got: Got = {
        "refund_yen": answer.refund_yen,
        "eligible": answer.refund_yen != 0,
        "charge_yen": answer.charge_yen,
        "claim_until": answer.claim_until,
        "reasons": say(answer.reasons),
    }
    if answer.refund_yen is None:
        texts = [reason.params["text"] for reason in answer.reasons if "text" in reason.params]
        got["amount"] = f"裁量 ({texts[0]})" if texts else "裁量"
    return got


def _known(given: Given) -> dict[str, Any]:
    """What is known of a booking that is given up or changed."""
    return {
        "applicant_class": str(given.get("applicant_class", "")),
        "answers": dict(given.get("answers", {})),
        "purpose": given.get("purpose"),
        "booked_on": optional_day(given, "booked_on"),
    }


def changed(rules: Rules, given: Given) -> Got:
    """`allowed`, `pay_yen`, `refund_yen`."""
    day = day_of(given["use"])
    answer = change(
        rules,
        facility=facility_of(rules, given),
        room=room_of(rules, given),
        day=day,
        starts=starts_of(rules, given, day),
        old_yen=int(given.get("old_fee", 0)),
        new_yen=int(given.get("new_fee", given.get("old_fee", 0))),
        cause=str(given.get("cause", "own")),
        now=given_up_at(rules, given, "change", day),
        changes_before=int(given.get("changes_before", 0)),
        first_day=optional_day(given, "first_day"),
        new_day=optional_day(given, "new_day"),
        **_known(given),
    )
    return {
        "allowed": answer.allowed,
        "pay_yen": answer.pay_yen,
        "refund_yen": answer.refund_yen,
        "reasons": say(answer.reasons),
    }


def due(rules: Rules, given: Given) -> Got:
    """`last_day`, `deferred`, `unpaid`, and of instalments `parts` with `name`, `yen` and `last_day`."""
    day, booked = day_of(given["use"]), moment(day_of(given["booked_on"]), NOON, rules.zone)
    approved = optional_day(given, "approved_on")
    answer = payment_due(
        rules,
        facility=facility_of(rules, given),
        room=room_of(rules, given),
        day=day,
        starts=starts_of(rules, given, day),
        applicant_class=str(given.get("applicant_class", "")),
        booked_at=booked,
        approved_at=moment(approved, NOON, rules.zone) if approved else None,
        total_yen=given.get("fee"),
        purpose=given.get("purpose"),
        answers=dict(given.get("answers", {})),
        channel=str(given.get("channel", "web")),
        headcount=given.get("headcount"),
    )
    return {
        "last_day": _last_day(answer.due_at),
        "deferred": answer.deferred,
        "unpaid": answer.unpaid,
        "parts": tuple(
            {"name": one.name_ja, "yen": one.yen, "last_day": _last_day(one.due_at)} for one in answer.parts
        ),
        "reasons": say(answer.reasons),
    }


def _last_day(due_at: datetime | None) -> date | None:
    return (due_at - timedelta(microseconds=1)).date() if due_at else None


def say(reasons: Any) -> list[str]:
    """The sentences of reasons."""
    return [reason.sentence() for reason in reasons]
