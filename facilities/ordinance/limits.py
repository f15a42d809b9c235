"""How much one applicant may have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from facilities.ordinance.application_clauses import Application, Limit
from facilities.ordinance.facts import Facts
from facilities.ordinance.reasons import Reason, reason_of

_UNITS = {
    "slots": ("区分", "slots"),
    "bookings": ("件", "bookings"),
    "entries": ("回", "lottery entries"),
    "days": ("日", "days"),
    "minutes": ("分", "minutes"),
}
_PERIODS = {
    "day": ("1日", "a day"),
    "week": ("1週", "a week"),
    "month": ("1か月", "a month"),
    "year": ("1年", "a year"),
    "run": ("続けて", "in a row"),
    "always": ("同時に", "at a time"),
}


def limits_of(application: Application, facts: Facts) -> tuple[Limit, ...]:
    """The limits that hold in a case: what to count before asking `may_apply`."""
    return tuple(limit for limit in application.limits if facts.meets(limit))


def limit_reasons(application: Application, facts: Facts, counts: Mapping[str, int]) -> Iterator[Reason]:
    """The limits that `counts` (what the applicant already has, by limit) and this application exceed."""
    for limit in limits_of(application, facts):
        if limit.per == "run" and limit.of == "days":
            total = facts.numbers.get("run_days", 0)
        elif limit.key in counts:
            total = counts[limit.key] + _added(limit, facts)
        else:
            continue
        if total > limit.at_most:
            unit, unit_en = _UNITS[limit.of]
            period, period_en = _PERIODS[limit.per]
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


def _added(limit: Limit, facts: Facts) -> int:
    if limit.of in ("slots", "minutes"):
        return facts.numbers.get(limit.of, 1)
    return 1
