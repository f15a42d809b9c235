"""Paying online: the attempt is ours before Stripe hears of it, and paid only when Stripe says so, once."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.actors import SYSTEM, Actor
from payments.dues import DuePart, set_dues
from payments.errors import AlreadyPaid, AmountNotAccepted, ChargeNotFound
from payments.gateways.base import ProviderFailure
from payments.models import Attempt, AttemptCharge, Charge, Payee, Refund, RevenueItem
from payments.online.attempts import begin_attempt, withdraw_attempts
from payments.online.errors import DueTooSoon, NotThisWay, SeveralPayees
from payments.online.looking import look_round
from payments.online.settling import open_attempt
from payments.services import collect_cash, reduce_charge
from tests import factories
from tests.queue import enqueued

STATE = Attempt.State


def test_nothing_is_asked_of_stripe_before_the_attempt_is_written_down(online):
    subject = online.charge()
    calls = len(online.stripe.calls)
    attempt = online.begin(subject)
    assert (attempt.state, attempt.account, len(online.stripe.calls)) == (STATE.WANTED, online.account, calls)
    assert [one["attempt_id"] for one in enqueued("payments.open_attempt")] == [attempt.pk]


def test_the_worker_makes_a_page_on_the_payees_own_account(online):
    attempt = online.opened(online.charge())
    assert attempt.state == STATE.OPEN
    session = online.stripe.store(online.account).sessions[attempt.provider_ref]
    assert session["client_reference_id"].endswith(f":attempt:{attempt.pk}")
    assert session["success_url"] == f"https://akiruno.example/my/pay/{attempt.ref}/"
    assert (session["locale"], session["amount_total"], session["currency"]) == ("ja", 1200, "jpy")
    assert attempt.url == session["url"]


def test_paid_by_card_is_collected_once_however_often_it_is_looked_at(online):
    subject = online.charge()
    attempt = online.opened(subject)
    online.stripe.control.pay_card(attempt.provider_ref)
    assert online.state(subject).state == "unpaid"
    for _ in range(3):
        online.pass_time(minutes=5)
        look_round(now=online.now)
    assert online.fresh(attempt).state == STATE.PAID
    assert online.entries(subject) == [("assessed", 1200), ("collected", 1200)]
    assert [one["subject"] for one in enqueued("booking.charge_settled")] == [str(subject)]
    assert not AttemptCharge.objects.filter(live=True).exists()


def test_paypay_is_collected_when_its_owner_agreed(online):
    subject = online.charge()
    attempt = online.opened(subject, way="paypay")
    intent = online.stripe.control.start_paypay(attempt.provider_ref)
    online.pass_time(minutes=5)
    look_round(now=online.now)
    assert online.fresh(attempt).state == STATE.OPEN
    online.stripe.control.agree(intent["id"])
    online.pass_time(minutes=5)
    look_round(now=online.now)
    assert online.state(subject).state == "paid"


def test_several_charges_are_paid_in_one_go(online):
    first, second = online.charge(700), online.charge(500)
    attempt = online.opened(second, first)
    online.stripe.control.pay_card(attempt.provider_ref)
    online.pass_time(minutes=5)
    look_round(now=online.now)
    assert [online.state(one).collected_yen for one in (first, second)] == [700, 500]
    assert attempt.yen == 1200


def test_the_part_that_is_due_first_is_paid_alone(online):
    subject = online.charge()
    first = DuePart(due_at=online.now + timedelta(days=3), unpaid="cancelled", yen=400)
    rest = DuePart(due_at=online.now + timedelta(days=20), unpaid="cancelled", yen=800)
    set_dues(subject=subject, parts=[first, rest])
    attempt = begin_attempt(
        charge_subjects=[subject],
        way="card",
        return_url="https://akiruno.example/",
        actor=Actor("resident", 1),
        language="ja",
        now=online.now,
        first_parts=True,
    )
    online.work()
    online.stripe.control.pay_card(online.fresh(attempt).provider_ref)
    online.pass_time(minutes=5)
    look_round(now=online.now)
    assert online.state(subject).due_yen == 800
    assert online.opened(subject).yen == 800


def test_a_second_tap_gives_the_same_page(online):
    subject = online.charge()
    attempt = online.opened(subject)
    assert online.begin(subject).pk == attempt.pk
    online.work()
    assert len(online.stripe.store(online.account).sessions) == 1


def test_another_way_closes_the_first_page_before_the_second_opens(online):
    subject = online.charge()
    card = online.opened(subject)
    konbini = online.opened(subject, way="konbini")
    sessions = online.stripe.store(online.account).sessions
    assert (online.fresh(card).state, konbini.state) == (STATE.EXPIRED, STATE.OPEN)
    assert sessions[card.provider_ref]["status"] == "expired"


def test_a_page_that_was_paid_while_another_was_wanted_is_the_payment(online):
    subject = online.charge()
    card = online.opened(subject)
    online.stripe.control.pay_card(card.provider_ref)
    konbini = online.opened(subject, way="konbini")
    assert (online.fresh(card).state, konbini.state) == (STATE.PAID, STATE.EXPIRED)
    assert online.entries(subject) == [("assessed", 1200), ("collected", 1200)]
    assert len(online.stripe.store(online.account).sessions) == 1


# Konbini


def test_a_voucher_is_not_a_payment_until_the_till_says_so(online):
    subject = online.charge()
    attempt = online.opened(subject, way="konbini")
    intent = online.stripe.control.take_voucher(attempt.provider_ref)
    online.pass_time(minutes=5)
    look_round(now=online.now)
    attempt = online.fresh(attempt)
    assert (attempt.state, online.state(subject).state) == (STATE.VOUCHER_ISSUED, "unpaid")
    assert [one["shop"] for one in attempt.voucher["shops"]] == [
        "familymart",
        "lawson",
        "ministop",
        "seicomart",
    ]
    online.stripe.control.pay_konbini(intent["id"])
    online.pass_time(minutes=35)
    look_round(now=online.now)
    assert online.state(subject).state == "paid"


def test_a_voucher_never_outlives_the_due_date(online):
    subject = online.charge(due_in=timedelta(days=2, hours=14))
    due = online.now + timedelta(days=2, hours=14)
    attempt = online.opened(subject, way="konbini")
    online.pass_time(hours=13)
    online.stripe.control.take_voucher(attempt.provider_ref)
    look_round(now=online.now)
    ends = online.fresh(attempt).expires_at
    assert online.now < ends < due
    assert due - ends <= timedelta(seconds=1)


def test_konbini_is_not_offered_for_a_charge_due_today(online):
    with pytest.raises(DueTooSoon):
        online.begin(online.charge(due_in=timedelta(hours=9)), way="konbini")


def test_an_unpaid_voucher_frees_the_charge(online):
    subject = online.charge()
    attempt = online.opened(subject, way="konbini")
    intent = online.stripe.control.take_voucher(attempt.provider_ref)
    online.stripe.control.expire_konbini(intent["id"])
    online.pass_time(minutes=35)
    look_round(now=online.now)
    assert online.fresh(attempt).state == STATE.EXPIRED
    assert online.opened(subject).state == STATE.OPEN


def test_a_withdrawn_voucher_is_watched_until_its_time_is_over(online):
    """Stripe does not take a voucher back. Its charge can be paid otherwise; whoever pays both gets one back."""
    subject = online.charge()
    attempt = online.opened(subject, way="konbini")
    intent = online.stripe.control.take_voucher(attempt.provider_ref)
    online.pass_time(minutes=5)
    look_round(now=online.now)
    assert withdraw_attempts(charge_subjects=[subject], now=online.now) == 1
    online.work()
    assert online.fresh(attempt).state == STATE.VOUCHER_ISSUED
    card = online.opened(subject)
    online.stripe.control.pay_card(card.provider_ref)
    online.stripe.control.pay_konbini(intent["id"])
    online.pass_time(minutes=35)
    look_round(now=online.now)
    online.work()
    assert online.state(subject).paid_yen == 1200
    assert Refund.objects.get().yen == 1200


def test_paid_after_the_booking_is_gone_goes_back_by_itself_and_a_clerk_hears(online, aiko):
    subject = online.charge()
    attempt = online.opened(subject, way="konbini", actor=Actor("resident", aiko.resident.pk))
    intent = online.stripe.control.take_voucher(attempt.provider_ref)
    online.pass_time(minutes=5)
    look_round(now=online.now)
    online.stripe.control.pay_konbini(intent["id"])
    reduce_charge(subject=subject, to_yen=0, reason="取消し", actor=SYSTEM, now=online.now)
    online.work()
    refund = Refund.objects.get()
    assert (online.fresh(attempt).state, refund.state, refund.yen) == (STATE.PAID, "payer_action", 1200)
    assert [task.refund_id for task in online.tasks("paid_too_late")] == [refund.pk]


# What changed meanwhile


def test_cash_at_the_desk_closes_the_page(online):
    subject = online.charge()
    attempt = online.opened(subject)
    collect_cash(subject=subject, yen=1200, staff_id=factories.a_staff().pk, now=online.now)
    online.work()
    assert online.fresh(attempt).state == STATE.EXPIRED
    assert online.stripe.store(online.account).sessions[attempt.provider_ref]["status"] == "expired"


def test_cash_and_card_at_once_gives_the_second_back(online):
    subject = online.charge()
    attempt = online.opened(subject)
    collect_cash(subject=subject, yen=1200, staff_id=factories.a_staff().pk, now=online.now)
    online.stripe.control.pay_card(attempt.provider_ref)
    online.work()
    assert online.fresh(attempt).state == STATE.PAID
    assert Refund.objects.get().state == "done"
    assert online.state(subject).paid_yen == 1200
    assert online.stripe.balance(online.account)[0] == 0


def test_a_changed_amount_never_reaches_stripe(online):
    subject = online.charge()
    attempt = online.begin(subject)
    reduce_charge(subject=subject, to_yen=600, reason="減免", actor=SYSTEM, now=online.now)
    online.work()
    assert online.fresh(attempt).state == STATE.EXPIRED
    assert not online.stripe.store(online.account).sessions
    assert online.opened(subject).yen == 600


def test_a_page_closes_at_the_due_date_though_stripe_keeps_pages_half_an_hour(online):
    attempt = online.opened(online.charge(due_in=timedelta(minutes=10)))
    online.pass_time(minutes=10)
    online.work()
    assert online.fresh(attempt).state == STATE.EXPIRED


# Who may pay what, how


def test_what_is_paid_cannot_be_paid_again(online):
    subject = online.charge()
    collect_cash(subject=subject, yen=1200, staff_id=factories.a_staff().pk, now=online.now)
    with pytest.raises(AlreadyPaid):
        online.begin(subject)


def test_money_of_two_payees_is_not_mixed(online):
    first, second = online.charge(), online.charge()
    other = Payee.objects.create(kind="manager", name="指定管理者")
    item = RevenueItem.objects.create(payee=other)
    Charge.objects.filter(subject=second).update(item=item)
    with pytest.raises(SeveralPayees):
        online.begin(first, second)
    with pytest.raises(NotThisWay):
        online.begin(second)


def test_amounts_beyond_a_way_are_refused(online):
    with pytest.raises(AmountNotAccepted):
        online.begin(online.charge(100), way="konbini")
    with pytest.raises(AmountNotAccepted):
        online.begin(online.charge(300_001), way="konbini")


def test_an_unknown_charge_is_not_found(online):
    with pytest.raises(ChargeNotFound):
        online.begin(online.charge(), uuid4())


# Bad luck


@pytest.mark.parametrize("fault", ["429", "500", "409", "dropped_before", "timeout", "dropped", "500_done"])
def test_whatever_goes_wrong_there_is_one_page(online, fault):
    subject = online.charge()
    attempt = online.begin(subject)
    online.stripe.control.fault(fault, calls="POST /v1/checkout/sessions")
    online.work()
    assert all(isinstance(one, ProviderFailure) for one in online.failures), online.failures
    online.pass_time(seconds=30)
    online.work()
    assert online.fresh(attempt).state == STATE.OPEN
    assert len(online.stripe.store(online.account).sessions) == 1


def test_a_worker_killed_after_stripe_answered_finds_the_same_page(online, monkeypatch):
    attempt = online.begin(online.charge())
    with monkeypatch.context() as patched:
        patched.setattr("payments.online.settling.settle", _die)
        with pytest.raises(KeyboardInterrupt):
            open_attempt(attempt_id=attempt.pk, now=online.now)
    assert online.fresh(attempt).state == STATE.WANTED
    online.pass_time(minutes=4)
    look_round(now=online.now)
    assert online.fresh(attempt).state == STATE.OPEN
    assert len(online.stripe.store(online.account).sessions) == 1


def test_a_page_paid_before_we_knew_of_it_is_found_a_day_later(online, monkeypatch):
    """The key is forgotten by then: the page is looked for, never made again."""
    subject = online.charge()
    attempt = online.begin(subject)
    with monkeypatch.context() as patched:
        patched.setattr("payments.online.settling.settle", _die)
        with pytest.raises(KeyboardInterrupt):
            open_attempt(attempt_id=attempt.pk, now=online.now)
    online.stripe.control.pay_card(next(iter(online.stripe.store(online.account).sessions)))
    online.pass_time(hours=30)
    look_round(now=online.now)
    assert (online.fresh(attempt).state, online.state(subject).state) == (STATE.PAID, "paid")
    assert len(online.stripe.store(online.account).sessions) == 1


def test_a_page_withdrawn_before_we_knew_of_it_is_closed(online, monkeypatch):
    subject = online.charge()
    attempt = online.begin(subject)
    with monkeypatch.context() as patched:
        patched.setattr("payments.online.settling.settle", _die)
        with pytest.raises(KeyboardInterrupt):
            open_attempt(attempt_id=attempt.pk, now=online.now)
    withdraw_attempts(charge_subjects=[subject], now=online.now)
    online.work()
    [session] = online.stripe.store(online.account).sessions.values()
    assert (online.fresh(attempt).state, session["status"]) == (STATE.EXPIRED, "expired")


def test_an_attempt_stripe_refuses_ends_and_a_clerk_hears(online):
    attempt = online.begin(online.charge())
    online.stripe.control.restrict(online.account)
    online.work()
    attempt = online.fresh(attempt)
    assert attempt.state == STATE.FAILED
    assert [task.attempt_id for task in online.tasks("account_trouble")] == [attempt.pk]
    assert not AttemptCharge.objects.filter(live=True).exists()


def test_an_opening_rush_waits_its_turn(online, settings):
    """Calls to one account are spread: what cannot be asked now is asked later, in order."""
    settings.STRIPE_CALLS_PER_SECOND = 2
    attempts = [online.begin(online.charge()) for _ in range(7)]
    online.work(rounds=1)
    assert len(online.stripe.store(online.account).sessions) == 3
    online.pass_time(seconds=3)
    online.work()
    assert [online.fresh(one).state for one in attempts] == [STATE.OPEN] * 7


def _die(*args, **kwargs):
    raise KeyboardInterrupt
