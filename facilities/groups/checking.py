"""Whether a group meets what the rules ask of a registration: every requirement by itself, with what was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from accounts.groups.rosters import as_compared, roster_counts
from accounts.models import Membership, RosterEntry
from facilities.details import Answer
from facilities.groups.kinds import Kind
from facilities.models import GroupRegistration
from facilities.ordinance import Reason, RegistrationCheck, register
from facilities.ordinance.applying.penalties import barred_until


@dataclass(frozen=True, slots=True)
class Findings:
    """What the rules say of a group that wants to be registered from a day on. ``valid_until`` None: no last day."""

    checks: tuple[RegistrationCheck, ...]
    people: int
    valid_until: date | None
    renews_from: datetime | None
    renews_until: datetime | None

    @property
    def unmet(self) -> tuple[Reason, ...]:
        """The requirements that are not met."""
        return tuple(one.requirement for one in self.checks if one.met is False)

    @property
    def allowed(self) -> bool:
        """Whether nothing stands against it."""
        return not self.unmet

    def to_json(self) -> list[dict[str, Any]]:
        """As it is kept with the registration."""
        return [
            {"requirement": one.requirement.to_dict(), "met": one.met, "found": one.found}
            for one in self.checks
        ]


@dataclass(frozen=True, slots=True)
class Namesake:
    """Somebody on the roster has the name of a person who may not register again before ``until``."""

    name: str
    group_id: int
    group_name: str
    until: date


def checks_from(kept: Sequence[Mapping[str, Any]]) -> list[RegistrationCheck]:
    """Return the checks that ``Findings.to_json`` wrote."""
    return [RegistrationCheck(Reason.from_dict(one["requirement"]), one["met"], one["found"]) for one in kept]


def findings_of(*, group_id: int, kind: Kind, day: date, answers: Mapping[str, Answer]) -> Findings:
    """Ask the rules about a group as its roster is now, for a registration that begins on ``day``."""
    people, counts = roster_counts(group_id)
    counted = {fact.need: counts.get(fact.key, 0) for fact in kind.asked}
    given: dict[str, Any] = {"facility": kind.hall, "day": day, "members": people, "counted": counted}
    barred = tuple(RegistrationCheck(one, False) for one in _barred(group_id, kind, day))
    if not kind.key:
        return Findings(barred, people, None, None, None)
    # Until when it would hold is asked without numbers: staff may accept an exception.
    term = register(kind.rules, facility=kind.hall, day=day, kind=kind.key)
    checks = register(kind.rules, **given, kind=kind.key, answers=answers).checks
    return Findings((*barred, *checks), people, term.valid_until, term.renews_from, term.renews_until)


def _barred(group_id: int, kind: Kind, day: date) -> Iterator[Reason]:
    """Why who represents the group may not register: their own log-in led a group that was struck off."""
    representative = Membership.objects.filter(group_id=group_id, role="representative", ended_at=None)
    for registration in _struck_off(kind, group_id):
        led = Membership.objects.filter(
            Q(ended_at=None) | Q(ended_at__gte=registration.ended_at),
            group_id=registration.group_id,
            resident__in=representative.values("resident"),
        )
        for role in led.values_list("role", flat=True):
            until = _barred_until(kind, registration, role)
            if until and day < until:
                yield Reason("barred", {"at": until.isoformat()})
                return


def namesakes_of(*, group_id: int, kind: Kind, day: date) -> list[Namesake]:
    """Return who on the roster has the name of a barred person of a group that was struck off. For staff only.

    A name alone refuses nobody: staff look and decide.
    """
    mine = dict(RosterEntry.objects.filter(group_id=group_id).values_list("folded", "name"))
    found: list[Namesake] = []
    for registration in _struck_off(kind, group_id):
        for folded_name, role in _people_of(registration):
            until = _barred_until(kind, registration, role) if folded_name in mine else None
            if until and day < until:
                name, group = mine[folded_name], registration.group
                found.append(Namesake(name, group.pk, group.name, until))
    return list(dict.fromkeys(found))


def _people_of(registration: GroupRegistration) -> Iterator[tuple[str, str]]:
    roster = RosterEntry.objects.filter(group_id=registration.group_id)
    yield from roster.values_list("folded", "post")
    acting = Membership.objects.filter(group_id=registration.group_id)
    for name, role in acting.values_list("resident__name", "role"):
        yield as_compared(name), role


def _struck_off(kind: Kind, besides: int) -> Sequence[GroupRegistration]:
    rows = GroupRegistration.objects.select_related("group").filter(
        rule_book=kind.book, deregistered_on__isnull=False
    )
    return list(rows.exclude(group_id=besides))


def _barred_until(kind: Kind, registration: GroupRegistration, role: str) -> date | None:
    day = registration.deregistered_on
    if day is None:
        return None
    return barred_until(kind.rules, facility=kind.hall, deregistered_on=day, role=role)
