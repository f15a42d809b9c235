"""A standing exemption that was granted reaches what the group has booked already. By the worker; may run again."""

from __future__ import annotations

from datetime import datetime

from accounts.actors import SYSTEM
from booking.exempting.errors import ExemptionUsedUp, PriceNotByRules
from booking.exempting.following import follow_price
from booking.exempting.granting import Basis, Granting, granted_for, holds_at
from booking.exempting.grounds import STANDING, agreed_room, ground_of
from booking.exempting.quoting import price_with
from booking.exempting.records import write_price
from booking.models import Reservation, StandingExemption
from booking.telling import tell
from booking.transactions import one_transaction
from facilities.ordinance import Grant
from facilities.periods import local


def carry_standing(*, standing_id: int, now: datetime) -> int:
    """Grant a standing exemption for every use of the group to come that it fits and makes cheaper. Returns how many.

    Each is one transaction of its own. One whose price staff decided stays as it is.
    """
    standing = StandingExemption.objects.filter(pk=standing_id, state=StandingExemption.State.GRANTED).first()
    if standing is None:
        return 0
    rows = Reservation.objects.filter(
        group_id=standing.group_id,
        status__in=STANDING,
        starts_at__gt=now,
        room__facility__rule_book_id=standing.rule_book_id,
    )
    return sum(_carry(pk, standing, now) for pk in rows.order_by("pk").values_list("pk", flat=True))


def _carry(reservation_id: int, standing: StandingExemption, now: datetime) -> bool:
    try:
        with one_transaction():
            return _grant(reservation_id, standing, now)
    except ExemptionUsedUp:
        return False


def _grant(reservation_id: int, standing: StandingExemption, now: datetime) -> bool:
    locked = Reservation.objects.select_for_update(no_key=True).get(pk=reservation_id)
    room = agreed_room(locked)
    day = local(locked.starts_at, room.zone)[0]
    had = granted_for(locked.pk)
    ground = ground_of(room.rules_on(day), room.facility_key, standing.ground)
    if locked.status not in STANDING or ground is None or not holds_at(standing, room, day):
        return False
    if not locked.price_yen or any(one.grant.ground == ground.key for one in had):
        return False
    new = Granting(Grant(standing.ground, standing.percent, standing.yen), Basis.STANDING, standing.pk)
    try:
        price = price_with(locked, [one.grant for one in (*had, new)])
    except PriceNotByRules:
        return False
    if price.after_yen >= locked.price_yen:
        return False
    write_price(locked, price, verb="exempt_grant", reason=f"減免 {standing.name}", actor=SYSTEM, now=now)
    follow_price(locked, (*had, new), actor=SYSTEM, now=now)
    tell("exemption_by_standing", now=now, reservation_ref=locked.ref)
    return True
