"""People book, change and cancel, pay in cash and are paid back; and the machine stops in the middle of it.

The half of the machine that needs no provider. Every act goes through the product's services; what the applicants saw
is kept in ``tests.money.clients`` and compared at the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from booking.cancelling import cancel_reservation, cancellation_terms
from booking.changing import change_reservation
from booking.idempotency import run_once
from booking.models import Reservation
from booking.services import book_room
from facilities.details import Details
from payments import jobs
from payments.errors import AlreadyPaid, NothingToRefund
from payments.models import Refund
from payments.queries import PaymentState, payment_states
from payments.services import collect_cash, refund_cash
from tenants.errors import Refusal
from tests.money.clients import Clients, Wish
from tests.money.comparing import compare_bookings, compare_charges, compare_purses
from tests.money.crashing import Crashes, Moment, crashing, survives
from tests.money.working import Worker
from tests.money.world import DAYS, PEOPLE, ROOMS, World

people = st.sampled_from(PEOPLE)
numbers = st.integers(0, 9)
times = st.tuples(st.sampled_from(ROOMS), st.sampled_from(DAYS), st.integers(10, 13), st.integers(1, 2))
FAULTS = ("429", "500", "409", "dropped_before", "timeout", "dropped", "500_done")
# What goes wrong in an act: nothing, the machine stops at some moment, or Stripe stumbles some times.
troubles = st.one_of(
    *[st.just(("none", None))] * 3,
    st.tuples(st.just("crash"), st.tuples(st.sampled_from(Moment), st.integers(0, 2))),
    st.tuples(st.just("stripe"), st.tuples(st.sampled_from(FAULTS), st.integers(1, 3))),
)


class BookingMachine(RuleBasedStateMachine):
    """Three residents, three rooms, a clerk with a till."""

    world: World
    figures: Counter[str]

    def __init__(self) -> None:
        """Begin with empty books; what the last example wrote is rolled back."""
        super().__init__()
        self.undo = transaction.atomic()
        self.undo._from_testcase = True  # what the product calls durable may be inside
        self.undo.__enter__()
        self.now = self.world.now
        self.clients, self.worker, self.crashes = Clients(), Worker(), Crashes()
        self.crashes.begin()
        clock = lambda: self.now  # noqa: E731
        self.reach = [
            crashing(self.crashes),
            patch.object(timezone, "now", clock),
            patch.object(jobs, "clock_now", clock),
        ]
        for one in self.reach:
            one.__enter__()

    def teardown(self) -> None:
        """Let everything come to rest, compare the ledgers, then take it all back."""
        try:
            self.crashes.disarm()
            self.settle()
            self.compare()
        finally:
            self.undone()

    def undone(self) -> None:
        """Nothing of it was ever written."""
        for one in reversed(self.reach):
            one.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def settle(self) -> None:
        """Nothing fails any more: everybody is answered, and the worker runs until there is nothing to do."""
        for wish in self.clients.wishes:
            if wish.in_doubt:
                self.ask(wish)
        while self.worker.work(self.now):
            pass

    def compare(self) -> None:
        """The ledgers, to the yen."""
        compare_bookings(self.clients)
        self.figures.update(compare_charges())
        compare_purses(self.clients)
        self.figures.update({f"crashes {moment.value}": n for moment, n in self.crashes.happened.items()})
        self.figures["jobs"] += self.worker.ran
        self.figures["yen paid"] += sum(purse.paid.total() for purse in self.clients.purses.values())
        self.figures["yen given back"] += sum(purse.back.total() for purse in self.clients.purses.values())
        self.figures["runs"] += 1

    def act(self, done):
        """Do something; a refusal is an answer too. Returns (whether the machine still ran, what came out)."""
        try:
            return survives(done)
        except Refusal as refusal:
            return True, refusal

    def befall(self, trouble) -> None:
        """Let something go wrong in what comes next."""
        kind, what = trouble
        if kind == "crash":
            self.crashes.arm(*what)

    @rule(minutes=st.sampled_from([1, 7, 31, 24 * 60]))
    def time_passes(self, minutes):
        self.later(minutes)

    @rule()
    def work(self):
        """The worker runs what is due; a crash ends its round."""
        self.act(lambda: self.worker.work(self.now))

    def later(self, minutes: int) -> None:
        """Time passes for everybody."""
        self.now += timedelta(minutes=minutes)

    @initialize(plans=st.lists(st.tuples(people, times), min_size=1, max_size=3))
    def book_first(self, plans):
        for who, time in plans:
            self.book_time(who, time)

    @rule(who=people, time=times, trouble=troubles)
    def book(self, who, time, trouble):
        self.befall(trouble)
        self.book_time(who, time)

    def pick(self, number: int, fits: Callable[[Wish], Any]) -> Wish | None:
        """Which booking somebody means: now and then any, usually one of those it makes sense for."""
        every = self.clients.has()
        sensible = [wish for wish in every if fits(wish)] if number else []
        chosen = sensible or every
        return chosen[number % len(chosen)] if chosen else None

    def book_time(self, who, time) -> None:
        """Ask for a time, with a key of its own."""
        wish = Wish(who, str(uuid4()), time)
        self.clients.wishes.append(wish)
        self.ask(wish)

    def ask(self, wish: Wish) -> None:
        """Send the form, or send it again: one intention, one key, at most one booking."""
        room, starts_at, ends_at = self.world.times(*wish.place)
        actor = self.world.actor(wish.who)

        def act():
            row = book_room(
                room_id=room.id,
                starts_at=starts_at,
                ends_at=ends_at,
                resident_id=actor.id,
                channel="web",
                purpose="会",
                details=Details(headcount=5),
                actor=actor,
                now=self.now,
            )
            return 201, {"ref": str(row.ref)}

        once = lambda: run_once(  # noqa: E731
            scope=f"resident {actor.id}", key=wish.key, request_hash=b"book", now=self.now, act=act
        )
        answered, out = self.act(once)
        wish.in_doubt = not answered
        if answered and not isinstance(out, Refusal):
            wish.ref, wish.said = UUID(out[1]["ref"]), wish.said or "booked"

    @rule(number=numbers, by_city=st.booleans(), trouble=troubles)
    def cancel(self, number, by_city, trouble):
        self.befall(trouble)
        wish = self.pick(number, lambda wish: wish.said == "booked")
        if wish:
            self.cancelled(wish, by_city)

    def cancelled(self, wish: Wish, by_city: bool) -> None:
        """Read what comes back, and press "cancel": the resident, or the city that closes the hall."""
        actor = self.world.admin() if by_city else self.world.actor(wish.who)
        cause, channel = ("no-fault", "desk") if by_city else ("own", "web")
        row, before = Reservation.objects.get(ref=wish.ref), self.screen(wish)
        shown = cancellation_terms(row, cause=cause, now=self.now, channel=channel).refund_yen
        answered, out = self.act(
            lambda: cancel_reservation(
                ref=wish.ref,
                actor=actor,
                reason="台風のため" if by_city else "",
                now=self.now,
                cause=cause,
            )
        )
        if answered and not isinstance(out, Refusal):
            wish.said = "cancelled"
            assert before.paid_yen - self.screen(wish).paid_yen == shown, "what was shown comes back"
        if not answered:
            wish.said = None

    @rule(number=numbers, time=times, trouble=troubles)
    def change(self, number, time, trouble):
        self.befall(trouble)
        wish = self.pick(number, lambda wish: wish.said == "booked")
        if not wish:
            return
        room, starts_at, ends_at = self.world.times(*time)
        self.act(
            lambda: change_reservation(
                ref=wish.ref,
                room_id=room.id,
                starts_at=starts_at,
                ends_at=ends_at,
                details=None,
                actor=self.world.actor(wish.who),
                now=self.now,
            )
        )

    @rule(number=numbers, trouble=troubles)
    def pay_at_the_desk(self, number, trouble):
        """The clerk has the money in hand; who is not sure whether it was noted, presses again."""
        self.befall(trouble)
        wish = self.pick(number, self.owes)
        if not wish:
            return
        due = self.screen(wish).due_yen
        take = lambda: collect_cash(  # noqa: E731
            subject=wish.ref, yen=due, staff_id=self.world.clerk.pk, now=self.now
        )
        if not due:
            return
        answered, out = self.act(take)
        if not answered:
            answered, out = self.act(take)
            out = None if isinstance(out, AlreadyPaid) else out
        if not isinstance(out, Refusal):
            self.clients.purse(wish.who).paid["desk_cash"] += due

    @rule(number=numbers, trouble=troubles)
    def come_for_the_refund(self, number, trouble):
        self.befall(trouble)
        wish = self.pick(number, self.ready_in_cash)
        if wish:
            self.pay_out(wish)

    def pay_out(self, wish: Wish) -> None:
        """The clerk hands out what the screen said, once the screen says it was given back."""
        give = lambda: refund_cash(  # noqa: E731
            subject=wish.ref, staff_id=self.world.clerk.pk, now=self.now
        )
        shown = self.ready_in_cash(wish)
        answered, out = self.act(give)
        if not answered:
            answered, out = self.act(give)
            out = shown if isinstance(out, NothingToRefund) else out
        if not isinstance(out, Refusal):
            assert out == shown
            self.clients.purse(wish.who).back["desk_cash"] += shown

    def owes(self, wish: Wish) -> int:
        """What is still to be paid of a booking, in yen."""
        return self.screen(wish).due_yen

    def screen(self, wish: Wish) -> PaymentState:
        """What a clerk sees of a booking."""
        states = payment_states([wish.ref]) if wish.ref else {}
        return states.get(wish.ref, PaymentState.nothing())

    def ready_in_cash(self, wish: Wish) -> int:
        """What a clerk sees is to be handed out, in yen."""
        ready = Refund.objects.filter(charge__subject=wish.ref, route="desk_cash", state="ready")
        return sum(ready.values_list("yen", flat=True))
