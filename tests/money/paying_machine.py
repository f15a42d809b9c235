"""People pay at Stripe; Stripe stumbles, and its news are lost, repeated, reversed, forged or of others.

The platform is the fake one that ships with the product, spoken to over a real socket by the product's own code.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, multiple, rule

from booking.jobs import sweep_dues
from config.demo.fake_stripe.forms import Problem
from config.demo.fake_stripe.rows import new_id
from config.demo.fake_stripe.webhooks import Delivery
from payments.jobs import ask_round, look_round
from payments.models import Attempt, Refund
from payments.online.attempts import UNDER_WAY, begin_attempt, withdraw_attempts
from payments.online.reconciling import reconcile
from tests.money.booking_machine import BookingMachine, numbers, troubles
from tests.money.comparing_stripe import at_home, compare_with_stripe

GOOD, DECLINED, REFUND_FAILS, REFUND_LATE = (
    "4000003920000003",
    "4000000000000002",
    "4000000000005126",
    "4000000000007726",
)
MAIL = "payer@example.jp"
DAY = 24 * 60
# Minutes until the worker has tried everything again; until pages, vouchers and due dates are over; until banks answer.
SOON, LONG, LATER = (4, 16, 44), 4 * DAY, (70, 71, 72, 73, 74, 75)
ROUNDS = (look_round, ask_round, sweep_dues)
CARDS = {"declined": DECLINED, "refund fails": REFUND_FAILS, "refund late": REFUND_LATE}

REFUNDS = ("pending", "fails", "no_funds")
BAD_LUCK = (*REFUNDS, "lost", "lost", "forged", "old", "foreign", "stranger")
ways = st.sampled_from(["card", "konbini", "paypay"])
fates = st.sampled_from(["paid"] * 4 + ["begun", "declined", "refund fails", "refund late", "refused"])
several = st.integers(1, 3)


@dataclass
class Tab:
    """A page of Stripe's that somebody has open; ``payment``: what they began there, if it is not over at once."""

    who: str
    session: str
    payment: str = ""


