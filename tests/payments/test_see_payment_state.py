"""Where charges stand is summed from the ledger, for many subjects in one query."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from payments.errors import UnknownGateway
from payments.gateways import GATEWAYS, gateway
from payments.gateways.base import Cap, Gateway, Limits
from payments.queries import PaymentState, Sums, payment_states
from payments.services import collect_cash
from tenants.context import inside

YEN = st.integers(min_value=0, max_value=1_000_000)


def test_states_of_many_subjects_come_in_one_query(charge, clerk, now):
    free, unpaid, paid = charge(0), charge(500), charge(800)
    receipt = collect_cash(subject=paid, yen=800, staff_id=clerk.pk, now=now)
    with CaptureQueriesContext(connection) as queries:
        states = payment_states([free, unpaid, paid, uuid4()])
    assert [one["sql"] for one in queries if "payments_charge" in one["sql"]] == [queries[-1]["sql"]]
    assert states == {
        free: PaymentState(0, 0, 0, "free"),
        unpaid: PaymentState(500, 0, 0, "unpaid"),
        paid: PaymentState(800, 800, 0, "paid", receipt.number),
    }


def test_no_subject_needs_no_query(django_assert_num_queries, city):
    with django_assert_num_queries(0):
        assert payment_states([]) == {}


def test_a_subject_never_charged_owes_nothing():
    assert PaymentState.nothing() == PaymentState(0, 0, 0, "free", None)


def test_another_municipality_knows_nothing_of_a_charge(charge, hokota):
    subject = charge(800)
    with inside(hokota):
        assert payment_states([subject]) == {}


@given(assessed=YEN, kept=YEN, is_paid=st.booleans(), is_refunded=st.booleans())
def test_whatever_happens_no_yen_is_lost(assessed, kept, is_paid, is_refunded):
    """Assess, perhaps collect, reduce, perhaps refund: what the municipality keeps is what it asks for."""
    kept = min(kept, assessed)
    collected = assessed if is_paid else 0
    decided = max(collected - kept, 0)
    sums = Sums(assessed, assessed - kept, collected, decided, decided if is_refunded else 0)
    assert sums.collected - sums.refunded + sums.due - sums.refund_due == sums.net
    assert (sums.state == "refund_due") == (sums.refund_due > 0)
    assert (sums.state == "unpaid") == (sums.due > 0 and sums.refund_due == 0)
    assert (sums.state == "free") == (assessed == 0)


def test_what_was_given_back_without_a_reduction_is_due_again():
    assert Sums(assessed=1000, collected=1000, refund_decided=1000, refunded=1000).due == 1000


def test_every_gateway_of_the_registry_keeps_the_protocol():
    for key in GATEWAYS:
        one = gateway(key)
        assert isinstance(one, Gateway)
        assert one.key == key


def test_cash_is_taken_at_the_desk_in_any_amount():
    cash = gateway("desk_cash")
    assert Cap.AT_DESK in cash.caps
    assert cash.limits.accept(1)
    assert not cash.limits.accept(0)


def test_limits_of_a_gateway_are_inclusive():
    konbini = Limits(min_yen=120, max_yen=300_000)
    assert [konbini.accept(yen) for yen in (119, 120, 300_000, 300_001)] == [False, True, True, False]


def test_a_gateway_nobody_registered_is_refused():
    with pytest.raises(UnknownGateway):
        gateway("barter")
