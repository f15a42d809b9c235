"""Paying through a provider, by many at once: one attempt, one collection, nothing lost between card and cash."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from accounts.actors import SYSTEM, Actor
from payments import ledger
from payments.gateways.base import Checkout, GatewayEvent, GatewayRefund
from payments.models import Attempt, AttemptCharge, LedgerEntry, Payee, ProviderEvent, Refund
from payments.online.attempts import begin_attempt, mark_of
from payments.online.hearing import store_event
from payments.online.pace import next_call
from payments.online.settling import settle
from payments.queries import payment_states
from payments.refunds.sending import follow_refund, refund_mark
from payments.services import assess_charge, collect_cash, reduce_charge
from tenants.context import inside
from tests import factories
from tests.queue import enqueued
from tests.races.conftest import outcomes

pytestmark = pytest.mark.race

READY = {"charges_enabled": True, "capabilities": {"card_payments": "active", "konbini_payments": "active"}}


@pytest.fixture
def charge(committed_city, now):
    """A charge of 800 yen whose payee takes cards; its subject."""
    with inside(committed_city):
        Payee.objects.update(stripe_account="acct_race", stripe_state=READY)

    def make():
        subject = uuid4()
        with inside(committed_city):
            assess_charge(
                subject=subject,
                yen=800,
                title="第1研修室",
                payer="佐藤 花子",
                day=date(2027, 6, 9),
                facility_id=None,
                actor=Actor("resident", 1),
                now=now,
            )
        return subject

    return make


@pytest.fixture
def begin(now):
    """``begin(subject, …)``: an act that begins to pay these."""

    def act(*subjects, way="card"):
        return lambda: begin_attempt(
            charge_subjects=subjects,
            way=way,
            return_url="https://akiruno.example/{ref}/",
            actor=Actor("resident", 1),
            language="ja",
            now=now,
        )

    return act


@pytest.fixture
def paid(now):
    """``paid(attempt)``: an act that hears from the provider that an attempt is paid."""

    def act(attempt):
        checkout = Checkout(
            ref=f"cs_{attempt.pk}",
            mark=mark_of(attempt.pk),
            yen=attempt.yen,
            state="paid",
            url="",
            expires_at=now,
            payment_ref=f"pi_{attempt.pk}",
            charge_ref=f"ch_{attempt.pk}",
        )
        return lambda: settle(attempt.pk, checkout, now=now)

    return act


def test_many_taps_are_one_attempt(race, charge, begin):
    subject = charge()
    assert outcomes(race([begin(subject)] * 12)) == {"won": 12}
    assert Attempt.objects.count() == 1
    assert len(enqueued("payments.open_attempt")) == 1


def test_of_overlapping_wishes_one_is_live_for_each_charge(race, charge, begin):
    first, second, third = charge(), charge(), charge()
    wishes = [begin(first, second), begin(second, third), begin(third, first), begin(first, way="konbini")]
    assert outcomes(race(wishes * 4)) == {"won": 16}
    live = AttemptCharge.objects.filter(live=True)
    assert live.values("charge_id").distinct().count() == live.count()
    assert Attempt.objects.filter(close_wanted_at=None).count() <= 3


def test_the_same_news_in_many_workers_is_one_collection(race, charge, begin, paid):
    attempt = begin(charge(), charge())()
    assert outcomes(race([paid(attempt)] * 12)) == {"won": 12}
    assert LedgerEntry.objects.filter(kind="collected").count() == 2


def test_without_the_lock_the_same_news_collects_twice(race, charge, begin, paid, meet, monkeypatch):
    """The bug the locks are there for: look whether it is paid, then collect."""
    attempt = begin(charge())()
    monkeypatch.setattr(ledger, "_LOCK", ledger._LOCK.replace(" FOR NO KEY UPDATE", ""))
    monkeypatch.setattr("payments.online.attempts.lock_attempt", _unlocked)
    monkeypatch.setattr("payments.online.settling.lock_attempt", _unlocked)
    everybody = meet(4)
    real = _collect()

    def collect_once_all_have_looked(*args):
        everybody()
        return real(*args)

    monkeypatch.setattr("payments.online.settling._collect", collect_once_all_have_looked)
    race([paid(attempt)] * 4)
    assert LedgerEntry.objects.filter(kind="collected").count() > 1


def test_card_and_cash_at_once_keep_one_of_them(race, charge, begin, paid, now, committed_city):
    with inside(committed_city):
        clerk = factories.a_staff().pk
    subjects = [charge() for _ in range(8)]
    attempts = [begin(subject)() for subject in subjects]
    cash = [
        lambda subject=subject: collect_cash(subject=subject, yen=800, staff_id=clerk, now=now)
        for subject in subjects
    ]
    race([act for pair in zip(cash, map(paid, attempts), strict=True) for act in pair])
    for subject, state in payment_states(subjects).items():
        assert state.paid_yen == 800, subject
        assert state.collected_yen == 800 + state.refund_due_yen


def test_paid_and_cancelled_at_once_leaves_nothing_kept(race, charge, begin, paid, now):
    subjects = [charge() for _ in range(8)]
    attempts = [begin(subject)() for subject in subjects]
    cancel = [
        lambda subject=subject: reduce_charge(
            subject=subject, to_yen=0, reason="取消し", actor=SYSTEM, now=now
        )
        for subject in subjects
    ]
    race([act for pair in zip(cancel, map(paid, attempts), strict=True) for act in pair])
    for state in payment_states(subjects).values():
        assert (state.collected_yen, state.refund_due_yen, state.paid_yen) == (800, 800, 0)


def test_a_refund_that_arrived_is_booked_once(race, charge, begin, paid, now):
    subject = charge()
    paid(begin(subject)())()
    reduce_charge(subject=subject, to_yen=0, reason="取消し", actor=SYSTEM, now=now)
    refund = Refund.objects.get()
    Refund.objects.update(state=Refund.State.SENDING)
    told = GatewayRefund(ref="re_1", mark=refund_mark(refund.pk), yen=800, state="done")
    failed = GatewayRefund(ref="re_1", mark=refund_mark(refund.pk), yen=800, state="failed", failure="x")
    race([lambda: follow_refund(refund.pk, told, now=now)] * 10)
    assert LedgerEntry.objects.filter(kind="refunded").count() == 1
    race([lambda: follow_refund(refund.pk, failed, now=now)] * 10)
    assert LedgerEntry.objects.filter(kind="collected").count() == 2
    assert Refund.objects.count() == 2


def test_one_event_is_kept_once(race, committed_city, now):
    event = GatewayEvent("evt_1", "acct_race", "checkout.session.completed", "cs_1", now)
    results = race([lambda: store_event(event, now=now)] * 12)
    assert sorted(results) == [False] * 11 + [True]
    assert ProviderEvent.objects.count() == len(enqueued("payments.hear_event")) == 1


def test_places_in_the_queue_of_calls_are_each_given_once(race, committed_city, now, settings):
    settings.STRIPE_CALLS_PER_SECOND = 10
    turns = race([lambda: next_call("acct_race", now=now)] * 12)
    assert sorted(turns) == [now + timedelta(milliseconds=100 * place) for place in range(12)]


def _unlocked(attempt_id):
    ids = AttemptCharge.objects.filter(attempt_id=attempt_id).order_by("charge_id")
    charges = [ledger.lock_by_id(one) for one in ids.values_list("charge_id", flat=True)]
    return Attempt.objects.get(pk=attempt_id), charges


def _collect():
    from payments.online import settling

    return settling._collect
