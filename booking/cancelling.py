"""Cancelling: what it means before pressing, and doing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection

from accounts.actors import Actor
from booking import records
from booking.applications import details_of
from booking.displaced import owed_by_hall
from booking.errors import AlreadyCancelled, DetailsUnfit, NotCancellable, ReasonMissing, RefundTooHigh
from booking.models import Displaced, Reservation
from booking.penalties.recording import note_cancellation
from booking.pricing import forgo_price
from booking.telling import tell
from booking.transactions import one_transaction
from booking.waiting.releasing import release_or_free
from facilities.details import Answer, unfit_answers
from facilities.ordinance import Cancellation, Quote, Reason
from facilities.periods import local
from facilities.queries import room_facts
from facilities.room_rules import Asker, asked_for, cancellation_of, under_version
from locks import services as locks
from payments import services as payments
from payments.queries import payment_states
from payments.refunds.left_open import Proposal, ask_for_decision

Status = Reservation.Status
# Codes of the reasons that say what comes back, the claim aside.
_REFUND_CODES = (
    "refund_percent",
    "refund_share",
    "refund_less",
    "refund_none",
    "refund_after_charge",
    "refund_discretionary",
    "refund_undefined",
)


def cancel_reservation(
    *,
    ref: UUID,
    actor: Actor,
    reason: str,
    now: datetime,
    cause: str = "own",
    answers: Mapping[str, Answer] | None = None,
    refund_yen: int | None = None,
    proposed_yen: int | None = None,
    told: bool = True,
    offence: bool = True,
) -> Reservation:
    """Cancel a reservation, or take an application back that waits for its review, and free its spaces: at once,
    or, where others wait for the time, at an instant everybody sees (docs/waiting.md).

    A resident may do so until the rules' deadline; staff always, with a reason, and the system whom the rules
    put out for not having paid. What was paid beyond what the rules keep is decided as a refund; what they
    charge for cancelling stays to be paid. ``cause`` is a key of the rules' causes, ``answers`` those to what
    the rules ask when something is cancelled. ``refund_yen`` is what staff decide to give back, where the rules
    leave it to them or against the rules. Left open by both, it is decided afterwards (refunds.left_open), with
    ``proposed_yen`` of staff who may not decide. ``told`` False: the caller tells of it. What the rules count as an
    offence is recorded; not with ``offence`` False, where it is staff's doing. Where the hall took the time
    away (booking.displaced), until the new one begins everything comes back and nothing is an offence.
    Raises NotCancellable, AlreadyCancelled, ReasonMissing, ReservationNotFound, DetailsUnfit, RefundTooHigh.
    """
    if actor.is_staff and not reason.strip():
        raise ReasonMissing
    with one_transaction():
        reservation = _standing(ref, actor)
        if reservation.status == Status.APPLIED:
            return _withdraw(reservation, actor, reason, now, told)
        priced = reservation.price_yen is not None
        paid = payments.lock_charge(subject=reservation.ref) if priced else 0
        terms = _terms(
            reservation, paid, cause, now, answers or {}, channel="desk" if actor.is_staff else "web"
        )
        if actor.kind == "resident" and not terms.allowed:
            raise NotCancellable(terms.reasons)
        if offence and not owed_by_hall(reservation.pk):
            _note_offence(reservation, terms, cause, answers or {}, actor, now)
        _end(reservation, actor, reason, now)
        if priced:
            decided = _Decided(terms, refund_yen if actor.is_staff else None, proposed_yen, reason)
            _settle(reservation, paid, decided, actor, now)
        locks.withdraw_access(subject=reservation.ref, now=now)
        if told:
            tell("reservation_cancelled", now=now, reservation_ref=reservation.ref)
    return reservation


def _standing(ref: UUID, actor: Actor) -> Reservation:
    """Lock what can be cancelled: a reservation or an application that stands."""
    reservation = records.visible(ref, actor, lock=True, act=True)
    if reservation.status == Status.CANCELLED:
        raise AlreadyCancelled
    if reservation.status not in (Status.CONFIRMED, Status.APPLIED):
        raise NotCancellable
    return reservation


def _withdraw(reservation: Reservation, actor: Actor, reason: str, now: datetime, told: bool) -> Reservation:
    """What was applied for and not yet permitted is taken back. It was charged only if it was permitted once and then
    changed: all of that comes back."""
    _end(reservation, actor, reason, now)
    forgo_price(reservation, reason=reason or "取消し", actor=actor, now=now)
    if told:
        tell("reservation_cancelled", now=now, reservation_ref=reservation.ref)
    return reservation


def _end(reservation: Reservation, actor: Actor, reason: str, now: datetime) -> None:
    """The spaces are free now; where others wait for the time, they stay kept for a while and are offered to them."""
    with connection.cursor() as cursor:
        release_or_free(cursor, reservation, now)
    asked = Displaced.objects.filter(reservation_id=reservation.pk, outcome=Displaced.Outcome.OFFERED)
    asked.update(outcome=Displaced.Outcome.DECLINED, answered_at=now)
    records.end(reservation, verb="cancel", actor=actor, reason=reason, now=now)


def _note_offence(
    reservation: Reservation,
    terms: Cancellation,
    cause: str,
    answers: Mapping[str, Answer],
    actor: Actor,
    now: datetime,
) -> None:
    """Record what the rules count: a cancellation, and whether it came after the deadline."""
    late = terms.deadline is not None and now >= terms.deadline
    note_cancellation(reservation, cause=cause, answers=answers, late=late, actor=actor, now=now)


@dataclass(frozen=True, slots=True)
class _Decided:
    """What the rules say about the money, what staff decided or propose instead, in yen, and why it is cancelled."""

    terms: Cancellation
    refund_yen: int | None
    proposed_yen: int | None
    reason: str

    @property
    def rule(self) -> Reason | None:
        """The rule that says what comes back."""
        return next((one for one in self.terms.reasons if one.code.startswith(_REFUND_CODES)), None)


def _settle(reservation: Reservation, paid: int, decided: _Decided, actor: Actor, now: datetime) -> None:
    """Ask for what is kept and decide the rest as a refund; or let a person decide it where the rules leave it open."""
    terms, rule = decided.terms, decided.rule
    payments.reduce_charge(
        subject=reservation.ref,
        to_yen=_kept(paid, terms, decided.refund_yen),
        reason=decided.reason or "取消し",
        actor=actor,
        now=now,
        article=(rule.article if rule else None) or "",
        claim_until=terms.claim_until,
        by_rules=decided.refund_yen is None or decided.refund_yen == terms.refund_yen,
    )
    if terms.refund_yen is None and decided.refund_yen is None:
        proposal = Proposal(
            text=rule.sentence() if rule else "",
            article=(rule.article if rule else None) or "",
            yen=decided.proposed_yen,
            why=decided.reason,
        )
        ask_for_decision(subject=reservation.ref, proposal=proposal, actor=actor, now=now)


def _kept(paid_yen: int, terms: Cancellation, refund_yen: int | None) -> int:
    """What a cancelled reservation still costs, in yen: what staff decided, else what the rules say."""
    if refund_yen is None:
        return paid_yen - (terms.refund_yen or 0) + terms.charge_yen
    if not 0 <= refund_yen <= paid_yen:
        raise RefundTooHigh(paid_yen=paid_yen)
    return paid_yen - refund_yen


def cancellation_terms(
    reservation: Reservation,
    *,
    cause: str,
    now: datetime,
    channel: str = "web",
    answers: Mapping[str, Answer] | None = None,
) -> Cancellation:
    """Return what the rules say about cancelling this reservation now: allowed, deadline, refund in yen, reasons.

    ``channel``: web for the resident's own doing, desk for staff's.
    Raises DetailsUnfit for answers the rules do not ask for when something is cancelled.
    """
    state = payment_states([reservation.ref]).get(reservation.ref)
    return _terms(reservation, state.paid_yen if state else 0, cause, now, answers or {}, channel=channel)


def _terms(
    reservation: Reservation,
    paid_yen: int,
    cause: str,
    now: datetime,
    answers: Mapping[str, Answer],
    *,
    channel: str,
) -> Cancellation:
    if owed_by_hall(reservation.pk) and now < reservation.starts_at:
        return Cancellation(True, None, paid_yen, (Reason("cancel_displaced", {}),))
    room = under_version(room_facts(reservation.room_id), reservation.rule_version_id)
    day, starts = local(reservation.starts_at, room.zone)
    unfit = (
        unfit_answers(asked_for(room, day).when_cancelling, answers, by_staff=channel == "desk")
        if answers
        else ()
    )
    if unfit:
        raise DetailsUnfit(unfit)
    said = details_of(reservation)
    return cancellation_of(
        room,
        day,
        starts,
        paid_yen=paid_yen,
        cause=cause,
        asker=Asker(
            reservation.applicant_class,
            channel,
            now,
            replace(said, answers={**said.answers, **answers}),
        ),
        booked_on=local(reservation.created_at, room.zone)[0],
        quote=Quote.from_dict(reservation.quote) if reservation.quote else None,
    )
