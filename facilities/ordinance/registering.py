"""Registration of groups: who can be registered, and for how long."""

from __future__ import annotations

from datetime import date, timedelta

from facilities.ordinance.answers import RegistrationAnswer
from facilities.ordinance.penalties import barred_until
from facilities.ordinance.reasons import Reason, reason_of
from facilities.ordinance.rules import Rules
from facilities.ordinance.values import plus_months, say_share

_FISCAL_YEAR_BEGINS = 4


def register(
    rules: Rules,
    *,
    facility: str,
    day: date,
    members: int | None = None,
    counted: int | None = None,
    deregistered_on: date | None = None,
    role: str = "",
) -> RegistrationAnswer:
    """Whether a group can be registered on `day`, and until when.

    `members` is the headcount, `counted` how many of them are what the document wants a share of; a person
    (by `role`) of a group deregistered before may have to wait. Raises UnknownFacility.
    """
    rule = rules.facility(facility).registration
    against: list[Reason] = []
    if deregistered_on is not None:
        again = barred_until(rules, facility=facility, deregistered_on=deregistered_on, role=role)
        if again is not None and day < again:
            against.append(Reason("barred", {"at": again.isoformat()}))
    if rule is None:
        return RegistrationAnswer(not against, None, tuple(against) or (Reason("register_undefined", {}),))
    if members is not None and members < rule.members_at_least:
        against.append(reason_of("too_few_members", rule, number=rule.members_at_least))
    if rule.share is not None and members and counted is not None and counted < members * rule.share:
        text, share = rule.share_of or "", say_share(rule.share)
        against.append(
            reason_of("too_few_of", rule, text=text, text_en=rule.share_of_en or text, share=share)
        )
    until = None
    if rule.valid is not None:
        if rule.valid.ends == "fiscal_year_end":
            year = day.year + (day.month >= _FISCAL_YEAR_BEGINS) + rule.valid.years
            until = date(year, _FISCAL_YEAR_BEGINS, 1) - timedelta(days=1)
        else:
            until = plus_months(day, 12 * rule.valid.years) - timedelta(days=1)
    if against:
        return RegistrationAnswer(False, None, tuple(against))
    reason = reason_of("registered", rule, at=until.isoformat()) if until else reason_of("register_ok", rule)
    return RegistrationAnswer(True, until, (reason,))
