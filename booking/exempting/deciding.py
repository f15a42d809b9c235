"""What those do who decide about an exemption, or pass it on: relay, grant, refuse, revoke.

Locks: the reservation, then its exemption, then whose exemptions are counted, then the charge, last the counter of
papers (docs/locking.md).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from booking import records
from booking.exempting.deciders import require_decider
from booking.exempting.errors import (
    ExemptionNotFound,
    ExemptionReasonMissing,
    GroundUnfit,
    GroundUnknown,
    MeasureTooHigh,
    PriceNotByRules,
    ReservationNotStanding,
)
from booking.exempting.following import require_left
from booking.exempting.grounds import STANDING, Ground, agreed_room, ground_of
from booking.exempting.measures import measured
from booking.exempting.papers import issue_decision, void_decision
from booking.exempting.quoting import Exempted, price_with
from booking.exempting.records import give_time_to_pay, grants_of, locked, write_price
from booking.models import Exemption, Reservation
from booking.reviewing.appealing import notice_of_appeal
from booking.telling import tell
from facilities.ordinance import Grant
from facilities.periods import local
from facilities.room_rules import permit_on

State = Exemption.State


def relay_exemption(*, ref: UUID, opinion: str, actor: Actor, now: datetime) -> None:
    """Pass an application on to those who may decide it (進達), with the hall's opinion; passing on again replaces it.

    Raises ExemptionNotFound, ExemptionOver.
    """
    _staff_only(actor)
    with locked(ref, actor) as (exemption, reservation):
        Exemption.objects.filter(pk=exemption.pk).update(
            state=State.RELAYED, relayer_id=actor.id, relayed_at=now, opinion=opinion.strip()
        )
        records.note(reservation, "exempt_relay", actor, exemption.name, now)
        facts = {"exemption": str(exemption.pk)}
        tell("exemption_relayed", now=now, reservation_ref=reservation.ref, facts=facts)


def foresee_grant(*, ref: UUID, percent: int | None, yen: int | None) -> Exempted:
    """Return the price that granting an open application would leave, before it is granted.

    Raises ExemptionNotFound, GroundUnknown, GroundUnfit, PriceNotByRules, and what ``measured`` raises.
    """
    exemption = Exemption.objects.select_related("reservation").filter(ref=ref).first()
    if exemption is None:
        raise ExemptionNotFound
    reservation = exemption.reservation
    ground = _ground(exemption, reservation)
    return _price(reservation, ground, measured(ground, percent=percent, yen=yen))


def grant_exemption(
    *,
    ref: UUID,
    percent: int | None = None,
    yen: int | None = None,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> Exemption:
    """Grant an application: the price falls, its charge with it, what was paid too much goes back, the applicant is
    told and the decision gets its paper.

    ``percent`` or ``yen`` is what staff decide where the rules leave it to them, within the rules' ceilings.
    Raises ExemptionNotFound, ExemptionOver, NotDecider, ReservationNotStanding, GroundUnknown, GroundUnfit,
    PriceNotByRules, ExemptionUsedUp, MeasureMissing, MeasureByRules, MeasureTooHigh.
    """
    with locked(ref, actor) as (exemption, reservation):
        require_decider(actor, agreed_room(reservation).facility_id, reservation.ref)
        _require_standing(reservation)
        ground = _ground(exemption, reservation)
        grant = measured(ground, percent=percent, yen=yen)
        require_left(reservation, ground, agreed_room(reservation))
        price = _price(reservation, ground, grant)
        _decide(exemption, reservation, State.GRANTED, reason, actor, now, grant=grant, price=price)
        words = f"減免 {exemption.name}"
        write_price(reservation, price, verb="exempt_grant", reason=words, actor=actor, now=now)
        _tell_decision("exemption_granted", exemption, reservation, actor, now)
    return exemption


def refuse_exemption(*, ref: UUID, reason: str, actor: Actor, now: datetime) -> Exemption:
    """Refuse an application: the price stays, and the applicant reads why and where to appeal.

    Raises ExemptionNotFound, ExemptionOver, NotDecider, ExemptionReasonMissing.
    """
    if not reason.strip():
        raise ExemptionReasonMissing
    with locked(ref, actor) as (exemption, reservation):
        require_decider(actor, agreed_room(reservation).facility_id, reservation.ref)
        _decide(exemption, reservation, State.REFUSED, reason, actor, now)
        records.note(reservation, "exempt_refuse", actor, reason.strip(), now)
        give_time_to_pay(reservation, now=now)
        _tell_decision("exemption_refused", exemption, reservation, actor, now)
    return exemption


def revoke_exemption(*, ref: UUID, reason: str, actor: Actor, now: datetime) -> Exemption:
    """Take an exemption back that was granted: the price is what it would be without it, and the difference is due.

    A price staff decided meanwhile stays as they decided it. Raises ExemptionNotFound, ExemptionOver, NotDecider,
    ExemptionReasonMissing.
    """
    if not reason.strip():
        raise ExemptionReasonMissing
    with locked(ref, actor, (State.GRANTED,)) as (exemption, reservation):
        require_decider(actor, agreed_room(reservation).facility_id, reservation.ref)
        Exemption.objects.filter(pk=exemption.pk).update(
            state=State.REVOKED,
            revocation=reason.strip(),
            revoker_id=actor.id,
            closed_at=now,
            instruction=exemption.instruction or "\n".join(appeal_against(reservation)),
        )
        exemption.refresh_from_db()
        exemption.reservation = reservation
        _price_without(exemption, reservation, reason.strip(), actor, now)
        void_decision(exemption.pk, reason=reason.strip(), actor=actor, now=now)
        _tell_decision("exemption_revoked", exemption, reservation, actor, now)
    return exemption


def appeal_against(reservation: Reservation) -> tuple[str, ...]:
    """Return the notice of appeal (教示) for a decision about a reservation's exemption."""
    room = agreed_room(reservation)
    day = local(reservation.starts_at, room.zone)[0]
    return notice_of_appeal(permit_on(room, day), room.rules_on(day).document.municipality.name)


