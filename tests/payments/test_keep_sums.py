"""Whatever is done to a charge in whatever order: its entries explain every yen, and nothing is given back twice."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actors import SYSTEM, Actor
from payments.models import Charge, LedgerEntry, Refund
from payments.queries import payment_states
from payments.services import (
    change_charge,
    collect_cash,
    collect_through,
    reduce_charge,
    refund_cash,
)
from tenants.errors import Refusal

YEN = st.sampled_from([0, 1, 299, 300, 700, 1000, 2500])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["reduce", "change", "transfer"]), YEN),
        st.tuples(st.sampled_from(["take", "give back"]), st.just(0)),
    ),
    max_size=12,
)


@dataclass
class Till:
    """The same charge in three numbers: asked for, in our hands, and promised to be given back."""

    asked: int
    held: int = 0
    promised: int = 0

    def settle(self) -> None:
        """Beyond what is asked for nothing is kept."""
        self.promised += max(self.held - self.promised - self.asked, 0)

    @property
    def due(self) -> int:
        """What is still to come."""
        return max(self.asked - (self.held - self.promised), 0)


def do(subject, step, yen, till, clerk, now):
    """One step on both sides; what the service refuses changes nothing on either."""
    staff, charge_id = Actor("staff", clerk.pk), Charge.objects.get(subject=subject).pk
    if step == "reduce" and yen <= till.asked:
        reduce_charge(subject=subject, to_yen=yen, reason="減額", actor=staff, now=now)
        till.asked = yen
    elif step == "change":
        change_charge(subject=subject, to_yen=yen, reason="変更", actor=staff, now=now)
        till.asked = yen
    elif step == "transfer" and yen:
        collect_through(charge_id=charge_id, yen=yen, gateway_key="desk_cash", actor=SYSTEM, now=now)
        till.held += yen
    elif step == "take" and till.due:
        till.held += collect_cash(subject=subject, yen=till.due, staff_id=clerk.pk, now=now).yen
    elif step == "give back" and till.promised:
        assert refund_cash(subject=subject, staff_id=clerk.pk, now=now) == till.promised
        till.held, till.promised = till.held - till.promised, 0
    else:
        refuse(subject, step, till, staff, now)
    till.settle()


def refuse(subject, step, till, staff, now):
    """What makes no sense is refused, whatever was done before."""
    acts = {
        "reduce": lambda: reduce_charge(
            subject=subject, to_yen=till.asked + 1, reason="減額", actor=staff, now=now
        ),
        "take": lambda: collect_cash(subject=subject, yen=1, staff_id=staff.id, now=now),
        "give back": lambda: refund_cash(subject=subject, staff_id=staff.id, now=now),
    }
    if step in acts:
        try:
            acts[step]()
        except Refusal:
            return
        raise AssertionError(step)


def compare(subject, till):
    """The ledger says what the three numbers say, and every refund is a part of one collection."""
    charge = Charge.objects.get(subject=subject)
    entries = list(LedgerEntry.objects.filter(charge=charge))
    state = payment_states([subject])[subject]
    assert (state.assessed_yen, state.due_yen, state.refund_due_yen) == (till.asked, till.due, till.promised)
    sums = {kind: sum(entry.yen for entry in entries if entry.kind == kind) for kind in LedgerEntry.Kind}
    assert sums["collected"] - sums["refunded"] == till.held
    assert sums["refund_decided"] - sums["refunded"] == till.promised
    assert {(entry.fiscal_year, entry.item_id) for entry in entries} <= {(charge.fiscal_year, charge.item_id)}
    refunds = list(Refund.objects.filter(charge=charge).select_related("decision"))
    assert all(refund.yen == refund.decision.yen for refund in refunds)
    assert sum(refund.yen for refund in refunds) == sums["refund_decided"]
    assert sum(refund.yen for refund in refunds if refund.state == "done") == sums["refunded"]
    for entry in entries:
        back = sum(refund.yen for refund in refunds if refund.source_id == entry.pk)
        assert back <= (entry.yen if entry.kind == "collected" else 0)
    return [(entry.pk, entry.kind, entry.yen) for entry in entries]


@given(first=YEN, steps=STEPS)
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_entries_explain_every_yen_in_any_order(charge, clerk, now, first, steps):
    with transaction.atomic():
        subject, till = charge(first, subject=uuid4()), Till(first)
        written = compare(subject, till)
        for step, yen in steps:
            do(subject, step, yen, till, clerk, now)
            longer = compare(subject, till)
            assert longer[: len(written)] == written, "what was entered stays"
            written = longer
        transaction.set_rollback(True)
