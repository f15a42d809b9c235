"""An exemption with its reservation under lock, and the way its price gets into the ledger. For the services here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from booking import records
from booking.dues import renew_dues
from booking.errors import ReservationNotFound
from booking.exempting.closing import OPEN
from booking.exempting.errors import ExemptionNotFound, ExemptionOver
from booking.exempting.quoting import Exempted
from booking.models import Exemption, Reservation
from booking.transactions import one_transaction
from facilities.ordinance import Grant
from payments import services as payments
from payments.errors import ChargeNotFound

State = Exemption.State


@contextmanager
def locked(
    ref: UUID, actor: Actor, states: tuple[str, ...] = OPEN
) -> Iterator[tuple[Exemption, Reservation]]:
    """Lock the reservation, then its exemption, in one of these states, until the block ends.

    Raises ExemptionNotFound (also: not theirs), NotForGroup, ExemptionOver.
    """
    with one_transaction():
        seen = Exemption.objects.filter(ref=ref).values_list("reservation__ref", flat=True).first()
        if seen is None:
            raise ExemptionNotFound
        try:
            reservation = records.visible(seen, actor, lock=True, act=True)
        except ReservationNotFound:
            raise ExemptionNotFound from None
        exemption = Exemption.objects.select_for_update(no_key=True, of=("self",)).get(ref=ref)
        if exemption.state not in states:
            raise ExemptionOver
        exemption.reservation = reservation
        yield exemption, reservation


def grants_of(reservation: Reservation, *, besides: int = 0) -> list[Grant]:
    """Return what was granted for a reservation and holds, without one of them."""
    rows = Exemption.objects.filter(reservation_id=reservation.pk, state=State.GRANTED)
    return [Grant(one.ground, one.percent, one.yen) for one in rows.exclude(pk=besides).order_by("pk")]


def write_price(
    reservation: Reservation, new: Exempted, *, verb: str, reason: str, actor: Actor, now: datetime
) -> None:
    """Give a locked reservation its new price; its charge and the days to pay follow, and what was paid beyond it is
    decided as a refund.

    What was not charged yet (it waits for its permit) is charged the new price then.
    """
    records.set_price(reservation, new.quote, actor=actor, reason=reason, now=now, verb=verb)
    if reservation.status != Reservation.Status.CONFIRMED:
        return
    try:
        payments.change_charge(
            subject=reservation.ref, to_yen=new.after_yen, reason=reason, actor=actor, now=now
        )
        renew_dues(reservation, now=now)
    except ChargeNotFound:
        return


def give_time_to_pay(reservation: Reservation, *, now: datetime) -> None:
    """Who waited for a decision gets new days to pay where the old ones are over; nothing where nothing is charged."""
    try:
        renew_dues(reservation, now=now)
    except ChargeNotFound:
        return
