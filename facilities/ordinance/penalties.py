"""Where offences lead: points, and what follows from how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from facilities.ordinance.answers import PenaltyAnswer
from facilities.ordinance.cancellation_clauses import Offence, PenaltyStep
from facilities.ordinance.facts import Facts, Given
from facilities.ordinance.reasons import Reason, reason_of
from facilities.ordinance.rules import Rules
from facilities.ordinance.values import plain_number, plus_months


@dataclass(frozen=True, slots=True)
class Event:
    """An offence (its key) on a day (None: today), so many times, with what is known of it."""

    offence: str
    day: date | None = None
    times: int = 1
    answers: Mapping[str, Given] = field(default_factory=dict)


def penalty(rules: Rules, *, facility: str, events: Sequence[Event], day: date) -> PenaltyAnswer:
    """The points of an applicant's offences as they stand on `day`, and what follows from them.

    Raises UnknownFacility.
    """
    terms = rules.facility(facility).penalty
    if terms is None:
        return PenaltyAnswer(0, False, False, False, (Reason("penalty_undefined", {}),))
    offences = {one.key: one for one in terms.offences}
    since = day - timedelta(days=terms.within_days) if terms.within_days else date.min
    points, last, reasons = Fraction(0), date.min, list[Reason]()
    for event in events:
        offence = offences.get(event.offence)
        if offence is None or not since < (event.day or day) <= day:
            continue
        counted = _points(rules, offence, event)
        points += counted
        last = max(last, event.day or day) if counted else last
        name = offence.name
        said = str(plain_number(counted))
        reasons.append(reason_of("offence", offence, name=name, name_en=offence.name_en or name, points=said))
    steps = [step for step in terms.steps if points >= step.at_least]
    reasons += [_step_reason(step) for step in steps]
    automatic = [step for step in steps if step.automatic]
    return PenaltyAnswer(
        plain_number(points),
        any(step.deregisters for step in automatic),
        any(not step.automatic for step in steps),
        any(step.cancels_bookings for step in automatic),
        tuple(reasons) or (Reason("no_offence", {}),),
        max((until for step in automatic if (until := _suspended(step, last))), default=None),
    )


def barred_until(rules: Rules, *, facility: str, deregistered_on: date, role: str) -> date | None:
    """The first day on which a person of a deregistered group may register again; None: at once.

    Raises UnknownFacility.
    """
    terms = rules.facility(facility).penalty
    months = [
        step.bars_months
        for step in (terms.steps if terms else ())
        if step.deregisters and step.bars_months and (not step.barred_roles or role in step.barred_roles)
    ]
    return plus_months(deregistered_on, max(months)) if months else None


def keeps_booking(rules: Rules, *, facility: str, deregistered_on: date, booked_for: date) -> bool:
    """Whether a booking of a deregistered group for a day stands. Raises UnknownFacility."""
    terms = rules.facility(facility).penalty
    cancels = any(step.deregisters and step.cancels_bookings for step in (terms.steps if terms else ()))
    return booked_for < deregistered_on or not cancels


def _suspended(step: PenaltyStep, last: date) -> date | None:
    """The first day after a suspension that begins with the last offence."""
    if step.suspends_months is None and step.suspends_days is None:
        return None
    return plus_months(last, step.suspends_months or 0) + timedelta(days=step.suspends_days or 0)


def _points(rules: Rules, offence: Offence, event: Event) -> Fraction:
    facts = Facts(rules.book, answers={**rules.usual_answers, **event.answers})
    return offence.points * event.times if facts.meets(offence) else Fraction(0)


def _step_reason(step: PenaltyStep) -> Reason:
    name, points = step.name, str(plain_number(step.at_least))
    code = "penalty_step" if step.automatic else "penalty_may"
    return reason_of(code, step, name=name, name_en=step.name_en or name, points=points)
