"""Two clerks, one payment; many clerks, one run of receipt numbers."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from accounts.actors import Actor
from payments import ledger, services
from payments.models import LedgerEntry, Paper
from payments.queries import payment_states
from payments.services import assess_charge, collect_cash, reduce_charge, refund_cash
from tenants.context import inside
from tests import factories
from tests.races.conftest import outcomes

pytestmark = pytest.mark.race


@pytest.fixture
def clerk(committed_city):
    with inside(committed_city):
        return factories.a_staff().pk


@pytest.fixture
def charge(committed_city, now):
    def make(yen=800):
        subject = uuid4()
        with inside(committed_city):
            assess_charge(
                subject=subject,
                yen=yen,
                title="中央公民館 第1研修室",
                payer="佐藤 花子",
                day=date(2027, 6, 9),
                facility_id=None,
                actor=Actor("resident", 1),
                now=now,
            )
        return subject

    return make


@pytest.fixture
def collect(clerk, now):
    return lambda subject: lambda: collect_cash(subject=subject, yen=800, staff_id=clerk, now=now)


def test_of_many_clerks_exactly_one_takes_the_money(race, charge, collect):
    subject = charge()
    assert outcomes(race([collect(subject)] * 16)) == {"won": 1, "AlreadyPaid": 15}
    assert LedgerEntry.objects.filter(kind="collected").count() == 1
    assert Paper.objects.count() == 1


def test_without_the_lock_the_same_race_collects_twice(race, charge, collect, meet, monkeypatch):
    """The bug the lock is there for: look, then write."""
    monkeypatch.setattr(ledger, "_LOCK", ledger._LOCK.replace(" FOR NO KEY UPDATE", ""))
    real, everybody = services.enter, meet(8)

    def enter_once_all_have_looked(*args, **kwargs):
        everybody()
        return real(*args, **kwargs)

    monkeypatch.setattr(services, "enter", enter_once_all_have_looked)
    assert outcomes(race([collect(charge())] * 8)) == {"won": 8}


def test_receipt_numbers_have_no_gap_whoever_fails(race, charge, collect):
    subjects = [charge() for _ in range(24)]
    results = race([collect(subject) for subject in subjects * 2])
    assert outcomes(results) == {"won": 24, "AlreadyPaid": 24}
    assert sorted(Paper.objects.values_list("serial", flat=True)) == list(range(1, 25))


def test_taking_and_cancelling_at_once_leaves_a_clear_state(race, charge, collect, clerk, now):
    """Either it was cancelled first and nothing is taken, or what was taken is to be given back."""

    def cancel(subject):
        return lambda: reduce_charge(
            subject=subject, to_yen=0, reason="取消し", actor=Actor("staff", clerk), now=now
        )

    subjects = [charge() for _ in range(12)]
    race([act(subject) for subject in subjects for act in (collect, cancel)])
    for subject, state in payment_states(subjects).items():
        assert state.state in {"cancelled", "refund_due"}, subject
        assert state.collected_yen == state.refund_due_yen


def test_a_refund_is_given_back_by_one_clerk_only(race, charge, collect, clerk, now):
    subject = charge()
    collect(subject)()
    reduce_charge(subject=subject, to_yen=0, reason="取消し", actor=Actor("staff", clerk), now=now)
    acts = [lambda: refund_cash(subject=subject, staff_id=clerk, now=now)] * 8
    assert outcomes(race(acts)) == {"won": 1, "NothingToRefund": 7}
