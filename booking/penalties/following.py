"""What the rules say follows from somebody's offences, kept in step with them: suspensions, proposals to staff."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from accounts.models import Membership
from booking.models import Measure, Offence
from booking.telling import tell
from facilities.models import Facility
from facilities.ordinance import Event, Followed
from facilities.penalty_rules import PenaltyRules, penalty_rules

Kind, State = Measure.Kind, Measure.State

_LOCK_GROUP = "SELECT 1 FROM accounts_group WHERE id = %s FOR NO KEY UPDATE"
_LOCK_RESIDENT = "SELECT 1 FROM accounts_resident WHERE id = %s FOR NO KEY UPDATE"

NO_LONGER_FOLLOWS = "違反の記録が変わったため"


@dataclass(frozen=True, slots=True)
class Offender:
    """Whose offences count together: a group's, whoever acted for it, or a resident's own."""

    resident_id: int
    group_id: int | None

    @classmethod
    def of(cls, offence: Offence) -> Offender:
        """Return whose offence it is."""
        return cls(offence.resident_id, offence.group_id)

    @property
    def matching(self) -> Q:
        """Match their offences."""
        if self.group_id is not None:
            return Q(group_id=self.group_id)
        return Q(group=None, resident_id=self.resident_id)

    def lock(self) -> None:
        """Let nobody else record, withdraw or decide for them until the transaction ends."""
        query, key = (
            (_LOCK_RESIDENT, self.resident_id) if self.group_id is None else (_LOCK_GROUP, self.group_id)
        )
        with connection.cursor() as cursor:
            cursor.execute(query, [key])


def event_of(offence: Offence) -> Event:
    """Return an offence as the rules see it."""
    return Event(
        offence.key,
        offence.day,
        answers=offence.answers,
        days_ahead=offence.days_ahead,
        applicant_class=offence.applicant_class,
        purpose=offence.purpose_key or None,
    )


def counted_offences(offender: Offender, facility: Facility, rules: PenaltyRules) -> list[Offence]:
    """Return the offences that count together in a hall, in the order of their days."""
    rows = Offence.objects.filter(
        offender.matching, withdrawn_at=None, exempt="", facility__rule_book_id=facility.rule_book_id
    ).select_related("facility")
    return [row for row in rows.order_by("day", "pk") if rules.together_with(row.facility.key, row.day)]


def settle(offender: Offender, facility: Facility, *, now: datetime) -> list[Measure]:
    """Bring what follows from somebody's offences in a hall up to date; return what is new.

    What the rules order by themselves is in force at once, except that a deregistration is always proposed to staff;
    what no longer follows is lifted. What staff decided stays. Called with the offender's row locked.
    """
    rules = penalty_rules(facility)
    offences = counted_offences(offender, facility, rules)
    rows = list(Measure.objects.filter(offence__in=_all_of(offender, facility, rules)))
    imposed = [row.starts_on for row in rows if _was_imposed(row) and row.starts_on]
    reached = [
        _Reached(offences[one.place], kind, one)
        for one in rules.what_follows([event_of(one) for one in offences], imposed)
        for kind in _kinds(one)
    ]
    wanted = _with_latest_proposals(reached)
    _drop(rows, {one.key for one in reached}, {one.key for one in wanted}, now)
    done = {(row.offence_id, row.kind, row.name) for row in rows if _stands(row)}
    out = {row.name for row in rows if row.kind == Kind.DEREGISTRATION and row.state == State.IN_FORCE}
    new = [
        measure
        for one in wanted
        if one.key not in done and not (one.kind == Kind.DEREGISTRATION and one.followed.step.name in out)
        for measure in _made(offender, one, now)
    ]
    for measure in new:
        announce(measure, now=now)
    return new


def announce(measure: Measure, *, now: datetime) -> None:
    """Tell of a suspension that is in force now."""
    if measure.kind == Kind.SUSPENSION and measure.state == State.IN_FORCE and measure.ends_on:
        tell(
            "suspended",
            now=now,
            group_ref=measure.group.ref if measure.group else None,
            resident_id=measure.resident_id,
            facts={
                "facility_id": str(measure.facility_id),
                "measure": str(measure.ref),
                "until": measure.last_day.isoformat() if measure.last_day else "",
                "path": "/my/penalties/",
            },
        )


def _all_of(offender: Offender, facility: Facility, rules: PenaltyRules) -> list[int]:
    """Every offence that counted together in a hall at some time, withdrawn ones too."""
    rows = Offence.objects.filter(offender.matching, facility__rule_book_id=facility.rule_book_id)
    found = rows.values_list("pk", "facility__key", "day")
    return [pk for pk, key, day in found if rules.together_with(key, day)]


def _was_imposed(row: Measure) -> bool:
    return row.kind == Kind.SUSPENSION and row.state == State.IN_FORCE and row.decided_by_id is not None


def _stands(row: Measure) -> bool:
    """Whether it need not be made again: it holds, it waits for staff, or staff decided about it."""
    return row.state in (State.PROPOSED, State.IN_FORCE) or row.decided_by_id is not None


@dataclass(frozen=True, slots=True)
class _Reached:
    """A step of the rules that an offence led to, as one kind of measure."""

    offence: Offence
    kind: Measure.Kind
    followed: Followed

    @property
    def key(self) -> tuple[int, str, str]:
        return self.offence.pk, self.kind, self.followed.step.name

    @property
    def is_proposed(self) -> bool:
        """Whether staff decide: the rules say so, or it ends a registration."""
        return not self.followed.step.automatic or self.kind == Kind.DEREGISTRATION


def _with_latest_proposals(reached: Sequence[_Reached]) -> list[_Reached]:
    """What follows by itself, and of what staff decide only the last time it was reached."""
    last = {(one.kind, one.followed.step.name): one.offence.pk for one in reached if one.is_proposed}
    return [
        one
        for one in reached
        if not one.is_proposed or last[one.kind, one.followed.step.name] == one.offence.pk
    ]


def _kinds(one: Followed) -> list[Measure.Kind]:
    kinds = [Kind.DEREGISTRATION] if one.step.deregisters else []
    kinds += [Kind.SUSPENSION] if one.step.suspended_until else []
    return kinds or [Kind.WARNING]


def _drop(
    rows: Sequence[Measure], reached: Collection[tuple[int, str, str]], wanted: Collection[Any], now: datetime
) -> None:
    """Forget proposals that no longer follow; lift what is in force and was never reached."""
    for row in rows:
        key = (row.offence_id, row.kind, row.name)
        if row.state == State.PROPOSED and key not in wanted:
            Measure.objects.filter(pk=row.pk, state=State.PROPOSED).delete()
            row.state = State.LIFTED
        elif row.state == State.IN_FORCE and key not in reached:
            Measure.objects.filter(pk=row.pk, state=State.IN_FORCE).update(
                state=State.LIFTED, decided_at=now, decided_by=None, decision=NO_LONGER_FOLLOWS
            )
            row.state, row.decided_by_id = State.LIFTED, None


def _made(offender: Offender, reached: _Reached, now: datetime) -> list[Measure]:
    offence, kind, step = reached.offence, reached.kind, reached.followed.step
    period: tuple[date | None, date | None] = (None, None)
    if kind == Kind.SUSPENSION:
        period = step.suspended_from, step.suspended_until
    return [
        Measure.objects.create(
            facility_id=offence.facility_id,
            offence=offence,
            kind=kind,
            state=State.PROPOSED if reached.is_proposed else State.IN_FORCE,
            name=step.name,
            name_en=step.name_en,
            reasons=[reason.to_dict() for reason in reached.followed.reasons],
            suspends=(step.suspends or "") if kind == Kind.SUSPENSION else "",
            starts_on=period[0],
            ends_on=period[1],
            cancels_bookings=step.cancels_bookings,
            made_at=now,
            **subject,
        )
        for subject in _subjects(offender, step.suspended if kind == Kind.SUSPENSION else ("applicant",))
    ]


def _subjects(offender: Offender, whom: Sequence[str]) -> list[dict[str, int]]:
    """Whom a step is about: the group (or the resident without one), who represents it, who belongs to it."""
    if offender.group_id is None:
        return [{"resident_id": offender.resident_id}]
    found: list[dict[str, int]] = [{"group_id": offender.group_id}] if "applicant" in whom else []
    members = Membership.objects.filter(group_id=offender.group_id, ended_at=None).order_by("resident_id")
    if "members" not in whom:
        members = members.filter(role=Membership.Role.REPRESENTATIVE)
    if "members" in whom or "representative" in whom:
        found += [
            {"resident_id": resident_id} for resident_id in members.values_list("resident_id", flat=True)
        ]
    return found
