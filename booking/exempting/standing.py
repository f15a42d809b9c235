"""Standing exemptions of groups (団体の減免登録): decided once, then they hold for all the group books for a while."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.errors import NotRepresentative
from accounts.groups.services import require_representative
from booking.exempting.closing import OPEN
from booking.exempting.deciders import require_decider
from booking.exempting.errors import (
    AlreadyAppliedFor,
    ExemptionNotFound,
    ExemptionOver,
    ExemptionReasonMissing,
    ExemptionTermUnfit,
    GroundUnknown,
)
from booking.exempting.grounds import Ground, grounds_of
from booking.exempting.measures import measured
from booking.models import StandingExemption
from booking.reviewing.appealing import notice_of_appeal
from booking.telling import tell
from booking.transactions import one_transaction
from facilities.errors import NoRulesYet
from facilities.models import Facility, RuleVersion
from facilities.ordinance import Rules, permit_terms
from facilities.rules import rules_of
from tenants.jobs import enqueue

State = StandingExemption.State
MOST_LETTERS = 2000
MOST_YEARS = 10
# Carries a standing exemption that was granted into what the group has booked already (booking.jobs).
STANDING_JOB = "booking.exempt_standing"


def standing_grounds(facility: Facility, *, day: date) -> tuple[Ground, ...]:
    """Return the grounds of a hall by the rules in effect on a day; none where it has no rules yet."""
    try:
        rules = rules_at(facility, day)
    except NoRulesYet:
        return ()
    return grounds_of(rules, facility.key) if facility.key in rules.facilities else ()


def rules_at(facility: Facility, day: date) -> Rules:
    """Return the rules in effect at a hall on a day. Raises NoRulesYet."""
    versions = RuleVersion.objects.filter(
        rule_book_id=facility.rule_book_id, withdrawn_at__isnull=True, effective_from__lte=day
    )
    newest = versions.order_by("-effective_from", "-number").values_list("pk", flat=True).first()
    if newest is None:
        raise NoRulesYet
    return rules_of(newest)


def apply_for_standing(
    *,
    group_id: int,
    facility: Facility,
    all_halls: bool,
    ground: str,
    remark: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> StandingExemption:
    """Apply for a ground to hold for all uses of a group for a while: at one hall, or (``all_halls``) at all halls
    under the same rules. By who represents the group, or by staff for it.

    Raises NotRepresentative, GroundUnknown, AlreadyAppliedFor.
    """
    require_representative(group_id, actor)
    found = next((one for one in standing_grounds(facility, day=today) if one.key == ground), None)
    if found is None:
        raise GroundUnknown
    with one_transaction():
        where = {
            "group_id": group_id,
            "rule_book_id": facility.rule_book_id,
            "facility_id": None if all_halls else facility.pk,
            "ground": found.key,
        }
        if StandingExemption.objects.filter(**where, state__in=OPEN).exists():
            raise AlreadyAppliedFor
        made = StandingExemption.objects.create(
            **where,
            name=found.name[:200],
            name_en=found.name_en[:200],
            remark=remark.strip()[:MOST_LETTERS],
            applied_at=now,
            entered_by_id=actor.id if actor.is_staff else None,
        )
        facts = _facts(made, None if all_halls else facility)
        tell("standing_applied", now=now, group_ref=made.group.ref, facts=facts)
    return made


def withdraw_standing(*, ref: UUID, actor: Actor, now: datetime) -> None:
    """Take an application back that nobody decided yet. Raises ExemptionNotFound, NotRepresentative, ExemptionOver."""
    with _locked(ref, actor) as standing:
        StandingExemption.objects.filter(pk=standing.pk).update(state=State.WITHDRAWN, closed_at=now)


def relay_standing(*, ref: UUID, opinion: str, actor: Actor, now: datetime) -> None:
    """Pass an application on to those who may decide it (進達), with the hall's opinion.

    Raises ExemptionNotFound, ExemptionOver.
    """
    if not actor.is_staff:
        raise ExemptionNotFound
    with _locked(ref, actor) as standing:
        StandingExemption.objects.filter(pk=standing.pk).update(
            state=State.RELAYED, relayer_id=actor.id, relayed_at=now, opinion=opinion.strip()
        )


def grant_standing(
    *,
    ref: UUID,
    percent: int | None,
    yen: int | None,
    valid_from: date,
    valid_until: date,
    reason: str,
    actor: Actor,
    now: datetime,
) -> StandingExemption:
    """Grant a standing exemption for uses from ``valid_from`` to ``valid_until`` (both inclusive).

    What the group books from now on has it in its price; what it has booked already gets it from the worker.
    Raises ExemptionNotFound, ExemptionOver, NotDecider, ExemptionTermUnfit, GroundUnknown, MeasureMissing,
    MeasureByRules, MeasureTooHigh.
    """
    if not valid_from <= valid_until or valid_until.year - valid_from.year > MOST_YEARS:
        raise ExemptionTermUnfit
    with _locked(ref, actor) as standing:
        require_decider(actor, standing.facility_id)
        grant = measured(ground_on(standing, valid_from), percent=percent, yen=yen)
        StandingExemption.objects.filter(pk=standing.pk).update(
            state=State.GRANTED,
            decider_id=actor.id,
            decided_at=now,
            percent=grant.percent,
            yen=grant.yen,
            valid_from=valid_from,
            valid_until=valid_until,
            reason=reason.strip(),
            instruction=_instruction(standing, valid_from),
        )
        enqueue(STANDING_JOB, standing_id=standing.pk)
        _tell("standing_granted", standing, now)
    standing.refresh_from_db()
    return standing


def refuse_standing(*, ref: UUID, reason: str, actor: Actor, now: datetime, today: date) -> None:
    """Refuse an application; the group reads why and where to appeal.

    Raises ExemptionNotFound, ExemptionOver, NotDecider, ExemptionReasonMissing.
    """
    if not reason.strip():
        raise ExemptionReasonMissing
    with _locked(ref, actor) as standing:
        require_decider(actor, standing.facility_id)
        StandingExemption.objects.filter(pk=standing.pk).update(
            state=State.REFUSED,
            decider_id=actor.id,
            decided_at=now,
            closed_at=now,
            reason=reason.strip(),
            instruction=_instruction(standing, today),
        )
        _tell("standing_refused", standing, now)


def revoke_standing(*, ref: UUID, reason: str, actor: Actor, now: datetime) -> None:
    """End a standing exemption: what the group books from now on does not have it. What it booked with it keeps it;
    each of those can be revoked by itself.

    Raises ExemptionNotFound, ExemptionOver, NotDecider, ExemptionReasonMissing.
    """
    if not reason.strip():
        raise ExemptionReasonMissing
    with _locked(ref, actor, (State.GRANTED,)) as standing:
        require_decider(actor, standing.facility_id)
        StandingExemption.objects.filter(pk=standing.pk).update(
            state=State.REVOKED, closed_at=now, revocation=reason.strip(), revoker_id=actor.id
        )
        _tell("standing_ended", standing, now)


def ground_on(standing: StandingExemption, day: date) -> Ground:
    """Return the ground of a standing exemption by the rules in effect on a day, at its hall or the first that knows
    it. Raises GroundUnknown.
    """
    for hall in halls_of(standing):
        found = next((one for one in standing_grounds(hall, day=day) if one.key == standing.ground), None)
        if found is not None:
            return found
    raise GroundUnknown


def halls_of(standing: StandingExemption) -> Sequence[Facility]:
    """Return the halls at which a standing exemption holds, as far as their rules know its ground."""
    rows = Facility.objects.filter(rule_book_id=standing.rule_book_id)
    if standing.facility_id is not None:
        rows = rows.filter(pk=standing.facility_id)
    return list(rows.order_by("position", "pk"))


@contextmanager
def _locked(ref: UUID, actor: Actor, states: Sequence[str] = OPEN) -> Iterator[StandingExemption]:
    with one_transaction():
        rows = StandingExemption.objects.select_for_update(no_key=True, of=("self",)).filter(ref=ref)
        standing = rows.select_related("group").first()
        if standing is None:
            raise ExemptionNotFound
        try:
            require_representative(standing.group_id, actor)
        except NotRepresentative:
            raise ExemptionNotFound from None
        if standing.state not in states:
            raise ExemptionOver
        yield standing


def _instruction(standing: StandingExemption, day: date) -> str:
    for hall in halls_of(standing):
        try:
            rules = rules_at(hall, day)
        except NoRulesYet:
            continue
        rooms = list(rules.facility(hall.key).rooms) if hall.key in rules.facilities else []
        if rooms:
            terms = permit_terms(rules, facility=hall.key, room=rooms[0])
            return "\n".join(notice_of_appeal(terms, rules.document.municipality.name))
    return ""


def _tell(kind: str, standing: StandingExemption, now: datetime) -> None:
    tell(kind, now=now, group_ref=standing.group.ref, facts=_facts(standing, standing.facility))


def _facts(standing: StandingExemption, facility: Facility | None) -> dict[str, str]:
    facts = {"standing": str(standing.pk)}
    if facility is not None:
        facts["facility_id"] = str(facility.pk)
    return facts
