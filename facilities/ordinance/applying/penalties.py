"""Where offences lead: points, and what follows from how many."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from facilities.ordinance.answers import PenaltyAnswer, StepAnswer
from facilities.ordinance.document.cancellation_clauses import Offence, Penalty, PenaltyStep
from facilities.ordinance.document.values import plain_number, plus_months
from facilities.ordinance.facts import Facts, Given
from facilities.ordinance.holidays import calendar_period
from facilities.ordinance.reasons import Reason, reason_of
from facilities.ordinance.rules import Rules


@dataclass(frozen=True, slots=True)
class Event:
    """An offence (its key) on a day (None: today), so many times, with what is known of it.

    `days_ahead` are the days from then to the use.
    """

    offence: str
    day: date | None = None
    times: int = 1
    answers: Mapping[str, Given] = field(default_factory=dict)
    days_ahead: int | None = None
    applicant_class: str = ""
    purpose: str | None = None


def penalty(
    rules: Rules, *, facility: str, events: Sequence[Event], day: date, earlier: int = 0
) -> PenaltyAnswer:
    """The points of an applicant's offences as they stand on `day`, and what follows from them.

    `earlier` are the suspensions there were before. Raises UnknownFacility.
    """
    terms = rules.facility(facility).penalty
    if terms is None:
        return PenaltyAnswer(0, False, False, False, (Reason("penalty_undefined", {}),))
    offences = {one.key: one for one in terms.offences}
    since = _since(terms, day)
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
    steps = [
        step
        for step in terms.steps
        if points >= step.at_least and (step.earlier is None or step.earlier.holds(earlier))
    ]
    reasons += [_step_reason(step) for step in steps]
    automatic = [step for step in steps if step.automatic]
    suspensions = [(until, step) for step in automatic if (until := _suspended(step, last))]
    until, step = max(suspensions, key=lambda one: one[0], default=(None, None))
    return PenaltyAnswer(
        plain_number(points),
        any(step.deregisters for step in automatic),
        any(not step.automatic for step in steps),
        any(step.cancels_bookings for step in automatic),
        tuple(reasons) or (Reason("no_offence", {}),),
        until,
        _begins(step, last) if step else None,
        step.suspends if step else None,
        _suspended_whom(step) if step else (),
        tuple(_reached(step, last) for step in steps),
    )


@dataclass(frozen=True, slots=True)
class Followed:
    """What follows from one of several offences, by its place among them, and why: what counted, and the step."""

    place: int
    step: StepAnswer
    reasons: tuple[Reason, ...]


def what_follows(
    rules_on: Callable[[date], Rules],
    *,
    facility: str,
    events: Sequence[Event],
    imposed: Collection[date] = (),
) -> list[Followed]:
    """Every step that offences led to, one after the other, each by the rules of its day. Of two suspensions of the
    same kind and people that begin together, the longer one follows.

    `events` are in the order of their days, which are known. `imposed` are the first days of suspensions that staff
    decided; they and the automatic ones count as `earlier` for offences after them. Raises UnknownFacility.
    """
    found: list[Followed] = []
    begun = list(imposed)
    for place, event in enumerate(events):
        day = event.day or date.min
        rules, there = rules_on(day), events[: place + 1]
        if not penalty(rules, facility=facility, events=[event], day=day).points:
            continue
        earlier = sum(first < day for first in begun)
        answer = penalty(rules, facility=facility, events=there, day=day, earlier=earlier)
        counted = tuple(reason for reason in answer.reasons if reason.code == "offence")
        steps = [step for step in answer.steps if not _covered(step, answer.steps)]
        found += [Followed(place, step, (*counted, step.reason)) for step in steps]
        starts = [step.suspended_from for step in steps if step.automatic and step.suspended_from]
        begun += [min(starts)] if starts else []
    return found


def _covered(step: StepAnswer, steps: Sequence[StepAnswer]) -> bool:
    """Whether a longer suspension of the same holds too, and the step means nothing else."""
    if step.suspended_until is None or step.deregisters or step.cancels_bookings or not step.automatic:
        return False
    return any(
        other.automatic
        and (other.suspends, other.suspended, other.suspended_from)
        == (step.suspends, step.suspended, step.suspended_from)
        and other.suspended_until is not None
        and other.suspended_until > step.suspended_until
        for other in steps
    )


def offence_recorded(rules: Rules, *, facility: str, ways: Collection[str], event: Event) -> Offence | None:
    """The first offence of the rules that is known by one of these `ways` (the words of `recorded`) and counts.

    `event` says what is known of it; its own offence does not matter. Raises UnknownFacility.
    """
    terms = rules.facility(facility).penalty
    known = (one for one in (terms.offences if terms else ()) if one.recorded in ways)
    return next((one for one in known if _points(rules, one, event)), None)


def _reached(step: PenaltyStep, last: date) -> StepAnswer:
    until = _suspended(step, last)
    return StepAnswer(
        name=step.name,
        name_en=step.name_en or step.name,
        automatic=step.automatic,
        deregisters=step.deregisters,
        cancels_bookings=step.cancels_bookings,
        reason=_step_reason(step),
        suspended_from=_begins(step, last) if until else None,
        suspended_until=until,
        suspends=step.suspends if until else None,
        suspended=_suspended_whom(step),
    )


def _suspended_whom(step: PenaltyStep) -> tuple[str, ...]:
    return step.suspended or ("applicant",)


def _since(terms: Penalty, day: date) -> date:
    """The last day whose offences no longer count."""
    period = calendar_period(terms.per, day) if terms.per else None
    begins = period[0] - timedelta(days=1) if period else date.min
    return max(begins, day - timedelta(days=terms.within_days)) if terms.within_days else begins


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
    """The first day after a suspension."""
    if step.suspends_months is None and step.suspends_days is None:
        return None
    return plus_months(_begins(step, last), step.suspends_months or 0) + timedelta(
        days=step.suspends_days or 0
    )


def _begins(step: PenaltyStep, last: date) -> date:
    """The first day of a suspension after the last offence."""
    if step.suspends_from == "next_month":
        return plus_months(last.replace(day=1), 1)
    return last + timedelta(days=step.suspends_from == "next_day")


def _points(rules: Rules, offence: Offence, event: Event) -> Fraction:
    numbers = {} if event.days_ahead is None else {"days_ahead": event.days_ahead}
    answers = {**rules.usual_answers, **event.answers}
    facts = Facts(rules.book, event.applicant_class, event.purpose, numbers=numbers, answers=answers)
    return offence.points * event.times if facts.meets(offence) else Fraction(0)


def _step_reason(step: PenaltyStep) -> Reason:
    name, points = step.name, str(plain_number(step.at_least))
    code = "penalty_step" if step.automatic else "penalty_may"
    return reason_of(code, step, name=name, name_en=step.name_en or name, points=points)
