"""The comparison of the ledgers sees what it is there for: each run is sound, and no longer so with a bug planted."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from booking import cancelling
from payments import services
from payments.online import settling
from payments.refunds import sending
from tests.money.crashing import Moment
from tests.money.staff_machine import StaffMachine
from tests.money.world import DAYS, RULES, World, open_account

FAR, NEAR = ("shukai", DAYS[3], 10, 2), ("shukai", DAYS[1], 10, 2)
SOUND = ("none", None)


@pytest.fixture
def machine(city, hokota, now, publish, fake_stripe, public_client):
    """The machine of ``test_any_order``, driven by hand; ``teardown`` compares the ledgers."""
    publish(*RULES)
    StaffMachine.world, StaffMachine.figures = World(now), Counter()
    StaffMachine.stripe, StaffMachine.browser = fake_stripe, public_client
    StaffMachine.account = open_account(fake_stripe, city, now)
    StaffMachine.stranger = open_account(fake_stripe, hokota, now)
    return StaffMachine()


def paid_by_card(machine, time=FAR, *, trouble=SOUND):
    """Aiko books and pays on Stripe's page; nobody has told us."""
    machine.book_time("愛子", time)
    (tab,) = machine.pay_online(1, 1, "card", "paid", trouble).values
    return machine.clients.wishes[-1], tab


def crash(moment, left=0):
    """The machine stops then."""
    return "crash", (moment, left)


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize("left", [0, 1, 2])
def test_a_payment_survives_a_crash_anywhere(machine, moment, left):
    machine.book_time("愛子", FAR)
    machine.pay_online(1, 1, "card", "paid", crash(moment, left))
    machine.befall(crash(moment, left))
    machine.deliver(times=10, order="reversed")
    machine.teardown()


@pytest.mark.parametrize("moment", Moment)
def test_a_refund_survives_a_crash_anywhere(machine, moment):
    wish, _tab = paid_by_card(machine)
    machine.deliver()
    machine.cancelled(wish, by_city=True)
    machine.befall(crash(moment))
    machine.work()
    machine.teardown()
    assert machine.figures["refunds at Stripe"] == 1


def test_a_voucher_paid_after_the_booking_is_gone_comes_back(machine):
    machine.book_time("愛子", FAR)
    (tab,) = machine.pay_online(1, 1, "konbini", "begun", SOUND).values
    machine.cancelled(machine.clients.wishes[0], by_city=True)
    machine.finish_payment(tab)
    machine.teardown()
    assert (machine.figures["payments at Stripe"], machine.figures["in a queue"]) == (1, 1)


def test_a_refund_that_fails_three_times_is_paid_in_the_end(machine):
    wish, _tab = paid_by_card(machine)
    machine.deliver()
    machine.cancelled(wish, by_city=True)
    machine.stripe.control.fault("500", times=3)
    machine.work()
    machine.teardown()
    assert machine.figures["refunds at Stripe"] == 1


def test_a_payment_booked_twice_is_seen(machine, monkeypatch):
    real = settling._collect

    def twice(*arguments):
        real(*arguments)
        real(*arguments)

    monkeypatch.setattr(settling, "_collect", twice)
    paid_by_card(machine)
    seen(machine)


def test_money_that_is_kept_without_a_claim_is_seen(machine, monkeypatch):
    monkeypatch.setattr(services, "give_back_surplus", lambda *_, **__: None)
    machine.book_time("愛子", FAR)
    (tab,) = machine.pay_online(1, 1, "card", "begun", SOUND).values
    machine.pay_at_the_desk(1, SOUND)
    machine.go_through(tab, "card", "paid")
    seen(machine)


def test_a_refund_whose_key_dies_with_the_worker_is_seen(machine, monkeypatch):
    """Half comes back; the worker stops after Stripe did it, and asks again under another key."""
    real = sending._make_ready

    def another_key(*arguments):
        ready = real(*arguments)
        return ready and replace(ready, order=replace(ready.order, key=str(uuid4())))

    monkeypatch.setattr(sending, "_make_ready", another_key)
    wish, _tab = paid_by_card(machine, NEAR)
    machine.deliver()
    machine.cancelled(wish, by_city=False)
    machine.befall(crash(Moment.AFTER_CALL))
    machine.work()
    seen(machine)


def test_a_cancellation_that_forgets_the_money_is_seen(machine, monkeypatch):
    monkeypatch.setattr(cancelling.payments, "reduce_charge", lambda **_: None)
    wish, _tab = paid_by_card(machine)
    machine.deliver()
    with pytest.raises(AssertionError, match="what was shown comes back"):
        machine.cancelled(wish, by_city=True)
    machine.undone()


def test_a_booking_made_twice_by_one_intention_is_seen(machine):
    machine.book_time("愛子", FAR)
    again = machine.clients.wishes[0]
    again.key, again.ref, again.place = str(uuid4()), None, NEAR
    machine.now += timedelta(minutes=1)
    machine.ask(again)
    seen(machine)


def seen(machine):
    """The ledgers do not agree."""
    with pytest.raises(AssertionError):
        machine.teardown()
