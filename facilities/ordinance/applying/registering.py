"""Registration of groups: who can be registered, for how long, and when that is renewed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from facilities.ordinance.answers import RegistrationAnswer
from facilities.ordinance.applying.penalties import barred_until
from facilities.ordinance.days.moments import HallDays, opening_moment, until_moment
from facilities.ordinance.document.application_clauses import Need, Registration, Validity
from facilities.ordinance.document.values import days_in_month, plus_months, say_share
from facilities.ordinance.facts import Facts, Given
from facilities.ordinance.holidays import calendar_period
from facilities.ordinance.reasons import Reason, RegistrationCheck, reason_of
from facilities.ordinance.rules import FacilityRules, Rules

# Under which key it is told how many members are what a registration wants a share of; no need has this key.
SHARE_OF = "share_of"
USUAL_RENEWAL_DAYS = 60


def register(
    rules: Rules,
    *,
    facility: str,
    day: date,
    members: int | None = None,
    counted: int | Mapping[str, int] | None = None,
    deregistered_on: date | None = None,
    role: str = "",
    kind: str | None = None,
    answers: Mapping[str, Given] | None = None,
) -> RegistrationAnswer:
    """Whether a group can be registered on `day`, until when, and when it renews.

    `members` is the headcount, `counted` how many of them are what the document wants a share of, or by the key of
    a need (SHARE_OF: what it wants a share of); what is not told speaks neither for nor against it. A person (by
    `role`) of a group deregistered before may have to wait. `kind` is the key of the registration, left out: the
    facility's first. Raises UnknownFacility, KeyError for a kind that the facility has not.
    """
    hall = rules.facility(facility)
    against: list[Reason] = []
    if deregistered_on is not None:
        again = barred_until(rules, facility=facility, deregistered_on=deregistered_on, role=role)
        if again is not None and day < again:
            against.append(Reason("barred", {"at": again.isoformat()}))
    rule = hall.registrations[kind] if kind else next(iter(hall.registrations.values()), None)
    if rule is None:
        return RegistrationAnswer(not against, None, tuple(against) or (Reason("register_undefined", {}),))
    numbers = {} if members is None else {"headcount": members}
    facts = Facts(rules.book, day=day, numbers=numbers, answers={**rules.usual_answers, **(answers or {})})
    checks = tuple(_members(rule, members, counted, facts))
    to_see = tuple(
        RegistrationCheck(
            reason_of("staff_see_to", one, name=one.name, name_en=one.name_en or one.name), None
        )
        for one in rule.requires
    )
    against += [one.requirement for one in checks if one.met is False]
    if against:
        return RegistrationAnswer(False, None, tuple(against), checks=(*checks, *to_see))
    until = _until(rule.valid, day) if rule.valid else None
    reasons = [
        reason_of("registered", rule, at=until.isoformat()) if until else reason_of("register_ok", rule)
    ]
    reasons += [one.requirement for one in to_see]
    renews = _renewal(rules, hall, rule, until)
    return RegistrationAnswer(True, until, tuple(reasons), *renews, (*checks, *to_see))


def _members(
    rule: Registration, members: int | None, counted: int | Mapping[str, int] | None, facts: Facts
) -> Iterator[RegistrationCheck]:
    too_few = reason_of("too_few_members", rule, number=rule.members_at_least)
    yield _check(too_few, members, at_least=rule.members_at_least)
    if rule.members_at_most is not None:
        too_many = reason_of("too_many_members", rule, number=rule.members_at_most)
        yield _check(too_many, members, at_most=rule.members_at_most)
    by_kind = counted if isinstance(counted, Mapping) else {}
    if rule.share is not None:
        found = counted if isinstance(counted, int) else by_kind.get(SHARE_OF)
        text, share = rule.share_of or "", say_share(rule.share)
        too_few_of = reason_of("too_few_of", rule, text=text, text_en=rule.share_of_en or text, share=share)
        yield _check(too_few_of, found, at_least=rule.share * (members or 0))
    for need in rule.needs:
        if facts.meets(need):
            yield from _need(need, by_kind.get(need.key), members)


def _need(need: Need, count: int | None, members: int | None) -> Iterator[RegistrationCheck]:
    name, english = need.name, need.name_en or need.name
    if need.at_least is not None:
        asked = reason_of("need_at_least", need, name=name, name_en=english, number=need.at_least)
        yield _check(asked, count, at_least=need.at_least)
    if need.at_most is not None:
        asked = reason_of("need_at_most", need, name=name, name_en=english, number=need.at_most)
        yield _check(asked, count, at_most=need.at_most)
    if need.share is not None:
        asked = reason_of("too_few_of", need, text=name, text_en=english, share=say_share(need.share))
        yield _check(asked, count, at_least=need.share * (members or 0))


def _check(
    asked: Reason, found: int | None, *, at_least: Fraction | int = 0, at_most: int | None = None
) -> RegistrationCheck:
    """A number that must lie between two; not known, it speaks neither for nor against."""
    if found is None:
        return RegistrationCheck(asked, None)
    return RegistrationCheck(asked, found >= at_least and (at_most is None or found <= at_most), found)


def _until(valid: Validity, day: date) -> date:
    """The last day of a registration of `day`."""
    months = 12 * valid.years + valid.months
    if valid.cycle_from is not None:
        first = valid.cycle_from
        while first > day:
            first = plus_months(first, -months)
        while (following := plus_months(first, months)) <= day:
            first = following
        return following - timedelta(days=1)
    last = plus_months(day, months)
    if valid.ends == "fiscal_year_end":
        year = calendar_period("fiscal_year", last, "mon")
        return year[1] if year else last
    if valid.ends == "month_end":
        return last.replace(day=days_in_month(last.year, last.month))
    return last - timedelta(days=1)


def renewal_times(rules: Rules, *, facility: str, kind: str, until: date) -> tuple[datetime, datetime]:
    """From when until when (the first moment too late) a registration that holds to `until` is renewed.

    Where the rules say nothing: in its last USUAL_RENEWAL_DAYS days. Raises UnknownFacility.
    """
    hall = rules.facility(facility)
    rule = hall.registrations.get(kind)
    opens, closes = _renewal(rules, hall, rule, until) if rule else (None, None)
    midnight = datetime.combine(until + timedelta(days=1), time(), rules.zone)
    return opens or midnight - timedelta(days=USUAL_RENEWAL_DAYS), closes or midnight


def _renewal(
    rules: Rules, hall: FacilityRules, rule: Registration, until: date | None
) -> tuple[datetime | None, datetime | None]:
    if rule.renewal is None or until is None:
        return None, None
    days = HallDays(hall.calendar.is_open, hall.calendar.book)
    opens_at = opening_moment(rule.renewal.opens, until, rules.zone, days)
    return opens_at, until_moment(rule.renewal.closes, until, 1440, rules.zone, days)
