"""The three ledgers at the end: what the applicants know, what we wrote down, and what the provider has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from booking.models import Reservation
from payments.models import Charge, LedgerEntry, Refund, Task
from payments.queries import payment_states
from tests.money.clients import Clients, Purse

Kind = LedgerEntry.Kind


def compare_bookings(clients: Clients) -> None:
    """Everybody who was told "booked" has a booking, and nobody has one that nobody asked for."""
    rows = {row.ref: row for row in Reservation.objects.all()}
    known = [wish.ref for wish in clients.has()]
    assert len(known) == len(set(known)), "one intention, one booking"
    assert set(rows) == set(known)
    for wish in clients.has():
        status = rows[wish.ref].status
        assert status in {"confirmed", "cancelled"}
        if wish.said == "cancelled":
            assert status == "cancelled"


def compare_charges() -> Counter[str]:
    """Each charge belongs to one booking, which is confirmed, refunded, or in a clerk's queue. To the yen."""
    rows = {row.ref: row for row in Reservation.objects.all()}
    charges = list(Charge.objects.all())
    states = payment_states([charge.subject for charge in charges])
    assert {charge.subject for charge in charges} == set(rows), "a charge for each booking"
    found: Counter[str] = Counter()
    for charge in charges:
        state = states[charge.subject]
        assert (
            state.collected_yen >= state.refund_decided_yen >= state.refund_decided_yen - state.refund_due_yen
        )
        if rows[charge.subject].status == "confirmed":
            found["confirmed"] += 1
            assert state.assessed_yen == rows[charge.subject].price_yen
        elif state.refund_due_yen:
            found["in a queue"] += 1
        else:
            found["settled"] += 1
            assert state.paid_yen <= state.assessed_yen
        assert state.paid_yen <= state.assessed_yen, "nothing is kept beyond what is asked for"
        assert refunds_wait_for_somebody(charge) >= (state.refund_due_yen > 0)
    return found


def refunds_wait_for_somebody(charge: Charge) -> bool:
    """Whether what is still to be given back lies where a person will find it: their list, or a task."""
    waiting = Refund.objects.filter(charge=charge).exclude(state="done")
    listed = {"ready", "awaiting_approval", "awaiting_account", "payer_action"}
    tasks = set(Task.objects.filter(refund__in=waiting, closed_at=None).values_list("refund_id", flat=True))
    return all(refund.state in listed or refund.pk in tasks for refund in waiting)


def ours(whose: Iterable[UUID]) -> Purse:
    """What the ledger says of these bookings, as their applicant's purse: by gateway, in and out."""
    purse = Purse()
    for entry in LedgerEntry.objects.filter(charge__subject__in=list(whose)):
        if entry.kind == Kind.COLLECTED:
            purse.paid[entry.gateway] += entry.yen
        elif entry.kind in (Kind.REFUNDED, Kind.REVERSED):
            purse.back[entry.gateway] += entry.yen
    return purse


def compare_purses(clients: Clients) -> None:
    """What everybody paid and got back is what the ledger says, for each of the ways it went."""
    for who in {wish.who for wish in clients.wishes}:
        theirs, written = clients.purse(who), ours(wish.ref for wish in clients.has() if wish.who == who)
        for way in {*theirs.paid, *written.paid, *theirs.back, *written.back}:
            # What came back to the account after it had gone is in the ledger twice, in and out.
            assert theirs.gone(way) == written.gone(way), (who, way)
