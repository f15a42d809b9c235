"""The steps by which a reservation goes from one place and time to another, in the order of docs/locking.md.

Spaces (the old and the new ones, sorted), then the reservation, then its charge. Who moves one reservation
(booking.changing) or many (booking.displacing) takes these steps in one transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from booking import records
from booking.applications import Assessed
from booking.change_errors import ChangedMeanwhile
from booking.change_terms import ChangeTerms
from booking.claiming import lock_spaces, take_over_expired
from booking.dues import renew_dues
from booking.errors import SlotTaken
from booking.exempting.following import follow_price
from booking.models import Change, Claim, Displaced, Reservation
from booking.pricing import assess_price, title_of
from booking.promising import payer_of, settle
from booking.reviewing.opening import need_no_review, renew_permit
from booking.telling import tell
from locks import services as locks
from payments import services as payments
from payments.errors import ChargeNotFound
from payments.queries import PaymentState, payment_states

Status = Reservation.Status

_CLAIM = """
INSERT INTO booking_claim (reservation_id, space_id, occupied, active)
SELECT %s, s.id, tstzrange(%s, %s), true FROM unnest(%s::bigint[]) s(id) ORDER BY s.id
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Moving:
    """Who moves a reservation, why and when. ``own``: the applicant asked for it; else the hall had to.

    ``verb`` is what its history calls it, ``notice`` the kind of notice that tells of it, with ``facts`` of its own.
    """

    actor: Actor
    reason: str
    now: datetime
    own: bool = True
    verb: str = "change"
    notice: str = "reservation_changed"
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Before:
    """What a reservation was until it was moved."""

    room_id: int
    starts_at: datetime
    ends_at: datetime
    status: str
    price_yen: int | None
    quote: dict[str, Any] | None
    rule_version_id: int
    said: dict[str, Any]

    @classmethod
    def of(cls, row: Reservation) -> Before:
        """Return what it is now."""
        said = ("headcount", "applicant_class", "purpose_key", "answers", "extras")
        longer = ("early_minutes", "extension_minutes")
        return cls(
            row.room_id,
            row.starts_at,
            row.ends_at,
            row.status,
            row.price_yen,
            row.quote,
            row.rule_version_id,
            {name: getattr(row, name) for name in (*said, *longer)},
        )


def take_spaces(
    cursor: Any, old_space_ids: Collection[int], wanted: Sequence[Assessed], *, now: datetime
) -> None:
    """Lock the old and the new spaces together, and end what expired holds left on the new ones."""
    lock_spaces(cursor, sorted({*old_space_ids, *(one for new in wanted for one in new.room.space_ids)}))
    for new in wanted:
        take_over_expired(cursor, new.room.space_ids, new.starts_at, new.occupied_until, now)


def free_claims(reservation_ids: Collection[int]) -> None:
    """Give up what these reservations occupy; whoever calls it holds the locks until the new claims stand."""
    Claim.objects.filter(reservation_id__in=reservation_ids, active=True).update(active=False)


def lock_payment(ref: UUID) -> PaymentState | None:
    """Keep everybody else from moving the charge, and return where it stands; None: never charged."""
    try:
        payments.lock_charge(subject=ref)
    except ChargeNotFound:
        return None
    return payment_states([ref])[ref]


