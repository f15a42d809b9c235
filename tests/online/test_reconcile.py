"""Our ledger against Stripe's books: to the yen, and whatever differs is a row with its reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actors import SYSTEM
from payments.models import Attempt, Difference, Movement, Reconciliation, Refund, Task
from payments.online.errors import ExplanationNeeded, NoSuchDifference
from payments.online.looking import look_round
from payments.online.reconciling import explain, reconcile, reconcile_last_days
from payments.services import reduce_charge
from tests import factories


@pytest.fixture
def paid(online):
    """``paid(yen)``: a charge paid by card, heard by the round; its attempt."""

    def pay(yen=1200):
        attempt = online.opened(online.charge(yen))
        online.stripe.control.pay_card(attempt.provider_ref)
        online.pass_time(minutes=5)
        look_round(now=online.now)
        return online.fresh(attempt)

    return pay


@pytest.fixture
def compared(online):
    """``compared()``: the day of the test, compared on the next one."""

    def compare():
        day = online.now.date()
        return reconcile(account=online.account, day=day, now=online.now + timedelta(hours=16))

    return compare


def differences():
    return list(Difference.objects.filter(closed_at=None))


def test_a_day_of_payments_and_refunds_agrees_to_the_yen(online, paid, compared):
    first, _second = paid(1200), paid(800)
    reduce_charge(
        subject=first.parts.get().charge.subject, to_yen=500, reason="取消し", actor=SYSTEM, now=online.now
    )
    online.work()
    done = compared()
    assert (done.payments_there, done.payments_here) == (2000, 2000)
    assert (done.refunds_there, done.refunds_here, done.refunds_under_way) == (700, 700, 0)
    assert done.fees == 2000 - 700 - online.stripe.balance(online.account)[1]
    assert not differences()


def test_compared_again_nothing_is_counted_twice(online, paid, compared):
    paid()
    compared()
    compared()
    assert (Movement.objects.count(), Reconciliation.objects.count()) == (1, 1)
    assert Reconciliation.objects.get().payments_there == 1200


def test_a_payment_at_midnight_is_the_same_payment(online):
    """Paid at 23:59 by their clock, booked at 00:01 by ours."""
    online.pass_time(hours=13, minutes=57)
    attempt = online.opened(online.charge())
    online.stripe.control.pay_card(attempt.provider_ref)
    day = online.now.date()
    online.pass_time(minutes=5)
    look_round(now=online.now)
    assert online.fresh(attempt).paid_at.astimezone(online.now.tzinfo).date() == day + timedelta(days=1)
    reconcile_last_days(now=online.now + timedelta(days=1))
    assert Reconciliation.objects.get(day=day).payments_here == 1200
    assert not differences()


def test_a_refund_on_its_way_is_explained_not_a_difference(online, paid, compared):
    attempt = paid()
    online.stripe.control.next_refund("pending")
    subject = attempt.parts.get().charge.subject
    reduce_charge(subject=subject, to_yen=0, reason="取消し", actor=SYSTEM, now=online.now)
    online.work()
    done = compared()
    assert (done.refunds_there, done.refunds_here, done.refunds_under_way) == (1200, 0, 1200)
    assert not differences()


def test_a_refund_that_came_back_agrees(online, paid, compared):
    attempt = paid()
    subject = attempt.parts.get().charge.subject
    reduce_charge(subject=subject, to_yen=0, reason="取消し", actor=SYSTEM, now=online.now)
    online.work()
    online.stripe.control.fail_refund(Refund.objects.get().provider_ref)
    online.stripe.deliver(online.browser)
    online.work()
    done = compared()
    assert (done.refunds_there, done.refunds_here) == (0, 0)
    assert not differences()


def test_a_dispute_agrees(online, paid, compared):
    attempt = paid()
    online.stripe.control.dispute(attempt.payment_ref)
    online.stripe.deliver(online.browser)
    online.work()
    done = compared()
    assert (done.disputes_there, done.disputes_here) == (1200, 1200)
    assert not differences()


def test_money_we_do_not_know_is_a_difference_and_a_task(online, compared):
    from tests.fake_stripe.scenes import a_paid_intent

    a_paid_intent(online.stripe, online.account, 900)
    compared()
    [found] = differences()
    assert (found.kind, found.yen_there, found.yen_here) == ("not_here", 900, 0)
    assert len(online.tasks("difference")) == 1


def test_a_payment_we_have_not_heard_of_yet_stops_differing_once_we_have(online, compared):
    attempt = online.opened(online.charge())
    online.stripe.control.pay_card(attempt.provider_ref)
    compared()
    [found] = differences()
    assert found.kind == "not_here"
    online.pass_time(minutes=5)
    look_round(now=online.now)
    compared()
    found.refresh_from_db()
    assert (found.closed_at is not None, found.closed_by_id) == (True, None)
    assert not Task.objects.filter(kind="difference", closed_at=None).exists()


def test_what_our_ledger_says_and_stripe_does_not_is_a_difference(online, paid, compared):
    attempt = paid()
    online.stripe.store(online.account).transactions.clear()
    compared()
    [found] = differences()
    assert (found.kind, found.attempt_id, found.yen_here) == ("not_there", attempt.pk, 1200)


def test_another_amount_is_a_difference(online, paid, compared):
    attempt = paid()
    [line] = online.stripe.store(online.account).transactions.values()
    line["amount"] = 1300
    compared()
    [found] = differences()
    assert (found.kind, found.yen_there, found.yen_here, found.attempt_id) == (
        "amount",
        1300,
        1200,
        attempt.pk,
    )


def test_a_person_closes_a_difference_with_its_reason(online, paid, compared):
    paid()
    online.stripe.store(online.account).transactions.clear()
    compared()
    [found] = differences()
    staff = factories.a_staff()
    with pytest.raises(ExplanationNeeded):
        explain(difference_id=found.pk, explanation="  ", staff_id=staff.pk, now=online.now)
    explain(difference_id=found.pk, explanation="入金日のちがい", staff_id=staff.pk, now=online.now)
    assert not differences()
    assert Task.objects.get(kind="difference").note == "入金日のちがい"
    with pytest.raises(NoSuchDifference):
        explain(difference_id=found.pk, explanation="もう一度", staff_id=staff.pk, now=online.now)
    compared()
    assert not differences()


def test_an_account_that_cannot_be_read_is_compared_the_next_night(online, paid):
    paid()
    online.stripe.control.fault("500", calls="GET /v1/balance_transactions", times=-1)
    reconcile_last_days(now=online.now + timedelta(days=1))
    assert not Reconciliation.objects.exists()
    online.stripe.control.calm()
    reconcile_last_days(now=online.now + timedelta(days=2))
    assert Reconciliation.objects.get(day=online.now.date()).payments_here == 1200


def test_accounts_of_attempts_are_compared_though_their_payee_has_another_now(online, paid):
    from payments.models import Payee
    from payments.online.looking import accounts_here

    attempt = paid()
    Payee.objects.update(stripe_account="")
    assert accounts_here() == [attempt.account]
    assert Attempt.objects.get().account == online.account
