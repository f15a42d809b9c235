"""What whoever booked, or staff for them, do about money that comes back: say where to, or let it pay another use."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from booking import records
from booking.models import Reservation
from payments.models import Refund
from payments.queries import payment_states
from payments.refunds.bank_accounts import BankAccount
from payments.refunds.crediting import Credited, credit_refund
from payments.refunds.errors import CreditNotPossible, RefundNotFound
from payments.refunds.queries import refund_of
from payments.refunds.rerouting import change_route, give_account

Status = Reservation.Status


@transaction.atomic
def ask_for_transfer(*, ref: UUID, refund: UUID, account: BankAccount, actor: Actor, now: datetime) -> Refund:
    """Have a refund of a booking transferred to an account; one that was to go another way goes this way now.

    Raises ReservationNotFound, NotForGroup, RefundNotFound, RefundMovedOn, RouteNotPossible, ClaimTooLate.
    """
    _theirs(ref, refund, actor)
    change_route(ref=refund, route=Refund.Route.BANK_TRANSFER, actor=actor, now=now)
    return give_account(ref=refund, account=account, actor=actor, now=now)


def bookings_to_credit(ref: UUID) -> list[tuple[Reservation, int]]:
    """Return the bookings of the same hirer that are still to be paid, with what is due, in yen, the earliest first."""
    own = Reservation.objects.get(ref=ref)
    same = {"group_id": own.group_id} if own.group_id else {"group": None}
    rows = Reservation.objects.filter(resident_id=own.resident_id, status=Status.CONFIRMED, **same)
    rows = rows.exclude(pk=own.pk)
    found = {row.ref: row for row in rows.select_related("room").order_by("starts_at", "pk")}
    states = payment_states(list(found))
    return [(row, states[at].due_yen) for at, row in found.items() if at in states and states[at].due_yen > 0]


@transaction.atomic
def credit_booking(*, ref: UUID, refund: UUID, to_ref: UUID, actor: Actor, now: datetime) -> Credited:
    """Let a refund of a booking pay another booking of the same hirer (充当).

    Raises CreditNotPossible, RefundNotFound, RefundMovedOn, ReservationNotFound, NotForGroup.
    """
    _theirs(ref, refund, actor)
    if to_ref not in {row.ref for row, _due in bookings_to_credit(ref)}:
        raise CreditNotPossible
    return credit_refund(ref=refund, to_subject=to_ref, actor=actor, now=now)


def _theirs(ref: UUID, refund: UUID, actor: Actor) -> None:
    """A refund belongs to a booking this person may act for."""
    records.visible(ref, actor, act=True)
    if refund_of(refund).charge.subject != ref:
        raise RefundNotFound
