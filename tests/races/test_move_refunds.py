"""A refund is approved, declined, rerouted, handed out, credited and listed at once: one thing happens, to the yen."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from accounts.actors import Actor
from payments import ledger
from payments.models import LedgerEntry, Payee, Refund
from payments.queries import payment_states
from payments.refunds import approving, rerouting
from payments.refunds.approving import approve_refund, decline_refund
from payments.refunds.bank_accounts import bank_account
from payments.refunds.crediting import credit_refund
from payments.refunds.left_open import Proposal, ask_for_decision, decide_open_refund
from payments.refunds.rerouting import change_route, give_account
from payments.refunds.transfers import finish_list, make_list
from payments.reversing import reverse_collection
from payments.services import assess_charge, collect_cash, reduce_charge, refund_cash
from tenants.context import inside
from tests import factories
from tests.payments.test_give_back_by_route import GIVEN
from tests.races.conftest import outcomes

pytestmark = pytest.mark.race

State, Route = Refund.State, Refund.Route


@pytest.fixture
def staff(committed_city):
    with inside(committed_city):
        return [factories.a_staff(f"職員{at}", f"s{at}@example.jp").pk for at in range(3)]


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
def refund(committed_city, charge, staff, now):
    def make(four_eyes=None, yen=800):
        subject = charge(yen)
        with inside(committed_city):
            Payee.objects.update(four_eyes_from_yen=four_eyes)
            collect_cash(subject=subject, yen=yen, staff_id=staff[0], now=now)
            made = reduce_charge(
                subject=subject, to_yen=0, reason="取消し", actor=Actor("staff", staff[0]), now=now
            )
            return subject, made.refunds[0]

    return make


def sums(subject):
    return payment_states([subject])[subject]


def approve(refund, staff_id, now):
    return lambda: approve_refund(ref=refund.ref, staff_id=staff_id, now=now)


def decline(refund, staff_id, now):
    return lambda: decline_refund(ref=refund.ref, staff_id=staff_id, reason="不要", now=now)


def test_of_approving_and_declining_at_once_one_wins(race, refund, staff, now):
    subject, one = refund(four_eyes=1)
    acts = [approve(one, staff[1], now), decline(one, staff[2], now)] * 4
    assert outcomes(race(acts)) == {"won": 1, "RefundMovedOn": 7}
    state = sums(subject)
    declined = Refund.objects.get(pk=one.pk).state == State.WITHDRAWN
    assert state.refund_due_yen == (0 if declined else 800)
    assert state.due_yen == 0
    assert state.paid_yen == (800 if declined else 0)


def test_without_the_locks_it_is_approved_and_declined(race, refund, staff, now, meet, monkeypatch):
    """The bug the locks are there for: look, then write."""
    monkeypatch.setattr(ledger, "_LOCK", ledger._LOCK.replace(" FOR NO KEY UPDATE", ""))
    everybody = meet(2)

    def look_without_lock(ref):
        charge = ledger.lock_by_id(Refund.objects.get(ref=ref).charge_id)
        found = Refund.objects.select_related("source__attempt", "decision").get(ref=ref)
        everybody()
        return found, charge

    monkeypatch.setattr(approving, "lock_refund", look_without_lock)
    _subject, one = refund(four_eyes=1)
    assert outcomes(race([approve(one, staff[1], now), decline(one, staff[2], now)])) == {"won": 2}


def test_cash_is_handed_out_or_goes_another_way(race, refund, staff, now):
    subjects = [refund() for _ in range(6)]
    acts = []
    for subject, one in subjects:
        acts.append(lambda subject=subject: refund_cash(subject=subject, staff_id=staff[0], now=now))
        acts.append(
            lambda one=one: change_route(
                ref=one.ref, route=Route.BANK_TRANSFER, actor=Actor("staff", staff[1]), now=now
            )
        )
    race(acts)
    for subject, one in subjects:
        found = Refund.objects.get(pk=one.pk)
        handed_out = found.state == State.DONE
        assert found.route == (Route.DESK_CASH if handed_out else Route.BANK_TRANSFER)
        assert sums(subject).refund_due_yen == (0 if handed_out else 800)


def test_without_the_locks_only_the_database_keeps_cash_from_going_out_twice(
    race, refund, staff, now, meet, monkeypatch
):
    looked, handed_out = meet(2), meet(2)
    subject, one = refund()

    def look_without_lock(ref):
        found = Refund.objects.select_related("source__attempt", "decision").get(ref=ref)
        looked()
        handed_out()
        return found, None

    monkeypatch.setattr(rerouting, "lock_refund", look_without_lock)

    def hand_out():
        looked()
        yen = refund_cash(subject=subject, staff_id=staff[0], now=now)
        handed_out()
        return yen

    actor = Actor("staff", staff[1])
    acts = [hand_out, lambda: change_route(ref=one.ref, route=Route.BANK_TRANSFER, actor=actor, now=now)]
    assert outcomes(race(acts)) == {"won": 1, "IntegrityError": 1}


def test_one_refund_pays_two_charges_or_is_handed_out_only_once(race, refund, charge, staff, now):
    subject, one = refund()
    targets = [charge(800), charge(800)]
    actor = Actor("staff", staff[0])
    acts = [
        *(lambda to=to: credit_refund(ref=one.ref, to_subject=to, actor=actor, now=now) for to in targets),
        lambda: refund_cash(subject=subject, staff_id=staff[1], now=now),
    ]
    assert outcomes(race(acts))["won"] == 1
    assert sums(subject).refund_due_yen == 0
    assert sum(sums(to).collected_yen for to in targets) in {0, 800}
    assert LedgerEntry.objects.filter(kind="refunded").count() == 1


def test_two_refunds_credited_crosswise_do_not_wait_for_each_other(race, refund, charge, staff, now):
    """Each charge is the source of one credit and the target of the other: locked in one order."""
    actor = Actor("staff", staff[0])
    for _ in range(4):
        (first, one), (second, two) = refund(), refund()
        acts = [
            lambda one=one, to=second: credit_refund(ref=one.ref, to_subject=to, actor=actor, now=now),
            lambda two=two, to=first: credit_refund(ref=two.ref, to_subject=to, actor=actor, now=now),
        ]
        assert outcomes(race(acts)) == {"CreditNotPossible": 2}, "nothing is due on either"


def test_a_refund_is_on_one_list_and_transferred_once(race, refund, staff, now):
    subject, one = refund()
    actor = Actor("staff", staff[0])
    change_route(ref=one.ref, route=Route.BANK_TRANSFER, actor=actor, now=now)
    give_account(ref=one.ref, account=bank_account(**GIVEN), actor=actor, now=now)
    payee_id = Payee.objects.get().pk

    def make():
        refs = [one.ref]
        return make_list(payee_id=payee_id, refs=refs, pay_on=date(2026, 12, 10), staff_id=staff[0], now=now)

    results = race([make] * 6)
    assert outcomes(results) == {"won": 1, "NothingToTransfer": 5}
    made = next(found for found in results if not isinstance(found, Exception))
    acts = [lambda: finish_list(list_id=made.pk, staff_id=staff[0], now=now)] * 6
    assert outcomes(race(acts)) == {"won": 1, "TransferListClosed": 5}
    assert sums(subject).state == "refunded"


def test_what_is_open_is_decided_once(race, charge, staff, now):
    subject = charge()
    collect_cash(subject=subject, yen=800, staff_id=staff[0], now=now)
    Payee.objects.update(four_eyes_from_yen=None)
    ask_for_decision(subject=subject, proposal=Proposal(), actor=Actor("staff", staff[0]), now=now)
    acts = [
        lambda yen=yen: decide_open_refund(
            subject=subject, yen=yen, reason="x", actor=Actor("staff", staff[0]), now=now
        )
        for yen in (0, 100, 200, 300)
    ]
    assert outcomes(race(acts)) == {"won": 1, "TaskClosed": 3}
    assert sums(subject).refund_due_yen in {0, 100, 200, 300}


def test_a_collection_is_taken_back_or_given_back(race, charge, staff, now):
    subjects = [charge() for _ in range(6)]
    Payee.objects.update(four_eyes_from_yen=None)
    for subject in subjects:
        collect_cash(subject=subject, yen=800, staff_id=staff[0], now=now)
    acts = []
    for entry in LedgerEntry.objects.filter(kind="collected").select_related("charge"):
        acts.append(
            lambda pk=entry.pk: reverse_collection(entry_id=pk, reason="x", staff_id=staff[0], now=now)
        )
        acts.append(
            lambda subject=entry.charge.subject: reduce_charge(
                subject=subject, to_yen=0, reason="取消し", actor=Actor("staff", staff[1]), now=now
            )
        )
    race(acts)
    for subject in subjects:
        state = sums(subject)
        assert state.collected_yen == state.refund_decided_yen, "never taken back and given back"
        assert state.due_yen == 0
