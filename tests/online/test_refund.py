"""Giving back through Stripe: asked for once, followed until it arrives, and by bank transfer where it cannot."""

from __future__ import annotations

import pytest

from accounts.actors import SYSTEM, Actor
from payments.gateways import checkout_gateway
from payments.models import LedgerEntry, Refund
from payments.online.looking import look_round
from payments.refunds.sending import follow_refund, send_refund
from payments.services import reduce_charge
from payments.stripe.client import client, on, translated
from payments.treasury.agreement import agreement

STATE, ROUTE = Refund.State, Refund.Route


@pytest.fixture
def paid(online, aiko):
    """``paid(yen, way=…)``: the subject of a charge that Aiko paid online."""

    def pay(yen=1200, *, way="card", number=None):
        subject = online.charge(yen)
        attempt = online.opened(subject, way=way, actor=Actor("resident", aiko.resident.pk))
        control, session = online.stripe.control, attempt.provider_ref
        if way == "konbini":
            control.pay_konbini(control.take_voucher(session)["id"])
        elif way == "paypay":
            control.pay_paypay(session)
        else:
            control.pay_card(session, **({"number": number} if number else {}))
        online.pass_time(minutes=5)
        look_round(now=online.now)
        assert online.state(subject).state == "paid"
        return subject

    return pay


@pytest.fixture
def cancelled(online, paid):
    """``cancelled(to_yen, …)``: paid, then reduced; the refund that follows, before the worker runs."""

    def cancel(to_yen=0, **how):
        subject = paid(**how)
        reduce_charge(subject=subject, to_yen=to_yen, reason="取消し", actor=SYSTEM, now=online.now)
        return Refund.objects.get(charge__subject=subject)

    return cancel


def fresh(refund):
    return Refund.objects.get(pk=refund.pk)


def test_nobody_has_to_touch_a_refund_that_the_rules_decided(online, cancelled):
    refund = cancelled(to_yen=200)
    online.work()
    assert (fresh(refund).state, refund.yen) == (STATE.DONE, 1000)
    assert online.entries(refund.charge.subject)[-2:] == [("refund_decided", 1000), ("refunded", 1000)]
    assert online.stripe.balance(online.account)[0] == 200


def test_paypay_goes_back_to_paypay(online, cancelled):
    refund = cancelled(way="paypay")
    online.work()
    assert fresh(refund).state == STATE.DONE


@pytest.mark.parametrize("fault", ["429", "500", "409", "dropped_before", "timeout", "dropped", "500_done"])
def test_whatever_goes_wrong_there_the_money_goes_back_once(online, cancelled, fault):
    refund = cancelled()
    online.stripe.control.fault(fault, calls="POST /v1/refunds")
    online.work()
    online.pass_time(minutes=1)
    online.work()
    online.pass_time(minutes=5)
    look_round(now=online.now)
    assert fresh(refund).state == STATE.DONE
    assert len(online.stripe.store(online.account).refunds) == 1
    assert online.stripe.balance(online.account)[0] == 0


def test_a_worker_killed_after_stripe_did_it_asks_for_the_same_refund(online, cancelled, monkeypatch):
    refund = cancelled(to_yen=700)
    with monkeypatch.context() as patched:
        patched.setattr("payments.refunds.sending.follow_refund", _die)
        with pytest.raises(KeyboardInterrupt):
            send_refund(refund_id=refund.pk, now=online.now)
    assert fresh(refund).state == STATE.SENDING
    online.pass_time(minutes=5)
    look_round(now=online.now)
    assert fresh(refund).state == STATE.DONE
    assert len(online.stripe.store(online.account).refunds) == 1


def test_a_refund_whose_key_is_forgotten_is_looked_for_first(online, cancelled, monkeypatch):
    refund = cancelled(to_yen=700)
    with monkeypatch.context() as patched:
        patched.setattr("payments.refunds.sending.follow_refund", _die)
        with pytest.raises(KeyboardInterrupt):
            send_refund(refund_id=refund.pk, now=online.now)
    online.pass_time(hours=30)
    look_round(now=online.now)
    assert fresh(refund).state == STATE.DONE
    assert len(online.stripe.store(online.account).refunds) == 1


def test_a_refund_on_its_way_is_followed_until_it_arrives(online, cancelled):
    online.stripe.control.next_refund("pending")
    refund = cancelled()
    online.work()
    assert (fresh(refund).state, online.state(refund.charge.subject).state) == (STATE.PENDING, "refund_due")
    online.pass_time(hours=2)
    look_round(now=online.now)
    assert fresh(refund).state == STATE.DONE


