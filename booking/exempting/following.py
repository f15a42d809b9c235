"""The records of exemption follow a reservation's price: written when it is booked, ended when they fit no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from accounts.actors import Actor
from booking.exempting.errors import ExemptionUsedUp
from booking.exempting.granting import Granting
from booking.exempting.grounds import Ground, agreed_room, ground_of, times_granted
from booking.exempting.papers import void_decision
from booking.models import Exemption, Reservation
from booking.parties import Party
from booking.telling import tell
from facilities.ordinance import Quote
from facilities.periods import local
from facilities.queries import RoomFacts

State = Exemption.State

NO_LONGER_FITS = "変わったあとの使い方や日が、減免の条件に合いません。"

_HOLD = {
    "group": """
INSERT INTO booking_exemptionholder (group_id) VALUES (%s)
ON CONFLICT (group_id) DO UPDATE SET group_id = excluded.group_id
""",
    "resident": """
INSERT INTO booking_exemptionholder (resident_id) VALUES (%s)
ON CONFLICT (resident_id) DO UPDATE SET resident_id = excluded.resident_id
""",
}


def follow_price(
    reservation: Reservation, grantings: Sequence[Granting], *, actor: Actor, now: datetime
) -> None:
    """Write down the exemptions that are in the price of a reservation (``grantings``), and end those that no longer
    are, which the applicant is told. Called in the transaction that wrote the price, with the reservation locked.

    Raises ExemptionUsedUp: somebody used the last one up meanwhile.
    """
    rows = Exemption.objects.filter(reservation_id=reservation.pk, state=State.GRANTED)
    known = {one.ground: one for one in rows}
    wanted = {one.grant.ground: one for one in grantings}
    for ground, row in known.items():
        if ground not in wanted:
            Exemption.objects.filter(pk=row.pk).update(
                state=State.ENDED, closed_at=now, revocation=NO_LONGER_FITS
            )
            void_decision(row.pk, reason=NO_LONGER_FITS, actor=actor, now=now)
            tell(
                "exemption_ended", now=now, reservation_ref=reservation.ref, facts={"exemption": str(row.pk)}
            )
    new = [one for ground, one in wanted.items() if ground not in known]
    if new:
        room = agreed_room(reservation)
        for one in new:
            _write(reservation, one, room, now)


def require_left(reservation: Reservation, ground: Ground, room: RoomFacts) -> None:
    """See that a ground that is granted so many times is not used up, and keep everybody else from granting it to the
    same party until this transaction ends. Reservations are locked before. Raises ExemptionUsedUp.
    """
    if ground.at_most_times is None:
        return
    party = Party(reservation.resident_id, reservation.group_id)
    holder = ("resident", party.resident_id) if party.group_id is None else ("group", party.group_id)
    with connection.cursor() as cursor:
        cursor.execute(_HOLD[holder[0]], [holder[1]])
    day = local(reservation.starts_at, room.zone)[0]
    if times_granted(party, ground, room, day, besides=[reservation.pk]) >= ground.at_most_times:
        raise ExemptionUsedUp


def _write(reservation: Reservation, granting: Granting, room: RoomFacts, now: datetime) -> None:
    day = local(reservation.starts_at, room.zone)[0]
    ground = ground_of(room.rules_on(day), room.facility_key, granting.grant.ground)
    if ground is None:
        return
    require_left(reservation, ground, room)
    quote = Quote.from_dict(reservation.quote) if reservation.quote else Quote((), 0)
    full = quote.total_yen if quote.before_exemption_yen is None else quote.before_exemption_yen
    Exemption.objects.create(
        reservation_id=reservation.pk,
        ground=ground.key,
        name=ground.name[:200],
        name_en=ground.name_en[:200],
        basis=granting.basis,
        standing_id=granting.standing_id,
        state=State.GRANTED,
        applied_at=now,
        decided_at=now,
        percent=granting.grant.percent,
        yen=granting.grant.yen,
        before_yen=full,
        after_yen=quote.total_yen,
    )