def move(cursor: Any, reservation: Reservation, terms: ChangeTerms, moving: Moving) -> None:
    """Move a locked reservation whose claims were given up: claims, row, history, money, way in, notice.

    Raises SlotTaken.
    """
    new, before = terms.assessed, Before.of(reservation)
    space_ids = list(new.room.space_ids)
    cursor.execute(_CLAIM, [reservation.pk, new.starts_at, new.occupied_until, space_ids])
    if cursor.rowcount != len(space_ids):
        raise SlotTaken
    records.change(
        reservation,
        new,
        terms.quote,
        status=terms.status,
        verb=moving.verb,
        actor=moving.actor,
        reason=moving.reason,
        now=moving.now,
    )
    _remember(reservation, before, terms, moving)
    follow_price(reservation, new.grantings, actor=moving.actor, now=moving.now)
    renew_permit(reservation)
    if before.status == terms.status == Status.CONFIRMED:
        _settle_money(reservation, before, terms, moving)
        locks.move_access(
            subject=reservation.ref,
            room_id=new.room.id,
            valid_from=new.starts_at,
            valid_until=new.ends_at,
            label=reservation.number,
            now=moving.now,
        )
        _tell(reservation, before, moving)
    else:
        _apply_again(reservation, before, terms, moving)


def answer_with(outcome: Displaced.Outcome, reservation: Reservation, *, now: datetime) -> None:
    """Note the answer to an offer that is still open. Raises ChangedMeanwhile."""
    offered = Displaced.objects.filter(reservation_id=reservation.pk, outcome=Displaced.Outcome.OFFERED)
    answered_at = None if outcome == Displaced.Outcome.LAPSED else now
    if not offered.update(outcome=outcome, answered_at=answered_at):
        raise ChangedMeanwhile


def _apply_again(reservation: Reservation, before: Before, terms: ChangeTerms, moving: Moving) -> None:
    """The new time needs a review, or no longer needs one: what follows from that is set in motion anew."""
    if before.status == Status.CONFIRMED:
        _settle_money(reservation, before, terms, moving)
        locks.withdraw_access(subject=reservation.ref, now=moving.now)
    if terms.status == Status.CONFIRMED:
        need_no_review(reservation, now=moving.now)
    payer = payer_of(reservation)
    settle(reservation, terms.assessed, payer=payer, actor=moving.actor, now=moving.now)


def _remember(reservation: Reservation, before: Before, terms: ChangeTerms, moving: Moving) -> None:
    Change.objects.create(
        reservation_id=reservation.pk,
        sequence=reservation.sequence,
        room_id=before.room_id,
        starts_at=before.starts_at,
        ends_at=before.ends_at,
        status=before.status,
        said=before.said,
        price_yen=before.price_yen,
        quote=before.quote,
        rule_version_id=before.rule_version_id,
        fee_yen=terms.fee_yen,
        pay_yen=terms.pay_yen,
        refund_yen=terms.refund_yen or 0,
        own=moving.own,
        actor_kind=moving.actor.kind,
        actor_id=moving.actor.id,
        at=moving.now,
        reason=moving.reason[:200],
    )


def _settle_money(reservation: Reservation, before: Before, terms: ChangeTerms, moving: Moving) -> None:
    """The charge follows the price: the fee for changing by an entry of its own, then the difference."""
    if terms.quote is None:
        return
    if before.price_yen is None:
        payer, room = payer_of(reservation), terms.assessed.room
        assess_price(reservation, room, payer, terms.quote.total_yen, moving.actor, moving.now)
        return
    payments.rename_charge(
        subject=reservation.ref,
        title=title_of(terms.assessed.room),
        facility_id=terms.assessed.room.facility_id,
    )
    steps = [(terms.quote.total_yen, "予約の変更による差額")]
    if terms.fee_yen:
        steps.insert(0, (before.price_yen + terms.fee_yen, "変更の手数料"))
    for to_yen, reason in steps:
        payments.change_charge(
            subject=reservation.ref, to_yen=to_yen, reason=reason, actor=moving.actor, now=moving.now
        )
    renew_dues(reservation, now=moving.now)


def _tell(reservation: Reservation, before: Before, moving: Moving) -> None:
    facts = {
        **moving.facts,
        "before_room_id": str(before.room_id),
        "before_starts_at": before.starts_at.isoformat(),
        "before_ends_at": before.ends_at.isoformat(),
    }
    tell(moving.notice, now=moving.now, reservation_ref=reservation.ref, facts=facts)
