"""How much one applicant may have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from facilities.ordinance.document.application_clauses import Application, Limit
from facilities.ordinance.facts import Facts
from facilities.ordinance.reasons import Reason, reason_of

_UNITS = {
    "slots": ("区分", "slots"),
    "bookings": ("件", "bookings"),
    "entries": ("回", "lottery entries"),
    "days": ("日", "days"),
    "minutes": ("分", "minutes"),
    "hours": ("時間", "hours"),
}
_PERIODS = {
    "day": ("1日", "a day"),
    "week": ("1週", "a week"),
    "month": ("1か月", "a month"),
    "quarter": ("四半期", "a quarter"),
    "half_year": ("半年度", "half a year"),
    "year": ("1年", "a year"),
    "fiscal_year": ("1年度", "a fiscal year"),
    "run": ("続けて", "in a row"),
    "application": ("1回の申込みで", "in one application"),
    "lottery": ("1回の抽選で", "in one lottery"),
    "always": ("同時に", "at a time"),
}


def limits_of(application: Application, facts: Facts, *, entry: bool = False) -> tuple[Limit, ...]:
    """The limits that hold for a use: what to count before asking `may_apply`. `entry`: to a lottery."""
    return tuple(limit for limit in application.limits if limit.concerns(entry) and holds(limit, facts))


def holds(limit: Limit, facts: Facts) -> bool:
    """Whether a limit is about a use: its conditions fit, and some of the use lies in its hours."""
    return facts.meets(limit) and (facts.span is None or within(limit.time, facts.span) > 0)


def slots_counted(limit: Limit, facts: Facts) -> int:
    """How many slots of a use count: all, or where the limit is about some slots, those."""
    count = facts.numbers.get("slots", 1)
    if not any(case.slot for case in (*limit.when, *limit.unless)):
        return count
    return min(count, sum(replace(facts, slot=key).meets(limit) for key in facts.slots))


def within(time: tuple[tuple[int, int], ...], span: tuple[int, int]) -> int:
    """Minutes of a span that lie in some hours (none written: in all)."""
    if not time:
        return span[1] - span[0]
    return sum(max(min(ends, span[1]) - max(starts, span[0]), 0) for starts, ends in time)


def limit_reasons(
    application: Application, facts: Facts, counts: Mapping[str, int | Fraction], *, entry: bool = False
) -> Iterator[Reason]:
    """The limits that `counts` (what the applicant already has, by limit) and this application exceed."""
    for limit in limits_of(application, facts, entry=entry):
        if limit.key in counts:
            total = counts[limit.key] + _added(limit, facts)
        elif limit.per == "run":
            total = facts.numbers.get("run_days", 0) if limit.of == "days" else _added(limit, facts)
        else:
            continue
        if total > limit.at_most:
            unit, unit_en = _UNITS[limit.of]
            period, period_en = _PERIODS[limit.per or "always"]
            if limit.per_days is not None:
                period, period_en = f"{limit.per_days}日間に", f"within {limit.per_days} days"
            yield reason_of(
                "limit",
                limit,
                name=limit.name,
                name_en=limit.name_en or limit.name,
                number=limit.at_most,
                unit=unit,
                unit_en=unit_en,
                period=period,
                period_en=period_en,
            )


def _added(limit: Limit, facts: Facts) -> int | Fraction:
    if limit.of == "slots":
        return slots_counted(limit, facts)
    if limit.of in ("minutes", "hours"):
        minutes = within(limit.time, facts.span) if facts.span else facts.numbers.get("minutes", 1)
        return minutes if limit.of == "minutes" else Fraction(minutes, 60)
    return 1
