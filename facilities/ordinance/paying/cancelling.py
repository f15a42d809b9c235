"""Until when a resident cancels, what is paid back or charged, and what a change costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from facilities.ordinance.answers import Cancellation, ChangeAnswer, RefundAnswer
from facilities.ordinance.applying.deciding import known_facts
from facilities.ordinance.applying.windows import opens_on
from facilities.ordinance.days.moments import last_shown, moment, until_moment
from facilities.ordinance.document.application_clauses import Until
from facilities.ordinance.document.cancellation_clauses import CancellationCharge, Change, Refund, Rung
from facilities.ordinance.facts import Facts, Given
from facilities.ordinance.paying.refunding import charged, less_charge, paid_back
from facilities.ordinance.reasons import Reason, reason_of
from facilities.ordinance.rules import FacilityRules, RoomRules, Rules


@dataclass(frozen=True, slots=True)
class _Booking:
    """A booking that is given up or changed, as the rules see it at `now`."""

    rules: Rules
    hall: FacilityRules
    room: RoomRules
    facts: Facts
    day: date
    starts: int
    cause: str
    now: datetime

    def before(self, by: Until) -> datetime:
        """The first moment too late. Raises OverflowError beyond the calendar."""
        return until_moment(by, self.day, self.starts, self.rules.zone, opens_on(self.room))

    def fits(self, rung: Rung) -> bool:
        """Whether a rung holds for this cause, this long before the use."""
        if rung.causes and self.cause not in rung.causes:
            return False
        least = rung.at_least_days_before
        if least is not None and self.facts.numbers["days_ahead"] < least:
            return False
        if rung.by is not None and self.now >= self.before(rung.by):
            return False
        return self.facts.meets(rung)


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
    purpose: str | None = None,
    headcount: int | None = None,
    booked_on: date | None = None,
    fee_yen: int | None = None,
    parts: Mapping[str, int] | None = None,
) -> Cancellation:
    """Whether residents may cancel by themselves at `now` (aware), and what money follows, as in `refund`.

    Raises UnknownFacility or UnknownRoom.
    """
    numbers = _numbers(rules, day, now, headcount, booked_on)
    facts = known_facts(rules, room, applicant_class, channel, purpose, answers, numbers)
    booking = _booking(rules, facility, replace(facts, booked=booked_on), day, starts, cause, now)
    terms = booking.room.cancellation
    if terms is None:
        return Cancellation(False, None, None, (Reason("cancel_undefined", {}),))
    own = next((one for one in terms.deadlines if channel in one.channels), None)
    try:
        deadline = booking.before(own.closes if own else terms.deadline)
        money = _money(booking, paid_yen, fee_yen, parts)
    except OverflowError:
        return Cancellation(False, None, None, (Reason("cancel_undefined", {}),))
    allowed = now < deadline
    code = "cancel_until" if allowed else "cancel_too_late"
    first = reason_of(code, own or terms, at=last_shown(deadline))
    reasons = (first, *money.reasons)
    return Cancellation(allowed, deadline, money.refund_yen, reasons, money.charge_yen, money.claim_until)


def refund(
    rules: Rules,
    *,
    facility: str,
    room: str,
    day: date,
    paid_yen: int,
    cause: str,
    now: datetime,
    starts: int = 0,
    applicant_class: str = "",
    answers: Mapping[str, Given] | None = None,
    purpose: str | None = None,
    headcount: int | None = None,
    booked_on: date | None = None,
    fee_yen: int | None = None,
    parts: Mapping[str, int] | None = None,
) -> RefundAnswer:
    """What comes back of `paid_yen` for a use on `day` given up at `now` (aware) for a cause (its key), and
    what is still to be paid of `fee_yen` (left out: what was paid).

    `parts` say what was paid for the fee and for each extra, as `Quote.yen_by_kind`. Never more comes back
    than was paid; None where staff decide. Fractions of a yen are dropped unless the document says
    otherwise. Raises UnknownFacility or UnknownRoom.
    """
    numbers = _numbers(rules, day, now, headcount, booked_on)
    facts = known_facts(rules, room, applicant_class, "", purpose, answers, numbers)
    facts = replace(facts, booked=booked_on)
    return _money(_booking(rules, facility, facts, day, starts, cause, now), paid_yen, fee_yen, parts)


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
    starts: int = 0,
    applicant_class: str = "",
    answers: Mapping[str, Given] | None = None,
    purpose: str | None = None,
    booked_on: date | None = None,
    changes_before: int = 0,
    first_day: date | None = None,
    new_day: date | None = None,
) -> ChangeAnswer:
    """What is paid or comes back when a booking on `day` that cost `old_yen` becomes one of `new_yen`, and
    whether it may: after `changes_before` changes, from `first_day` (left out: `day`) to `new_day`.

    Raises UnknownFacility or UnknownRoom.
    """
    numbers = _numbers(rules, day, now, None, booked_on)
    facts = known_facts(rules, room, applicant_class, "", purpose, answers, numbers)
    booking = _booking(rules, facility, replace(facts, booked=booked_on), day, starts, cause, now)
    terms = booking.room.cancellation
    if terms is None or not terms.change:
        return ChangeAnswer(max(0, new_yen - old_yen), None, (Reason("change_undefined", {}),))
    moved = abs((new_day - (first_day or day)).days) if new_day else 0
    against = Reason("change_not_here", {})
    for rule in terms.change:
        refused = _refuses(booking, rule, changes_before, moved)
        if refused is None:
            return _changed(booking, rule, old_yen, new_yen)
        against = refused if refused.code != "change_not_here" else against
    return ChangeAnswer(0, 0, (against,), allowed=False)


def _refuses(booking: _Booking, rule: Change, before: int, moved: int) -> Reason | None:
    """Why a change is not possible by a rule, or None."""
    if not booking.facts.meets(rule):
        return Reason("change_not_here", {})
    if rule.by is not None and booking.now >= (ends := booking.before(rule.by)):
        return reason_of("change_too_late", rule, at=last_shown(ends))
    if rule.at_most is not None and before >= rule.at_most:
        return reason_of("change_too_often", rule, number=rule.at_most)
    if rule.within_days is not None and moved > rule.within_days:
        return reason_of("change_too_far", rule, days=rule.within_days)
    return None


def _changed(booking: _Booking, rule: Change, old_yen: int, new_yen: int) -> ChangeAnswer:
    pay = max(0, new_yen - old_yen) + rule.yen
    less = max(0, old_yen - new_yen)
    reason = reason_of(f"change_{rule.difference}", rule, yen=rule.yen)
    if rule.difference != "ladder" or not less:
        return ChangeAnswer(pay, less if rule.difference == "full" else 0, (reason,))
    back = _money(booking, less, None, None)
    return ChangeAnswer(pay, back.refund_yen, (reason, *back.reasons))


def _numbers(
    rules: Rules, day: date, now: datetime, headcount: int | None, booked_on: date | None
) -> dict[str, int]:
    today = now.astimezone(rules.zone).date()
    numbers = {"days_ahead": (day - today).days}
    if headcount is not None:
        numbers["headcount"] = headcount
    if booked_on is not None:
        numbers["days_since_booking"] = (today - booked_on).days
    return numbers


def _booking(
    rules: Rules, facility: str, facts: Facts, day: date, starts: int, cause: str, now: datetime
) -> _Booking:
    facts = replace(facts, day=day)
    return _Booking(
        rules,
        rules.facility(facility),
        rules.room(facility, facts.room or ""),
        facts,
        day,
        starts,
        cause,
        now,
    )


def _money(
    booking: _Booking, paid_yen: int, fee_yen: int | None, parts: Mapping[str, int] | None
) -> RefundAnswer:
    """What comes back, and what is charged: of what was paid, by the first rung for each part of it."""
    terms = booking.room.cancellation
    charge = _first(booking, terms.charges) if terms else None
    unpaid = max(0, (paid_yen if fee_yen is None else fee_yen) - paid_yen)
    if charge is not None and terms and not terms.refunds:
        return less_charge(charge, paid_yen, paid_yen + unpaid)
    answers, main = list[tuple[int | None, Reason, Refund | None]](), None
    for rung, yen in _by_rung(booking, paid_yen, parts):
        if isinstance(rung, Reason):
            answers.append((yen, rung, None))
            continue
        answers.append((*paid_back(rung, yen), rung))
        main = main or rung
    reasons = [reason for _, reason, _ in answers]
    back = [yen for yen, _, _ in answers]
    refund_yen = None if None in back else min(paid_yen, sum(yen or 0 for yen in back))
    claims = [rung.claim_within_days for _, _, rung in answers if rung and rung.claim_within_days]
    today = booking.now.astimezone(booking.rules.zone).date()
    claim_until = today + timedelta(days=min(claims)) if claims and refund_yen != 0 else None
    if claim_until:
        at = last_shown(moment(claim_until, 1440, booking.rules.zone))
        reasons.append(Reason("refund_claim", {"at": at}))
    owed = charged(charge, unpaid) if charge else 0
    if charge and owed:
        reasons.append(reason_of("cancel_charge", charge, yen=owed))
    percent = main.percent if main else None
    return RefundAnswer(refund_yen != 0, percent, refund_yen, tuple(reasons), owed, claim_until)


def _first(booking: _Booking, charges: tuple[CancellationCharge, ...]) -> CancellationCharge | None:
    return next((one for one in charges if booking.fits(one)), None)


def _by_rung(
    booking: _Booking, paid_yen: int, parts: Mapping[str, int] | None
) -> Iterator[tuple[Refund | Reason | None, int]]:
    """What was paid, by the rung that holds for it, in the ladder's order; a deposit comes back by itself."""
    terms = booking.room.cancellation
    rungs = [one for one in (terms.refunds if terms else ()) if booking.fits(one)]
    split = dict(parts or {})
    split["fee"] = split.get("fee", 0) + paid_yen - sum(split.values())
    sums: dict[int, int] = {}
    for kind, yen in split.items():
        extra = booking.hall.extras.get(kind)
        places = [
            place for place, one in enumerate(rungs) if not one.covers or {kind, "all"} & set(one.covers)
        ]
        own = any(kind in rungs[place].covers for place in places)
        place = -1 if extra and extra.deposit and not own else next(iter(places), len(rungs))
        if yen or kind == "fee":
            sums[place] = sums.get(place, 0) + yen
    for place, yen in sorted(sums.items()):
        if place < 0:
            yield Reason("refund_deposit", {}), yen
        else:
            yield (rungs[place] if place < len(rungs) else None), yen
