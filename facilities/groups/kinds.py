"""What a group can be registered as, by the rules in effect, and what is asked of it for that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from facilities.errors import KindNotFound
from facilities.models import Facility, RuleBook, RuleVersion
from facilities.ordinance import SHARE_OF, AskedQuestion, Rules
from facilities.ordinance.applying.registering import renewal_times
from facilities.ordinance.asking.questions import asked_questions
from facilities.ordinance.document.application_clauses import Registration
from facilities.ordinance.document.clauses import ApplicantClass
from facilities.periods import local
from facilities.rules import rules_of
from tenants.context import current_zone

# Where the rules register groups but say nothing about it, staff decide alone.
OF_NO_KIND = Registration(name="団体登録", name_en="Registration of groups")


@dataclass(frozen=True, slots=True)
class AskedFact:
    """Something asked of each person on the roster, yes or no. ``key`` is how it is kept (RosterEntry.facts)."""

    key: str
    need: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A registration of a rule book; ``key`` empty where the rules name none. ``hall`` is any hall where it holds."""

    book: RuleBook
    version_id: int
    rules: Rules
    key: str
    rule: Registration
    halls: tuple[Facility, ...]

    @property
    def choice(self) -> str:
        """How a form names it."""
        return f"{self.book.pk}:{self.key}"

    @property
    def name(self) -> str:
        """The name the rules give it."""
        return self.rule.name

    @property
    def name_en(self) -> str:
        """Its English name, else the Japanese one."""
        return self.rule.name_en or self.rule.name

    @property
    def hall(self) -> str:
        """The key of a hall where it holds."""
        return self.halls[0].key

    @property
    def asked(self) -> tuple[AskedFact, ...]:
        """What is asked of each person: only what the rules count."""
        found = []
        if self.rule.share is not None:
            words = self.rule.share_of or "条件に合う人"
            found.append((SHARE_OF, words, self.rule.share_of_en or words))
        found += [(need.key, need.name, need.name_en or need.name) for need in self.rule.needs]
        return tuple(AskedFact(f"{self.choice}:{need}", need, ja, en) for need, ja, en in found)

    @property
    def posts(self) -> tuple[str, ...]:
        """The offices (keys) the rules name when they bar people of a deregistered group."""
        penalties = [self.rules.facilities[hall.key].penalty for hall in self.halls]
        steps = [step for one in penalties if one for step in one.steps if step.deregisters]
        return tuple(dict.fromkeys(role for step in steps for role in step.barred_roles))

    @property
    def questions(self) -> tuple[AskedQuestion, ...]:
        """What the rules ask about the group as a whole, because a requirement depends on it."""
        cases = [case for need in self.rule.needs for case in (*need.when, *need.unless)]
        keys = {key for case in cases for key in case.answers}
        return tuple(
            one
            for one in asked_questions(self.rules.document.questions, keys)
            if one.answered_by == "applicant"
        )

    @property
    def classes(self) -> tuple[ApplicantClass, ...]:
        """The applicant classes a group may get."""
        return tuple(self.rules.classes.values())

    @property
    def usual_class(self) -> str:
        """The class staff most likely grant: the first that only they can."""
        return next((one.key for one in self.classes if one.granted), "")

    def renewal(self, valid_until: date) -> tuple[datetime, datetime]:
        """Return from when until when (the first moment too late) a registration to that day is renewed."""
        return renewal_times(self.rules, facility=self.hall, kind=self.key, until=valid_until)


def kinds_on(day: date) -> list[Kind]:
    """Return what groups can be registered as by the rules in effect on a day, in the order of the rule books."""
    versions = RuleVersion.objects.filter(withdrawn_at__isnull=True, effective_from__lte=day)
    newest = versions.order_by("rule_book_id", "-effective_from", "-number").distinct("rule_book_id")
    halls: dict[int, list[Facility]] = {}
    for hall in Facility.objects.filter(is_open=True):
        halls.setdefault(hall.rule_book_id, []).append(hall)
    found = []
    for version in newest.select_related("rule_book"):
        found += _kinds_of(version, halls.get(version.rule_book_id, []))
    return found


def kind_of(rule_book_id: int, key: str, day: date) -> Kind:
    """Return one of them. Raises KindNotFound."""
    found = [one for one in kinds_on(day) if (one.book.pk, one.key) == (rule_book_id, key)]
    if not found:
        raise KindNotFound
    return found[0]


def kind_chosen(choice: str, now: datetime) -> Kind:
    """Return the kind a form named. Raises KindNotFound."""
    found = [one for one in kinds_on(local(now, current_zone())[0]) if one.choice == choice]
    if not found:
        raise KindNotFound
    return found[0]


def _kinds_of(version: RuleVersion, halls: list[Facility]) -> list[Kind]:
    rules = rules_of(version.pk)
    known = [hall for hall in halls if hall.key in rules.facilities]
    silent = tuple(hall for hall in known if not rules.facilities[hall.key].registrations)
    found = []
    for key, rule in rules.document.registrations.items():
        where = tuple(hall for hall in known if key in rules.facilities[hall.key].registrations)
        if where:
            found.append(Kind(version.rule_book, version.pk, rules, key, rule, where))
    if silent:
        found.append(Kind(version.rule_book, version.pk, rules, "", OF_NO_KIND, silent))
    return found
