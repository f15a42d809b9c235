"""What follows when a reservation is not paid in time: a reminder before, then what the rules say.

The rules cancel what nothing was paid of; the rest is for staff. Nothing is cancelled while somebody may still be
paying: a voucher or a page of the provider that is valid, or has just ended and whose news may be on its way; nor while
an application for exemption waits to be decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from accounts.actors import SYSTEM
from booking import records
from booking.cancelling import cancel_reservation
from booking.dues import due_by_rules
from booking.exempting.closing import is_waiting
from booking.models import Reservation
from booking.reminding import reminder_settings
from booking.telling import tell
from booking.transactions import one_transaction
from facilities.ordinance.days.moments import last_shown
from facilities.periods import local, moment
from facilities.queries import room_facts
from payments import dues
from payments.dues import Late, OpenPart
from payments.models import Task
from tenants.context import current_zone
from tenants.errors import Refusal

UNPAID = "納期限までに料金の支払いがなかったため"
# What was paid in the last minute is known a little later.
NEWS_TAKE = timedelta(hours=1)
# Who booked less than a day ago was told of the day just then.
_JUST_TOLD = timedelta(days=1)

Follows = Literal["nothing", "wait", "cancel", "staff"]


def lapse_dues(*, now: datetime) -> int:
    """Do what follows from each day that is over: cancel what the rules cancel, hand the rest to staff.

    Returns how many were cancelled. May run twice, and by several workers. One that cannot be dealt with holds up no
    other: its refusal is raised at the end.
    """
    cancelled, refused = 0, list[Refusal]()
    for ref in dues.late_subjects(now=now):
        try:
            cancelled += _lapse(ref, now)
        except Refusal as refusal:
            refused.append(refusal)
    if refused:
        raise refused[0]
    return cancelled


def follows(reservation: Reservation, late: Late, now: datetime) -> Follows:
    """Return what follows from what is late.

    Who paid a part of a sum that is not divided, or has a slip and may have paid at a bank, is not put out by itself.
    What has begun, or is only a charge for having cancelled, is collected by people.
    """
    if not late.parts:
        return "nothing"
    by_rules = any(part.unpaid == "cancelled" for part in late.parts)
    stands = reservation.status == Reservation.Status.CONFIRMED and reservation.starts_at > now
    paid = late.charge.sums.collected > late.charge.sums.refund_decided
    if not (by_rules and stands) or (paid and not late.is_divided) or late.has_slip:
        return "staff"
    if late.payable_until and now < late.payable_until + NEWS_TAKE:
        return "wait"
    return "cancel"


def remind_of_dues(*, now: datetime) -> int:
    """Remind of what has to be paid soon, as many days before as the municipality wants, from its hour on.

    Each day is told of once. Returns how many were told.
    """
    settings, zone = reminder_settings(), current_zone()
    today, minute = local(now, zone)
    if not settings.remind_due_days or minute < settings.remind_hour * 60:
        return 0
    until = moment(today + timedelta(days=settings.remind_due_days + 1), 0, zone)
    found = dues.to_remind(due_before=until, written_before=now - _JUST_TOLD, now=now)
    return sum(_remind(ref, part, now) for ref, part in _reservations(found))


def _lapse(ref: UUID, now: datetime) -> bool:
    with one_transaction():
        reservation = records.visible(ref, SYSTEM, lock=True)
        late = dues.lock_late(subject=ref, now=now)
        what = follows(reservation, late, now)
        if what == "wait" or (what == "cancel" and is_waiting(reservation.pk)):
            return False
        dues.settle_late(charge_id=late.charge.id, now=now)
        if what == "staff":
            _hand_to_staff(late, now)
        elif what == "cancel":
            _cancel(reservation, now)
        return what == "cancel"


def _cancel(reservation: Reservation, now: datetime) -> None:
    cancel_reservation(
        ref=reservation.ref,
        actor=SYSTEM,
        reason=UNPAID + _article(reservation, now),
        now=now,
        told=False,
        offence=False,
    )
    tell("payment_overdue_cancelled", now=now, reservation_ref=reservation.ref)


def _article(reservation: Reservation, now: datetime) -> str:
    """Where the rules say so: （条例第7条）; nothing where they do not say where."""
    yen, room = reservation.price_yen or 0, room_facts(reservation.room_id)
    said = due_by_rules(reservation, room, booked_at=reservation.created_at, now=now, yen=yen)
    article = next((reason.article for reason in said.reasons if reason.article), "")
    return f"（{article}）" if article else ""


def _hand_to_staff(late: Late, now: datetime) -> None:
    first = late.parts[0]
    Task.objects.get_or_create(
        kind=Task.Kind.OVERDUE,
        cause=f"charge {late.charge.id} {first.number} {first.due_at:%Y-%m-%d}",
        defaults={
            "charge_id": late.charge.id,
            "facts": {
                "yen": sum(part.yen for part in late.parts),
                "due_at": f"{first.due_at:%Y-%m-%dT%H:%M%z}",
            },
            "opened_at": now,
        },
    )


def _reservations(found: list[tuple[UUID, OpenPart]]) -> Iterator[tuple[UUID, OpenPart]]:
    """Those of reservations that stand."""
    refs = {ref for ref, _ in found}
    standing = Reservation.objects.filter(ref__in=refs, status=Reservation.Status.CONFIRMED)
    stands = set(standing.values_list("ref", flat=True))
    return ((ref, part) for ref, part in found if ref in stands)


def _remind(ref: UUID, part: OpenPart, now: datetime) -> bool:
    with one_transaction():
        is_mine = dues.note_reminded(subject=ref, number=part.number, now=now)
        if is_mine and part.due_at:
            facts = {"until": last_shown(part.due_at.astimezone(current_zone())), "yen": str(part.yen)}
            tell("payment_due_soon", now=now, reservation_ref=ref, facts=facts)
    return is_mine
