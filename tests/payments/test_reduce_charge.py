"""A cancelled booking asks for less; what was paid above that is decided as a refund, and given back once."""

from __future__ import annotations

from uuid import uuid4

import pytest

from accounts.actors import Actor
from payments.errors import CannotRaise, ChargeNotFound, InvalidAmount, NothingToPay, NothingToRefund
from payments.models import LedgerEntry
from payments.services import collect_cash, reduce_charge, refund_cash

STAFF = Actor("staff", 7)


@pytest.fixture
def reduce(now):
    def act(subject, to_yen, reason="取消し"):
        return reduce_charge(subject=subject, to_yen=to_yen, reason=reason, actor=STAFF, now=now)

    return act


@pytest.fixture
def paid(charge, clerk, now):
    subject = charge(1000)
    collect_cash(subject=subject, yen=1000, staff_id=clerk.pk, now=now)
    return subject


def kinds(subject):
    return list(LedgerEntry.objects.filter(charge__subject=subject).values_list("kind", "yen"))


def test_an_unpaid_charge_is_just_reduced(charge, reduce, state, clerk, now):
    subject = charge(1000)
    assert reduce(subject, 0) is None
    assert kinds(subject) == [("assessed", 1000), ("reduced", 1000)]
    assert state(subject).state == "cancelled"
    with pytest.raises(NothingToPay):
        collect_cash(subject=subject, yen=1000, staff_id=clerk.pk, now=now)


def test_what_was_paid_in_full_is_decided_as_a_refund(paid, reduce, state):
    decision = reduce(paid, 0, reason="台風のため")
    assert decision.yen == 1000
    assert kinds(paid) == [
        ("assessed", 1000),
        ("collected", 1000),
        ("reduced", 1000),
        ("refund_decided", 1000),
    ]
    entry = LedgerEntry.objects.get(pk=decision.refunds[0].decision_id)
    assert (entry.memo, entry.actor_kind, entry.actor_id) == ("台風のため", "staff", 7)
    assert (state(paid).state, state(paid).refund_due_yen) == ("refund_due", 1000)


def test_only_what_is_above_the_kept_part_is_refunded(paid, reduce, state):
    assert reduce(paid, 300).yen == 700
    assert (state(paid).assessed_yen, state(paid).refund_due_yen) == (300, 700)


def test_nothing_is_refunded_when_all_is_kept(paid, reduce, state):
    assert reduce(paid, 1000) is None
    assert state(paid).state == "paid"


def test_reducing_twice_to_the_same_amount_decides_once(paid, reduce):
    assert reduce(paid, 300).yen == 700
    assert reduce(paid, 300) is None
    assert [kind for kind, _ in kinds(paid)].count("refund_decided") == 1


def test_reducing_further_decides_the_difference(paid, reduce, state):
    reduce(paid, 300)
    assert reduce(paid, 100).yen == 200
    assert state(paid).refund_due_yen == 900


def test_a_partly_reduced_unpaid_charge_is_collected_at_the_new_amount(charge, reduce, clerk, now):
    subject = charge(1000)
    reduce(subject, 400)
    assert collect_cash(subject=subject, yen=400, staff_id=clerk.pk, now=now).yen == 400


@pytest.mark.parametrize(("to_yen", "refusal"), [(1001, CannotRaise), (-1, InvalidAmount)])
def test_a_charge_is_never_raised_or_negative(charge, reduce, to_yen, refusal):
    subject = charge(1000)
    with pytest.raises(refusal):
        reduce(subject, to_yen)
    assert kinds(subject) == [("assessed", 1000)]


def test_an_unknown_subject_has_no_charge(city, reduce):
    with pytest.raises(ChargeNotFound):
        reduce(uuid4(), 0)


def test_a_free_charge_can_be_reduced_to_nothing(charge, reduce, state):
    subject = charge(0)
    assert reduce(subject, 0) is None
    assert state(subject).state == "free"


def test_a_refund_is_given_back_once(paid, reduce, clerk, now, state):
    reduce(paid, 300)
    assert refund_cash(subject=paid, staff_id=clerk.pk, now=now) == 700
    assert (state(paid).state, state(paid).refund_due_yen) == ("refunded", 0)
    with pytest.raises(NothingToRefund):
        refund_cash(subject=paid, staff_id=clerk.pk, now=now)
    assert LedgerEntry.objects.get(kind="refunded").gateway == "desk_cash"


def test_nothing_is_given_back_before_it_was_decided(paid, clerk, now):
    with pytest.raises(NothingToRefund):
        refund_cash(subject=paid, staff_id=clerk.pk, now=now)