def test_a_refund_that_fails_on_its_way_becomes_a_transfer_and_a_task(online, cancelled):
    online.stripe.control.next_refund("pending")
    refund = cancelled()
    online.work()
    online.stripe.control.fail_refund(fresh(refund).provider_ref)
    online.pass_time(hours=2)
    look_round(now=online.now)
    refund = fresh(refund)
    assert (refund.route, refund.state, refund.failure) == (
        ROUTE.BANK_TRANSFER,
        STATE.AWAITING_ACCOUNT,
        "lost_or_stolen_card",
    )
    assert [task.refund_id for task in online.tasks("refund_failed")] == [refund.pk]
    assert online.state(refund.charge.subject).refund_due_yen == 1200


def test_a_refund_that_fails_after_it_had_arrived_is_owed_again(online, cancelled):
    online.stripe.control.next_refund("fails")
    first = cancelled()
    online.work()
    assert fresh(first).state == STATE.DONE
    online.pass_time(hours=2)
    online.stripe.deliver(online.browser)
    online.work()
    again = Refund.objects.exclude(pk=first.pk).get()
    assert (again.route, again.state, again.yen) == (ROUTE.BANK_TRANSFER, STATE.AWAITING_ACCOUNT, 1200)
    assert fresh(first).bounced_at is not None
    state = online.state(first.charge.subject)
    assert (state.refund_due_yen, state.paid_yen) == (1200, 0)
    assert online.stripe.balance(online.account)[0] == 1200
    # Told again, nothing more happens.
    online.stripe.deliver(online.browser, times=3)
    online.work()
    assert Refund.objects.count() == 2
    assert all(one.agrees for one in agreement())


def test_konbini_goes_back_through_the_payers_bank_account(online, cancelled, aiko):
    refund = cancelled(way="konbini")
    online.work()
    refund = fresh(refund)
    assert refund.state == STATE.PAYER_ACTION
    asked = online.stripe.store(online.account).refunds[refund.provider_ref]
    assert asked["instructions_email"] == aiko.email
    online.stripe.control.give_refund_account(refund.provider_ref)
    online.pass_time(hours=2)
    look_round(now=online.now)
    assert fresh(refund).state == STATE.DONE


def test_a_konbini_payer_who_never_answers_is_asked_here(online, cancelled):
    refund = cancelled(way="konbini")
    online.work()
    online.pass_time(days=46)
    look_round(now=online.now)
    assert (fresh(refund).route, fresh(refund).state) == (ROUTE.BANK_TRANSFER, STATE.AWAITING_ACCOUNT)


def test_a_konbini_payer_without_a_mail_address_is_asked_here_at_once(online, cancelled, aiko):
    aiko.resident.user, aiko.resident.email = None, ""
    aiko.resident.save()
    refund = cancelled(way="konbini")
    online.work()
    assert (fresh(refund).route, fresh(refund).state) == (ROUTE.BANK_TRANSFER, STATE.AWAITING_ACCOUNT)
    assert not online.stripe.store(online.account).refunds


def test_a_refund_stripe_refuses_becomes_a_transfer_and_a_task(online, cancelled):
    refund = cancelled()
    online.stripe.control.dispute(refund.source.attempt.charge_ref)
    online.work()
    assert (fresh(refund).route, fresh(refund).failure) == (ROUTE.BANK_TRANSFER, "charge_disputed")
    assert fresh(refund).state == STATE.AWAITING_APPROVAL
    assert len(online.tasks("refund_failed")) == 1


def test_what_the_payer_may_have_already_waits_for_a_person(online, cancelled):
    refund = cancelled()
    with translated():
        client().v1.refunds.create({"charge": refund.source.attempt.charge_ref}, on(online.account))
    online.work()
    assert (fresh(refund).state, fresh(refund).failure) == (
        STATE.AWAITING_APPROVAL,
        "charge_already_refunded",
    )
    assert len(online.tasks("refund_failed")) == 1


def test_another_refunds_answer_is_not_believed(online, cancelled):
    first, second = cancelled(to_yen=200), cancelled(to_yen=200)
    online.work()
    told = checkout_gateway("stripe").read_refund(online.account, fresh(first).provider_ref)
    Refund.objects.filter(pk=second.pk).update(state=STATE.SENDING, done_at=None)
    follow_refund(second.pk, told, now=online.now)
    assert fresh(second).state == STATE.SENDING
    assert LedgerEntry.objects.filter(kind="refunded").count() == 2


def test_half_of_a_basket_goes_back_of_its_own_payment(online, aiko):
    first, second = online.charge(700), online.charge(500)
    attempt = online.opened(first, second)
    online.stripe.control.pay_card(attempt.provider_ref)
    online.pass_time(minutes=5)
    look_round(now=online.now)
    reduce_charge(subject=second, to_yen=0, reason="取消し", actor=SYSTEM, now=online.now)
    online.work()
    assert [online.state(one).state for one in (first, second)] == ["paid", "refunded"]
    assert online.stripe.balance(online.account)[0] == 700


def _die(*args, **kwargs):
    raise KeyboardInterrupt
