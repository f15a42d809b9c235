"""Staff decide about registrations (審査): approve, return for correction, refuse; later end or strike off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts.groups.rosters import forget_struck
from accounts.notices.telling import tell
from facilities.errors import ClassUnknown, ExceptionUnknown, ReasonNeeded, RequirementsNotMet
from facilities.groups.applying import first_day, look_over
from facilities.groups.checking import Findings
from facilities.groups.kinds import Kind
from facilities.groups.records import State, locked_registration, move
from facilities.models import GroupRegistration
from facilities.periods import local
from tenants.context import current_zone


@dataclass(frozen=True, slots=True)
class AcceptedException:
    """An exception of the rules that staff accept (its name in the rules), and why."""

    name: str
    reason: str


@transaction.atomic
def approve_registration(
    *,
    ref: UUID,
    staff_id: int,
    applicant_class: str,
    now: datetime,
    exceptions: Sequence[AcceptedException] = (),
    valid_until: date | None = None,
    remark: str = "",
) -> date | None:
    """Register a group under a class; return the last day on which it holds (None: no last day).

    The rules say until when; ``valid_until`` counts only where they leave it open. What they do not allow needs one of
    their exceptions, with a reason. Raises RegistrationNotFound, NotInThisState, KindNotFound, ClassUnknown,
    ExceptionUnknown, ReasonNeeded, RequirementsNotMet.
    """
    registration = locked_registration(ref)
    kind, findings = look_over(registration, now)
    _check_decision(kind, findings, applicant_class, exceptions)
    today = local(now, current_zone())[0]
    begins = first_day(registration, today)
    until = findings.valid_until or valid_until
    if until is not None and until < begins:
        raise RequirementsNotMet("いつまで有効かの日が、始まる日より前です。")
    move(
        registration,
        State.REGISTERED,
        decided_at=now,
        decided_by_id=staff_id,
        reason=remark.strip(),
        applicant_class=applicant_class,
        exceptions=[asdict(one) for one in exceptions],
        findings=findings.to_json(),
        rule_version_id=kind.version_id,
        valid_from=begins,
        valid_until=until,
    )
    forget_struck(registration.group_id)
    _tell("group_registered", registration, kind, now, until)
    return until


@transaction.atomic
def return_registration(*, ref: UUID, staff_id: int, reason: str, now: datetime) -> None:
    """Give an application back, saying what to correct. Raises RegistrationNotFound, ReasonNeeded, NotInThisState."""
    _say_no(ref, State.RETURNED, staff_id, reason, now)


@transaction.atomic
def refuse_registration(*, ref: UUID, staff_id: int, reason: str, now: datetime) -> None:
    """Refuse an application, saying why. Raises RegistrationNotFound, ReasonNeeded, NotInThisState."""
    _say_no(ref, State.REFUSED, staff_id, reason, now)


@transaction.atomic
def end_registration(
    *, ref: UUID, staff_id: int | None, reason: str, now: datetime, struck_off: bool = False
) -> None:
    """End a registration before its time; what is booked stays (penalties say more, in booking).

    ``struck_off``: because of offences; the rules may bar its people from registering for a while.
    Raises RegistrationNotFound, ReasonNeeded, NotInThisState.
    """
    if not reason.strip():
        raise ReasonNeeded
    registration = locked_registration(ref)
    today = local(now, current_zone())[0]
    changes = {"ended_at": now, "reason": reason.strip(), "deregistered_on": today if struck_off else None}
    move(registration, State.ENDED, decided_by_id=staff_id or registration.decided_by_id, **changes)
    facts = {"registration": str(registration.pk), "until": today.isoformat()}
    tell("group_ended", now=now, group_ref=registration.group.ref, facts=facts)


def _check_decision(
    kind: Kind, findings: Findings, applicant_class: str, exceptions: Sequence[AcceptedException]
) -> None:
    if applicant_class and applicant_class not in kind.rules.classes:
        raise ClassUnknown
    known = {one.name for one in kind.rule.exceptions}
    for one in exceptions:
        if one.name not in known:
            raise ExceptionUnknown
        if not one.reason.strip():
            raise ReasonNeeded("例外として認める理由を書いてください。記録に残ります。")
    if not findings.allowed and not exceptions:
        raise RequirementsNotMet(reasons=findings.unmet)


def _say_no(ref: UUID, state: State, staff_id: int, reason: str, now: datetime) -> None:
    if not reason.strip():
        raise ReasonNeeded
    registration = locked_registration(ref)
    move(
        registration,
        state,
        decided_at=now,
        decided_by_id=staff_id,
        reason=reason.strip(),
        # A returned one waits anew, from the day it is handed in again.
        applied_at=None if state == State.RETURNED else registration.applied_at,
    )
    kind = "group_returned" if state == State.RETURNED else "group_refused"
    _tell(kind, registration, None, now, None)


def _tell(
    notice: str, registration: GroupRegistration, kind: Kind | None, now: datetime, until: date | None
) -> None:
    facts = {"registration": str(registration.pk)}
    if kind:
        facts["facility_id"] = str(kind.halls[0].pk)
    if until:
        facts["until"] = until.isoformat()
    tell(notice, now=now, group_ref=registration.group.ref, facts=facts)
