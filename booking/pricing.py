"""The price of a reservation after the rules have spoken: charged, left to staff, or changed by them with a reason."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from booking import records
from booking.dues import renew_dues, write_dues
from booking.errors import NotBelowRules, NotConfirmed, ReasonMissing
from booking.exempting.deciders import may_decide
from booking.models import Reservation
from booking.transactions import one_transaction
from facilities.ordinance import Quote, QuoteLine, Reason
from facilities.periods import local
from facilities.queries import RoomFacts, room_facts
from payments import services as payments
from payments.errors import AlreadyAssessed, ChargeNotFound

# The line of a quote that leads to the price staff decided.
STAFF_LINE = "staff"


def assess_price(
    reservation: Reservation, room: RoomFacts, payer: str, yen: int, actor: Actor, now: datetime
) -> None:
    """Charge a reservation its price, in yen, with the days until which it is paid; one charged before (and changed
    since) what it became.

    Called in the transaction that settles its price.
    """
    day, _ = local(reservation.starts_at, room.zone)
    try:
        charge_id = payments.assess_charge(
            subject=reservation.ref,
            yen=yen,
            title=title_of(room),
            payer=payer,
            day=day,
            facility_id=room.facility_id,
            actor=actor,
            now=now,
        )
    except AlreadyAssessed:
        payments.change_charge(subject=reservation.ref, to_yen=yen, reason="予約の変更", actor=actor, now=now)
        renew_dues(reservation, now=now)
    else:
        write_dues(reservation, room, charge_id, yen, now=now)


def forgo_price(reservation: Reservation, *, reason: str, actor: Actor, now: datetime) -> None:
    """Ask for nothing any more, and decide all that was paid as a refund; where nothing was charged, do nothing.

    Called in the transaction that ends the reservation, with its row locked.
    """
    try:
        payments.reduce_charge(
            subject=reservation.ref, to_yen=0, reason=reason, actor=actor, now=now, by_rules=True
        )
    except ChargeNotFound:
        return


def title_of(room: RoomFacts) -> str:
    """Return what a charge for a room is called on receipts."""
    return f"{room.facility_name} {room.name}"


def set_price(*, ref: UUID, yen: int, reason: str, actor: Actor, now: datetime) -> Reservation:
    """Let staff decide the price of a confirmed reservation, in yen: where the rules leave it open, or against them.

    The reason is recorded and becomes a line of the quote; the charge follows, up or down, and what was paid too much
    is decided as a refund. Less than the rules ask for is an exemption in effect: only who may decide one may.
    Raises NotConfirmed, ReasonMissing, ReservationNotFound, NotBelowRules, payments.errors.InvalidAmount.
    """
    if not reason.strip():
        raise ReasonMissing
    with one_transaction():
        reservation = records.visible(ref, actor, lock=True)
        if reservation.status != Reservation.Status.CONFIRMED:
            raise NotConfirmed
        before = reservation.price_yen
        if yen < _by_rules(reservation) and not may_decide(actor, reservation.room.facility_id, ref):
            raise NotBelowRules
        if before is None:
            room = room_facts(reservation.room_id)
            assess_price(reservation, room, reservation.resident.name, yen, actor, now)
        else:
            payments.change_charge(subject=ref, to_yen=yen, reason=reason, actor=actor, now=now)
        if before != yen:
            quote = _set_by_staff(reservation, yen, reason.strip())
            records.set_price(reservation, quote, actor=actor, reason=reason, now=now)
        if before is not None:
            renew_dues(reservation, now=now)
    return reservation


def _by_rules(reservation: Reservation) -> int:
    """What the rules ask for a reservation, exempted or not, in yen; 0 where they leave its price to staff."""
    quote = Quote.from_dict(reservation.quote) if reservation.quote else Quote((), 0)
    return sum(line.yen for line in quote.lines if line.kind != STAFF_LINE)


def _set_by_staff(reservation: Reservation, yen: int, why: str) -> Quote:
    """The quote as it was, and a line that leads to the price staff decided."""
    before = Quote.from_dict(reservation.quote) if reservation.quote else Quote((), 0)
    change = yen - before.total_yen
    reason = Reason("set_by_staff", {"why": why})
    line = QuoteLine("職員が決めた額", "Decided by staff", 1, change, change, reason, STAFF_LINE)
    full = before.before_exemption_yen
    return Quote((*before.lines, line), yen, None if full is None else full + change)
