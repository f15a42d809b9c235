"""Offences are recorded: by the system where the rules say what they are known by, else by staff; and withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from accounts.actors import Actor
from booking import records
from booking.errors import ReasonMissing
from booking.models import Closure, Offence, Reservation
from booking.penalties.errors import OffenceNotFound, UnknownOffence
from booking.penalties.following import Offender, settle
from booking.telling import tell
from booking.transactions import one_transaction
from facilities.models import Facility
from facilities.ordinance import Event
from facilities.ordinance.document.cancellation_clauses import Offence as OffenceRule
from facilities.penalty_rules import penalty_rules
from facilities.periods import local
from tenants.context import current_zone
from tenants.jobs import enqueue

Exempt = Offence.Exempt

FOLLOW_JOB = "booking.follow_offence"
CAME_AFTER_ALL = "来館の記録を直したため"
# The hirer's own reasons, as the rules call them; whatever else a use is cancelled for is nobody's offence.
_OWN = "own"
_EXEMPT_BY_CLOSURE = {Closure.Kind.WEATHER: Exempt.WEATHER, Closure.Kind.DISASTER: Exempt.DISASTER}


@dataclass(frozen=True, slots=True)
class _Happened:
    """What is known of an offence beyond whose it is."""

    facility: Facility
    day: date
    days_ahead: int | None
    reservation: Reservation
    answers: Mapping[str, str | bool | int] = field(default_factory=dict)
    exempt: str = ""
    note: str = ""

    @property
    def event(self) -> Event:
        """It as the rules see it, whichever offence it is."""
        use = self.reservation
        return Event(
            "",
            self.day,
            answers=self.answers,
            days_ahead=self.days_ahead,
            applicant_class=use.applicant_class,
            purpose=use.purpose_key or None,
        )


def note_absence(
    reservation: Reservation, *, exempt: str = "", note: str = "", actor: Actor, now: datetime
) -> Offence | None:
    """Record that nobody came, where the rules count it. Called in the transaction that notes the attendance, with
    the offender's row locked before the reservation's.

    ``exempt`` (a word of Offence.Exempt) says why it does not count. While the hall was closed for the weather or a
    disaster, it does not count by itself. Returns None where the rules count nothing.
    """
    facility = reservation.room.facility
    day, _ = local(reservation.starts_at, current_zone())
    happened = _Happened(
        facility,
        day,
        0,
        reservation,
        reservation.answers,
        Exempt(exempt) or _exempt_by_closure(reservation),
        note,
    )
    rule = _rule(happened, {"no_show"})
    return _write(rule, happened, offender_of(reservation), actor, now) if rule else None


def forget_absence(reservation: Reservation, *, actor: Actor, now: datetime) -> None:
    """Withdraw the offence of not having come: it was noted wrongly. Nothing to withdraw changes nothing."""
    facility = reservation.room.facility
    rules = penalty_rules(facility)
    rows = Offence.objects.filter(reservation=reservation, withdrawn_at=None).select_related("facility")
    for row in rows:
        if any(one.key == row.key and one.recorded == "no_show" for one in rules.offences_on(row.day)):
            _withdraw(row, CAME_AFTER_ALL, actor, now)


def note_cancellation(
    reservation: Reservation,
    *,
    cause: str,
    answers: Mapping[str, str | bool | int],
    late: bool,
    actor: Actor,
    now: datetime,
) -> Offence | None:
    """Record a cancellation, where the rules count it. Called in the transaction that cancels, and locks nothing:
    what follows is worked out by a job (docs/locking.md).

    ``cause`` is a key of the rules' causes: only the hirer's own reasons count. ``late``: the deadline had passed.
    """
    if cause != _OWN:
        return None
    zone = current_zone()
    today, (day, _) = local(now, zone)[0], local(reservation.starts_at, zone)
    happened = _Happened(
        reservation.room.facility,
        today,
        max((day - today).days, 0),
        reservation,
        {**reservation.answers, **answers},
        _exempt_by_closure(reservation),
    )
    rule = _rule(happened, {"cancel", "late_cancel"} if late else {"cancel"})
    if rule is None:
        return None
    offence, is_new = _insert(rule, happened, offender_of(reservation), actor, now)
    if is_new and not offence.exempt:
        enqueue(FOLLOW_JOB, offence_id=offence.pk)
    return offence


def record_offence(
    *, facility: Facility, key: str, day: date, note: str, reservation_ref: UUID, actor: Actor, now: datetime
) -> Offence:
    """Let staff write down an offence of whoever hires: one of the rules' own, with what happened.

    ``day`` is when, by the local calendar. Raises ReasonMissing without a note, UnknownOffence for a key the rules of
    that day do not have or a day to come, ReservationNotFound.
    """
    if not note.strip():
        raise ReasonMissing
    found = {one.key: one for one in penalty_rules(facility).offences_on(day)}
    if key not in found or day > local(now, current_zone())[0]:
        raise UnknownOffence
    with one_transaction():
        use = records.visible(reservation_ref, actor)
        happened = _Happened(facility, day, None, use, use.answers, note=note.strip())
        return _write(found[key], happened, offender_of(use), actor, now)


def withdraw_offence(*, ref: UUID, reason: str, actor: Actor, now: datetime) -> Offence:
    """Take an offence back that was wrongly recorded; what followed from it is lifted.

    Raises OffenceNotFound, ReasonMissing. Withdrawing twice changes nothing.
    """
    if not reason.strip():
        raise ReasonMissing
    with one_transaction():
        offence = Offence.objects.select_related("facility").filter(ref=ref).first()
        if offence is None:
            raise OffenceNotFound
        _withdraw(offence, reason.strip(), actor, now)
        return offence


def offender_of(reservation: Reservation) -> Offender:
    """Return whose offence it is when something is wrong with a use."""
    return Offender(reservation.resident_id, reservation.group_id)


def follow_offence(*, offence_id: int, now: datetime) -> None:
    """Work out what follows from an offence that was recorded without it. May run again."""
    with one_transaction():
        offence = Offence.objects.select_related("facility").filter(pk=offence_id).first()
        if offence is not None:
            offender = Offender.of(offence)
            offender.lock()
            settle(offender, offence.facility, now=now)


def _rule(happened: _Happened, ways: set[str]) -> OffenceRule | None:
    return penalty_rules(happened.facility).recorded(happened.day, ways, happened.event)


def _write(
    rule: OffenceRule, happened: _Happened, offender: Offender, actor: Actor, now: datetime
) -> Offence:
    """Write an offence once, tell of it, and let follow what follows."""
    offender.lock()
    offence, is_new = _insert(rule, happened, offender, actor, now)
    if is_new and not offence.exempt:
        settle(offender, happened.facility, now=now)
    return offence


def _insert(
    rule: OffenceRule, happened: _Happened, offender: Offender, actor: Actor, now: datetime
) -> tuple[Offence, bool]:
    use = happened.reservation
    values = {
        "facility": happened.facility,
        "resident_id": offender.resident_id,
        "group_id": offender.group_id,
        "name": rule.name,
        "name_en": rule.name_en or "",
        "day": happened.day,
        "days_ahead": happened.days_ahead,
        "applicant_class": use.applicant_class,
        "purpose_key": use.purpose_key,
        "answers": dict(happened.answers),
        "exempt": happened.exempt,
        "note": happened.note[:500],
        "recorded_at": now,
        "recorded_by_id": actor.id if actor.is_staff else None,
    }
    offence, is_new = Offence.objects.get_or_create(
        reservation=use, key=rule.key, withdrawn_at=None, defaults=values
    )
    if is_new and not offence.exempt:
        _tell(offence, use, now)
    return offence, is_new


def _tell(offence: Offence, reservation: Reservation, now: datetime) -> None:
    facts = {
        "facility_id": str(offence.facility_id),
        "offence": str(offence.ref),
        "path": "/my/penalties/",
    }
    tell("offence_recorded", now=now, reservation_ref=reservation.ref, facts=facts)


def _withdraw(offence: Offence, reason: str, actor: Actor, now: datetime) -> None:
    offender = Offender.of(offence)
    offender.lock()
    moved = Offence.objects.filter(pk=offence.pk, withdrawn_at=None).update(
        withdrawn_at=now,
        withdrawn_by_id=actor.id if actor.is_staff else None,
        withdrawn_reason=reason[:500],
    )
    if moved:
        settle(offender, offence.facility, now=now)


def _exempt_by_closure(reservation: Reservation) -> str:
    """The weather or a disaster closed (part of) the hall at the time of the use."""
    closures = Closure.objects.filter(
        facility_id=reservation.room.facility_id,
        lifted_at=None,
        kind__in=_EXEMPT_BY_CLOSURE,
        starts_at__lt=reservation.ends_at,
        ends_at__gt=reservation.starts_at,
    )
    kind = closures.values_list("kind", flat=True).first()
    return _EXEMPT_BY_CLOSURE[Closure.Kind(kind)] if kind else ""
