"""The rules of one hall in words, for everybody to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from facilities.errors import NoRulesYet
from facilities.models import Facility
from facilities.ordinance.telling import Chapter, tell_hall
from facilities.queries import rule_versions
from facilities.rules import rules_of


@dataclass(frozen=True, slots=True)
class HallRules:
    """The rules of a hall told in chapters, the day from which they hold, and from when others will (None: no day)."""

    chapters: tuple[Chapter, ...]
    since: date
    until: date | None


def hall_rules(facility: Facility, day: date) -> HallRules:
    """Return what holds in a hall on a day. Raises NoRulesYet, also when the rules do not know the hall."""
    versions = sorted(rule_versions(facility.rule_book_id), key=lambda one: (one.effective_from, one.number))
    begun = [one for one in versions if one.effective_from <= day]
    if not begun:
        raise NoRulesYet
    chapters = tell_hall(rules_of(begun[-1].pk).document, facility.key)
    if not chapters:
        raise NoRulesYet
    coming = next((one.effective_from for one in versions if one.effective_from > day), None)
    return HallRules(chapters, begun[-1].effective_from, coming)
