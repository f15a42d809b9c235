"""What the rules of one hall say of offences (罰則), on any day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from facilities.errors import NoRulesYet
from facilities.models import Facility, RuleVersion
from facilities.ordinance import (
    Event,
    Followed,
    PenaltyAnswer,
    Rules,
    offence_recorded,
    penalty,
    what_follows,
)
from facilities.ordinance.document.cancellation_clauses import Offence
from facilities.rules import rules_of


@dataclass(frozen=True, slots=True)
class PenaltyRules:
    """The rules of a hall as far as they are about offences, by (effective from, version id), oldest first."""

    facility_key: str
    versions: tuple[tuple[date, int], ...]

    def rules_on(self, day: date) -> Rules:
        """Return the rules in effect on a day. Raises NoRulesYet, also when they do not know the hall."""
        begun = [version for effective_from, version in self.versions if effective_from <= day]
        rules = rules_of(begun[-1]) if begun else None
        if rules is None or self.facility_key not in rules.facilities:
            raise NoRulesYet
        return rules

    def offences_on(self, day: date) -> tuple[Offence, ...]:
        """Return what the rules in effect on a day count; nothing where they have no penalties."""
        try:
            terms = self.rules_on(day).facility(self.facility_key).penalty
        except NoRulesYet:
            return ()
        return terms.offences if terms else ()

    def recorded(self, day: date, ways: Collection[str], event: Event) -> Offence | None:
        """Return the offence that is known by one of these ways (the rules' ``recorded``) and counts; or None."""
        try:
            rules = self.rules_on(day)
        except NoRulesYet:
            return None
        return offence_recorded(rules, facility=self.facility_key, ways=ways, event=event)

    def together_with(self, other_key: str, day: date) -> bool:
        """Whether offences in another hall of the same rules count together with those here."""
        if other_key == self.facility_key:
            return True
        try:
            halls = self.rules_on(day).facilities
        except NoRulesYet:
            return False
        own = halls[self.facility_key].penalty
        return other_key in halls and own is not None and halls[other_key].penalty is own

    def stand(self, day: date, events: Sequence[Event]) -> PenaltyAnswer | None:
        """Return where offences lead as they stand on a day; None without rules."""
        try:
            return penalty(self.rules_on(day), facility=self.facility_key, events=events, day=day)
        except NoRulesYet:
            return None

    def what_follows(self, events: Sequence[Event], imposed: Collection[date]) -> list[Followed]:
        """Return every step offences led to; see ``ordinance.what_follows``. Raises NoRulesYet."""
        return what_follows(self.rules_on, facility=self.facility_key, events=events, imposed=imposed)


def penalty_rules(facility: Facility) -> PenaltyRules:
    """Return the rules of a hall as far as they are about offences. One query."""
    standing = RuleVersion.objects.filter(rule_book_id=facility.rule_book_id, withdrawn_at=None)
    versions = standing.order_by("effective_from", "number").values_list("effective_from", "pk")
    return PenaltyRules(facility.key, tuple(versions))