class PayingMachine(BookingMachine):
    """The same town, with an account at Stripe."""

    stripe: Any
    browser: Any
    account: str
    stranger: str
    tabs = Bundle("tabs")

    def __init__(self) -> None:
        """Empty books at Stripe too, and its clock at ours."""
        super().__init__()
        platform = self.stripe.platform
        with platform.lock:
            platform.open_store(self.account)
            self.stripe.control.calm()
            self.stripe.lose_webhooks()
            platform.set_time(self.now.timestamp())

    def later(self, minutes: int) -> None:
        """Time passes for everybody."""
        super().later(minutes)
        self.stripe.set_time(self.now)

    # The resident, on our pages.

    @rule(target=tabs, number=numbers, most=several, fate=fates, trouble=troubles)
    def pay_by_card(self, number, most, fate, trouble):
        return self.pay_online(number, most, "card", fate, trouble)

    @rule(target=tabs, number=numbers, most=several, fate=fates, trouble=troubles)
    def pay_at_konbini(self, number, most, fate, trouble):
        return self.pay_online(number, most, "konbini", fate, trouble)

    @rule(target=tabs, number=numbers, most=several, fate=fates, trouble=troubles)
    def pay_by_paypay(self, number, most, fate, trouble):
        return self.pay_online(number, most, "paypay", fate, trouble)

    def pay_online(self, number, most, way, fate, trouble):
        """Choose what to pay and how, wait until the page is ready, and go as far there as ``fate`` says."""
        self.befall(trouble)
        tabs = self.begin(number, most, way)
        for tab in tabs:
            self.go_through(tab, way, fate)
        return multiple(*tabs)

    def begin(self, number: int, most: int, way: str) -> list[Tab]:
        """Press "pay" for a booking and up to ``most`` of that person; return the pages that can be opened then."""
        first = self.pick(number, self.owes)
        if first is None:
            return []
        who = first.who
        others = [
            wish for wish in self.clients.has() if wish.who == who and wish is not first and self.owes(wish)
        ]
        mine = {wish.ref for wish in [first, *others][:most]}
        press = lambda: begin_attempt(  # noqa: E731
            charge_subjects=sorted(mine),
            way=way,
            return_url="http://akiruno.localhost/my/pay/{ref}/",
            actor=self.world.actor(who),
            language="ja",
            now=self.now,
        )
        answered, _ = self.act(press)
        if not answered:
            self.act(press)
        for _ in range(3):
            self.work()
            if tabs := self.open_tabs(who):
                return tabs
            self.later(1)
        return []

    def go_through(self, tab: Tab, way: str, fate: str) -> None:
        """Do what one does on the page of a way: all of it, a part, or what goes wrong later."""
        if way == "card" and fate != "begun":
            card = CARDS.get(fate, GOOD)
            self.pays(
                tab, lambda control: control.pay_card(tab.session, number=card, name=tab.who, email=MAIL)
            )
        elif way == "paypay":
            self.pays(tab, lambda control: control.start_paypay(tab.session, name=tab.who, email=MAIL))
        elif way == "konbini":
            self.pays(tab, lambda control: control.take_voucher(tab.session, name=tab.who, email=MAIL))
        if fate == "paid":
            self.finish_payment(tab)

    def befall(self, trouble) -> None:
        super().befall(trouble)
        if trouble[0] == "stripe":
            self.stripe.control.fault(trouble[1][0], times=trouble[1][1])

    @rule(target=tabs, number=numbers, gives_up=st.booleans())
    def look_again(self, number, gives_up):
        """At the page on which one went away; or one gives up paying."""
        wish = self.pick(number, self.owes)
        if wish is None:
            return multiple()
        if gives_up:
            self.act(lambda: withdraw_attempts(charge_subjects=[wish.ref], now=self.now))
        return multiple(*self.open_tabs(wish.who))

    def open_tabs(self, who: str) -> list[Tab]:
        """What a resident's page leads to now."""
        mine = Attempt.objects.filter(
            actor_kind="resident", actor_id=self.world.people[who].pk, state="open", close_wanted_at=None
        ).exclude(url="")
        return [Tab(who, attempt.provider_ref) for attempt in mine]

    # The payer, on Stripe's pages, at a till, in the app.

    @rule(tab=tabs, way=ways, fate=fates)
    def go_on_paying(self, tab, way, fate):
        """In an old page or a new one, at a till, or in the app: perhaps long after it makes sense."""
        if fate == "refused":
            self.pays(tab, lambda control: control.refuse(tab.payment))
        elif tab.payment:
            self.finish_payment(tab)
        else:
            self.go_through(tab, way, fate)

    def finish_payment(self, tab: Tab) -> None:
        """Agree in the app, or pay the voucher at a till."""
        self.pays(tab, lambda control: control.agree(tab.payment))
        self.pays(tab, lambda control: control.pay_konbini(tab.payment))

    def pays(self, tab: Tab, act: Any) -> None:
        """Do it if Stripe allows it; what was paid leaves the purse."""
        try:
            intent = act(self.stripe.control)
        except Problem:
            return
        tab.payment = intent["id"]
        if intent["status"] == "succeeded":
            self.clients.purse(tab.who).paid["stripe"] += intent["amount"]
            tab.payment = ""

    # Stripe and the way between.

    @rule(what=st.sampled_from(BAD_LUCK))
    def bad_luck(self, what):
        """Refunds go wrong, news are lost, somebody sends false ones."""
        if what in REFUNDS:
            self.stripe.control.next_refund(what, times=3)
        elif what == "lost":
            self.figures["news lost"] += self.stripe.lose_webhooks()
        else:
            self.bad_news(what)

    @rule(times=st.sampled_from([1, 1, 10]), order=st.sampled_from(["sent", "reversed"]), trouble=troubles)
    def news_arrive(self, times, order, trouble):
        self.befall(trouble)
        self.deliver(times=times, order=order)

    def deliver(self, *, times: int = 1, order: str = "sent") -> None:
        """Bring what waits to our door; what we did not answer with 200 is brought again later."""
        answered, _ = self.act(lambda: self.stripe.deliver(self.browser, times=times, order=order))
        self.figures["news brought"] += 1
        if answered:
            self.work()

    def bad_news(self, flaw):
        """Somebody sends us news: unsigned by Stripe, long gone, of another's account, of one nobody has."""
        known = Attempt.objects.exclude(provider_ref="").order_by("-pk").first()
        ref = known.provider_ref if known else new_id("cs_test")
        account = {"foreign": self.stranger, "stranger": new_id("acct", 16)}.get(flaw, self.account)
        body = {
            "id": new_id("evt"),
            "object": "event",
            "account": account,
            "created": int(self.now.timestamp()),
            "type": "checkout.session.completed",
            "data": {"object": {"id": ref, "object": "checkout.session", "payment_status": "paid"}},
        }
        news = Delivery(body["id"], json.dumps(body), flaw=flaw if flaw in {"forged", "old"} else "")
        answered, status = self.act(lambda: self.stripe.post(self.browser, news))
        assert not answered or status == (400 if news.flaw else 200), flaw
        self.figures["news of strangers"] += 1

    # The rounds of the worker, and how it all ends.

    @rule(trouble=troubles)
    def the_clock_strikes(self, trouble):
        self.befall(trouble)
        self.rounds()

    def rounds(self) -> None:
        """What the worker does by the clock: look, ask for lost news, follow due dates that are over."""
        for one in ROUNDS:
            self.act(one)
            self.work()

    def settle(self) -> None:
        """Everything is mended, and time goes by until pages and vouchers are over and banks have answered."""
        self.stripe.control.calm()
        super().settle()
        for minutes in (*SOON, LONG, *LATER):
            if minutes == LONG or not self.is_quiet():
                self.pass_quietly(minutes)
        days = {at_home(line["created"]) for line in self.stripe.store(self.account).transactions.values()}
        for day in sorted(days):
            reconcile(account=self.account, day=day, now=self.now)

    def pass_quietly(self, minutes: int) -> None:
        """Let time go by, with the worker at work and every piece of news brought."""
        self.later(minutes)
        for refund in list(self.stripe.store(self.account).refunds.values()):
            if refund["pending_reason"] == "insufficient_funds":
                self.stripe.control.settle_refund(refund["id"])
        self.deliver()
        self.rounds()
        while self.worker.work(self.now):
            pass

    def is_quiet(self) -> bool:
        """Whether nothing is under way, here or there."""
        waiting = Refund.objects.filter(route="stripe", state__in=["ready", "sending", "pending"]).exists()
        paying = Attempt.objects.filter(state__in=UNDER_WAY).exists()
        return not (waiting or paying or self.stripe.pending or self.worker.has_work())

    def compare(self) -> None:
        """Stripe's books, ours and the purses."""
        store = self.stripe.store(self.account)
        for refund in store.refunds.values():
            if refund["status"] == "succeeded":
                payer = store.charges[refund["charge"]]["billing_details"]["name"]
                self.clients.purse(payer).back["stripe"] += refund["amount"]
        super().compare()
        self.figures.update(compare_with_stripe(store))