def _price_without(
    exemption: Exemption, reservation: Reservation, reason: str, actor: Actor, now: datetime
) -> None:
    if reservation.status not in STANDING:
        return
    try:
        price = price_with(reservation, grants_of(reservation, besides=exemption.pk))
    except PriceNotByRules:
        records.note(reservation, "exempt_revoke", actor, reason, now)
        return
    write_price(
        reservation,
        price,
        verb="exempt_revoke",
        reason=f"減免の取消し {exemption.name}",
        actor=actor,
        now=now,
    )


def _decide(
    exemption: Exemption,
    reservation: Reservation,
    state: Exemption.State,
    reason: str,
    actor: Actor,
    now: datetime,
    *,
    grant: Grant | None = None,
    price: Exempted | None = None,
) -> None:
    Exemption.objects.filter(pk=exemption.pk).update(
        state=state,
        decider_id=actor.id,
        decided_at=now,
        reason=reason.strip(),
        instruction="\n".join(appeal_against(reservation)),
        percent=grant.percent if grant else None,
        yen=grant.yen if grant else None,
        before_yen=price.before_yen if price else None,
        after_yen=price.after_yen if price else None,
        closed_at=now if state == State.REFUSED else None,
    )
    exemption.refresh_from_db()
    exemption.reservation = reservation


def _tell_decision(
    kind: str, exemption: Exemption, reservation: Reservation, actor: Actor, now: datetime
) -> None:
    issue_decision(exemption, actor=actor, now=now)
    tell(kind, now=now, reservation_ref=reservation.ref, facts={"exemption": str(exemption.pk)})


def _ground(exemption: Exemption, reservation: Reservation) -> Ground:
    """The ground as the rules have it that the reservation was made by."""
    room = agreed_room(reservation)
    day = local(reservation.starts_at, room.zone)[0]
    found = ground_of(room.rules_on(day), room.facility_key, exemption.ground)
    if found is None:
        raise GroundUnknown
    return found


def _price(reservation: Reservation, ground: Ground, grant: Grant) -> Exempted:
    """The price with one more exemption. Raises GroundUnfit, MeasureTooHigh, PriceNotByRules."""
    others = grants_of(reservation)
    found = price_with(reservation, [*others, grant])
    had = price_with(reservation, others)
    if found.after_yen >= had.after_yen:
        raise GroundUnfit
    if grant.yen is not None and ground.left_to_staff:
        most = price_with(reservation, [*others, Grant(ground.key, ground.most_percent)])
        if grant.yen > had.after_yen - most.after_yen:
            raise MeasureTooHigh(most_yen=had.after_yen - most.after_yen)
    return found


def _require_standing(reservation: Reservation) -> None:
    if reservation.status not in STANDING:
        raise ReservationNotStanding


def _staff_only(actor: Actor) -> None:
    if not actor.is_staff:
        raise ExemptionNotFound
