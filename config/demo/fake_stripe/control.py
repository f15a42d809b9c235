"""What people, shops, banks and bad luck do: the acts behind the pages, the control API and the tests."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from config.demo.fake_stripe import accounts, checkout, disputes, payouts, refunding, rows, settling, webhooks
from config.demo.fake_stripe.cards import CARDS
from config.demo.fake_stripe.forms import Problem, Row
from config.demo.fake_stripe.platform import Platform, Store

GOOD_CARD = "4000003920000003"


class Control:
    """Acts on objects by their ids alone. Each raises Problem when it is not possible, as the page would say."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    # The payer.

    def pay_card(
        self,
        session: str,
        *,
        number: str = GOOD_CARD,
        name: str = "青木 愛子",
        email: str = "aiko@example.jp",
    ) -> Row:
        """Pay on a session with a card. Returns the PaymentIntent: paid, declined, or waiting for ``agree``."""
        if number not in CARDS:
            raise Problem(
                "Your card number is incorrect.", status=402, type="card_error", code="incorrect_number"
            )
        return self._pay(session, "card", name, email, number)

    def pay_paypay(self, session: str, *, name: str = "青木 愛子", email: str = "aiko@example.jp") -> Row:
        """Choose PayPay on a session and agree in the app. Returns the PaymentIntent."""
        intent = self._pay(session, "paypay", name, email)
        return self.agree(intent["id"])

    def start_paypay(self, session: str, *, name: str = "青木 愛子", email: str = "aiko@example.jp") -> Row:
        """Choose PayPay on a session, and say nothing in the app yet. Returns the PaymentIntent."""
        return self._pay(session, "paypay", name, email)

    def take_voucher(self, session: str, *, name: str = "青木 愛子", email: str = "aiko@example.jp") -> Row:
        """Choose konbini on a session. Returns the PaymentIntent with its voucher."""
        return self._pay(session, "konbini", name, email)

    def agree(self, intent: str) -> Row:
        """Say yes on the page of the bank or of PayPay."""
        return self._on("intents", intent, settling.agree)

    def refuse(self, intent: str) -> Row:
        """Say no there."""
        return self._on("intents", intent, settling.refuse)

    def give_refund_account(self, refund: str) -> Row:
        """Say into which bank account a konbini payment should go back."""
        return self._on("refunds", refund, refunding.give_account)

    # Shops and banks.

    def pay_konbini(self, intent: str, *, shop: str = "lawson") -> Row:
        """Pay a voucher at a till."""
        return self._on("intents", intent, lambda p, s, row: settling.pay_voucher(p, s, row, shop))

    def expire_konbini(self, intent: str) -> Row:
        """End a voucher before its time."""
        return self._on("intents", intent, settling.expire_voucher)

    def expire_session(self, session: str) -> Row:
        """End a session before its time."""
        with self.platform.lock:
            store, _ = self._find("sessions", session)
            return checkout.expire(self.platform, store, session)

    def settle_refund(self, refund: str) -> Row:
        """A refund that was held up arrives."""
        return self._on("refunds", refund, refunding.settle)

    def fail_refund(self, refund: str, *, reason: str = "lost_or_stolen_card") -> Row:
        """A refund comes back, even one that had gone well."""
        return self._on("refunds", refund, lambda p, s, row: refunding.fail(p, s, row, reason))

    def next_refund(self, outcome: str, *, times: int = 1) -> None:
        """Let the next refunds be "pending" (an hour), "fails" (after an hour) or wait for money ("no_funds")."""
        if outcome not in refunding.OUTCOMES:
            raise ValueError(outcome)
        with self.platform.lock:
            self.platform.refund_outcomes.extend([outcome] * times)

    def dispute(self, charge: str, *, reason: str = "fraudulent") -> Row:
        """The holder of a card objects to a charge, or to the charge of an intent. Returns the dispute."""
        with self.platform.lock:
            if charge.startswith("pi_"):
                charge = self._find("intents", charge)[1]["latest_charge"] or charge
            store, row = self._find("charges", charge)
            return disputes.open_dispute(self.platform, store, row, reason)

    def close_dispute(self, dispute: str, *, won: bool = False) -> Row:
        """A dispute is decided."""
        return self._on("disputes", dispute, lambda p, s, row: disputes.close_dispute(p, s, row, won=won))

    # Accounts.

    def onboard(self, account: str, *, complete: bool = True, paypay: bool = True) -> Row:
        """The holder goes through the onboarding pages."""
        with self.platform.lock:
            return accounts.onboard(self.platform, account, complete=complete, paypay=paypay)

    def restrict(self, account: str) -> Row:
        """Stripe stops an account until something is given."""
        with self.platform.lock:
            return accounts.restrict(self.platform, account)

    def pay_out(self, account: str) -> Row:
        """Stripe transfers what is available to the account's bank. Returns the payout."""
        with self.platform.lock:
            self.platform.tick()
            accounts.retrieve(self.platform, account)
            return payouts.pay_out(self.platform, self.platform.stores[account])

    # Bad luck.

    def fault(self, kind: str, *, calls: str = "", times: int = 1, account: str = "") -> None:
        """Let calls go wrong: see ``faults.FAULTS``; ``calls`` is the beginning of ``"POST /v1/refunds"``."""
        self.platform.faults.order(kind, calls=calls, times=times, account=account)

    def mishap(self, kind: str, *, times: int = 1) -> None:
        """Let the next webhooks go wrong: see ``webhooks.MISHAPS``; ``times`` -1: all from now on."""
        with self.platform.lock:
            self.platform.webhooks.mishap(kind, times=times)

    def arrive(self, order: webhooks.Order) -> None:
        """Let webhooks that wait together arrive as they were sent, or the last one first."""
        self.platform.webhooks.order = order

    def calm(self) -> None:
        """No more bad luck."""
        with self.platform.lock:
            self.platform.faults.clear()
            self.platform.webhooks.clear()
            self.platform.refund_outcomes.clear()

    def resend(self, event: str) -> None:
        """Deliver an event once more, also one that was lost."""
        with self.platform.lock:
            store, row = self._find("events", event)
            connected = store is not self.platform.own
            order, self.platform.webhooks.always = self.platform.webhooks.always, ""
            self.platform.webhooks.send(row, connected=connected)
            self.platform.webhooks.always = order

    def advance(self, seconds: float) -> None:
        """Let time go by."""
        self.platform.advance(seconds)

    def deliver_now(self) -> list[int]:
        """Send what waits to its endpoints over HTTP, also what is to come late. Returns the statuses."""
        with self.platform.lock:
            due = self.platform.webhooks.take(now=time.time(), late_too=True)
        return [status for delivery in due for status in self._post(delivery)]

    def deliver_due(self) -> list[int]:
        """Send what is due; what is not answered with 2xx is tried again later."""
        with self.platform.lock:
            due = self.platform.webhooks.take(now=time.time())
        return [status for delivery in due for status in self._post(delivery)]

    def _post(self, delivery: webhooks.Delivery) -> list[int]:
        statuses = [webhooks.post(one, delivery) for one in self.platform.webhooks.recipients(delivery)]
        if any(not 200 <= status < 300 for status in statuses):
            with self.platform.lock:
                self.platform.webhooks.again(delivery, time.time())
        return statuses

    def _pay(self, session: str, kind: str, name: str, email: str, number: str = "") -> Row:
        with self.platform.lock:
            self.platform.tick()
            store, row = self._find("sessions", session)
            return checkout.pay(self.platform, store, row, kind, rows.billing(name, email), number)

    def _on(self, table: str, name: str, act: Callable[[Platform, Store, Row], Any]) -> Row:
        with self.platform.lock:
            self.platform.tick()
            store, row = self._find(table, name)
            act(self.platform, store, row)
            self.platform.changes += 1
            return row

    def _find(self, table: str, name: str) -> tuple[Store, Row]:
        store = self.platform.owner(table, name)
        if store is None:
            raise Problem(f"No such object: '{name}'", status=404, code="resource_missing")
        return store, getattr(store, table)[name]
