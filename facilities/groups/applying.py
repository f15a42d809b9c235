"""Apply for the registration of a group, online or at the desk: begin, write, apply, take back, renew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.actors import Actor
from accounts.groups.rosters import Line, add_to_roster, change_on_roster, remove_from_roster, set_fact
from accounts.groups.services import GroupFacts, found_group, locked, require_representative
from accounts.notices.telling import tell
from facilities.details import Answer
from facilities.errors import (
    AlreadyRegistered,
    NotInThisState,
    ReasonNeeded,
    RegistrationOpen,
    RenewalNotOpen,
    RequirementsNotMet,
    RosterNeeded,
    RosterUnderReview,
)
from facilities.groups.checking import Findings, findings_of
from facilities.groups.kinds import Kind, kind_of
from facilities.groups.records import State, locked_registration, move, require_being_written
from facilities.models import GroupRegistration
from facilities.periods import local
from tenants.context import current_zone


@transaction.atomic
def begin_group(
    *, facts: GroupFacts, representative_id: int, kind: Kind, actor: Actor, now: datetime
) -> GroupRegistration:
    """Found a group and begin its first registration."""
    group = found_group(facts=facts, representative_id=representative_id, now=now)
    return begin_registration(group_id=group.pk, kind=kind, actor=actor, now=now)


@transaction.atomic
def begin_registration(*, group_id: int, kind: Kind, actor: Actor, now: datetime) -> GroupRegistration:
    """Begin the registration of a group as one kind.

    Raises GroupNotFound, NotRepresentative, AlreadyRegistered, RegistrationOpen.
    """
    locked(group_id, actor)
    today = local(now, current_zone())[0]
    if _valid_on(group_id, kind, today):
        raise AlreadyRegistered
    return _begin(group_id, kind, actor, now, renews=None)


@transaction.atomic
def begin_renewal(*, ref: UUID, actor: Actor, now: datetime) -> GroupRegistration:
    """Begin the registration that follows one which is ending. The roster stays, to be looked through.

    Raises RegistrationNotFound, NotRepresentative, NotInThisState, RenewalNotOpen, RegistrationOpen, KindNotFound.
    """
    old = locked_registration(ref)
    locked(old.group_id, actor)
    if old.state != State.REGISTERED or old.valid_until is None:
        raise NotInThisState
    kind = kind_of(old.rule_book_id, old.kind, local(now, current_zone())[0])
    opens, closes = kind.renewal(old.valid_until)
    if not opens <= now < closes:
        raise RenewalNotOpen
    if old.renewals.filter(state=State.REGISTERED).exists():
        raise AlreadyRegistered
    return _begin(old.group_id, kind, actor, now, renews=old)


def save_answers(
    *, ref: UUID, answers: Mapping[str, Answer], remark: str, actor: Actor, now: datetime
) -> None:
    """Keep what is said about the group as a whole. Raises RegistrationNotFound, NotRepresentative, NotInThisState."""
    with transaction.atomic():
        registration = locked_registration(ref)
        require_representative(registration.group_id, actor)
        require_being_written(registration)
        GroupRegistration.objects.filter(pk=registration.pk).update(
            answers=dict(answers), remark=remark.strip()
        )


@transaction.atomic
def apply_for_registration(*, ref: UUID, actor: Actor, now: datetime) -> Findings:
    """Hand a registration in for review, with what the rules say of it now.

    What the rules do not allow is handed in only where they know exceptions, with a remark why one should be made.
    Raises RegistrationNotFound, NotRepresentative, NotInThisState, KindNotFound, RosterNeeded, RequirementsNotMet,
    ReasonNeeded.
    """
    registration = locked_registration(ref)
    locked(registration.group_id, actor)
    require_being_written(registration)
    kind, findings = look_over(registration, now)
    if not findings.people:
        raise RosterNeeded
    if not findings.allowed:
        if not kind.rule.exceptions:
            raise RequirementsNotMet(reasons=findings.unmet)
        if not registration.remark:
            raise ReasonNeeded("条件に合わないところがあります。例外として認めてほしい理由を書いてください。")
    move(
        registration,
        State.APPLIED,
        applied_at=now,
        findings=findings.to_json(),
        rule_version_id=kind.version_id,
        entered_by_id=actor.id if actor.is_staff else None,
    )
    tell(
        "group_applied",
        now=now,
        group_ref=registration.group.ref,
        facts={"registration": str(registration.pk), "facility_id": str(kind.halls[0].pk)},
    )
    return findings


@transaction.atomic
def take_back(*, ref: UUID, actor: Actor) -> None:
    """Take an application back that staff have not decided; it can be changed and handed in again.

    Raises RegistrationNotFound, NotRepresentative, NotInThisState.
    """
    registration = locked_registration(ref)
    require_representative(registration.group_id, actor)
    move(registration, State.DRAFT, applied_at=None)


@transaction.atomic
def drop_draft(*, ref: UUID, actor: Actor, now: datetime) -> None:
    """Throw away what was never handed in; a group that has nothing else is ended with it.

    Raises RegistrationNotFound, NotRepresentative, NotInThisState.
    """
    registration = locked_registration(ref)
    group = locked(registration.group_id, actor)
    require_being_written(registration)
    registration.delete()
    if not GroupRegistration.objects.filter(group=group).exists():
        group.roster.all().delete()
        group.ended_at = now
        group.save(update_fields=["ended_at"])


def look_over(registration: GroupRegistration, now: datetime) -> tuple[Kind, Findings]:
    """Return the kind of a registration by today's rules, and what they say of the group as it is now.

    Raises KindNotFound.
    """
    today = local(now, current_zone())[0]
    kind = kind_of(registration.rule_book_id, registration.kind, today)
    begins = first_day(registration, today)
    answers = registration.answers
    return kind, findings_of(group_id=registration.group_id, kind=kind, day=begins, answers=answers)


def first_day(registration: GroupRegistration, today: date) -> date:
    """Return from when a registration would hold: today, or the day after the one it renews."""
    old = registration.renews
    after = old.valid_until + timedelta(days=1) if old and old.valid_until else today
    return max(today, after)


@transaction.atomic
def write_roster(*, group_id: int, lines: Sequence[Line], actor: Actor) -> int:
    """Add people to a roster that is not being reviewed; return how many were new. Raises RosterUnderReview too."""
    _roster_free(group_id, actor)
    return add_to_roster(group_id=group_id, lines=lines, actor=actor)


@transaction.atomic
def correct_roster(*, group_id: int, entry_id: int, line: Line, actor: Actor) -> None:
    """Change a person on a roster that is not being reviewed. Raises RosterUnderReview too."""
    _roster_free(group_id, actor)
    change_on_roster(group_id=group_id, entry_id=entry_id, line=line, actor=actor)


@transaction.atomic
def strike_from_roster(*, group_id: int, entry_ids: Sequence[int], actor: Actor) -> None:
    """Take people off a roster that is not being reviewed. Raises RosterUnderReview too."""
    _roster_free(group_id, actor)
    remove_from_roster(group_id=group_id, entry_ids=entry_ids, actor=actor)


@transaction.atomic
def mark_roster(
    *, group_id: int, marks: Mapping[str, Sequence[int]], among: Sequence[int], actor: Actor
) -> None:
    """Say of the people ``among`` a roster for whom each fact holds. Raises RosterUnderReview too."""
    _roster_free(group_id, actor)
    for fact, entry_ids in marks.items():
        set_fact(group_id=group_id, fact=fact, entry_ids=entry_ids, among=among, actor=actor)


def _roster_free(group_id: int, actor: Actor) -> None:
    locked(group_id, actor)
    if GroupRegistration.objects.filter(group_id=group_id, state=State.APPLIED).exists():
        raise RosterUnderReview


def _valid_on(group_id: int, kind: Kind, day: date) -> bool:
    rows = GroupRegistration.objects.filter(
        group_id=group_id, rule_book=kind.book, kind=kind.key, state=State.REGISTERED
    )
    return any(until is None or until >= day for until in rows.values_list("valid_until", flat=True))


def _begin(
    group_id: int, kind: Kind, actor: Actor, now: datetime, *, renews: GroupRegistration | None
) -> GroupRegistration:
    try:
        with transaction.atomic():
            return GroupRegistration.objects.create(
                group_id=group_id,
                rule_book=kind.book,
                kind=kind.key,
                renews=renews,
                answers=renews.answers if renews else {},
                entered_by_id=actor.id if actor.is_staff else None,
                began_at=now,
            )
    except IntegrityError:
        raise RegistrationOpen from None
