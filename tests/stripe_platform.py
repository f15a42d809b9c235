"""A Stripe on a socket for the tests that pay: the fixture ``fake_stripe``, loaded for all tests.

``fake_stripe.control`` does what payers, shops, banks and bad luck do; ``fake_stripe.deliver(client)`` brings the
webhooks that wait to the product through Django's test client, ``fake_stripe.deliver_to(url)`` over HTTP.
"""

from __future__ import annotations

import socket
import threading
import time

import pytest
import stripe

from config.demo.fake_stripe import api
from config.demo.fake_stripe.control import Control
from config.demo.fake_stripe.platform import API_KEY, API_VERSION, WEBHOOK_SECRET, Platform
from config.demo.fake_stripe.server import StripeServer
from config.demo.fake_stripe.webhooks import Delivery, Endpoint

WEBHOOK_PATH = "/stripe/webhook/"


class StripeForTests:
    """The platform, its address, and the webhooks it would send."""

    def __init__(self, platform, url):
        self.platform, self.url = platform, url
        self.control = Control(platform)
        self.secret = WEBHOOK_SECRET

    def client(self, account=None, **options):
        """A client of the stripe library that speaks to this platform, on behalf of an account."""
        chosen = {
            "base_addresses": {"api": self.url},
            "max_network_retries": 0,
            "stripe_version": API_VERSION,
        }
        return stripe.StripeClient(API_KEY, stripe_account=account, **{**chosen, **options})

    def ready_account(self, name="あきる野市", *, paypay=True):
        """The id of a connected account that takes cards, konbini and PayPay."""
        wanted = ("card_payments", "konbini_payments", "paypay_payments", "transfers")
        account = self.client().v1.accounts.create(
            {
                "country": "JP",
                "business_profile": {"name": name},
                "capabilities": {one: {"requested": True} for one in wanted},
                "controller": {"stripe_dashboard": {"type": "full"}},
            }
        )
        self.control.onboard(account.id, paypay=paypay)
        return account.id

    def store(self, account):
        """What belongs to an account: ``.sessions``, ``.charges``, ``.refunds``, ``.transactions``, … by id."""
        return self.platform.stores[account]

    def balance(self, account):
        """The sum of all movements of an account, without and with Stripe's fees: (gross, net) in yen."""
        moves = self.store(account).transactions.values()
        return sum(one["amount"] for one in moves), sum(one["net"] for one in moves)

    def set_time(self, moment):
        """Stop Stripe's clock at a moment (a datetime), as the test's ``now``."""
        self.platform.set_time(moment.timestamp())

    @property
    def pending(self):
        """The webhooks that wait, in the order they were sent."""
        return self.platform.webhooks.pending

    @property
    def calls(self):
        """The calls of the API so far: method, path, account, key, status."""
        return list(self.platform.calls)

    def deliver(self, client, *, path=WEBHOOK_PATH, times=1, order="sent", limit=None, secret=WEBHOOK_SECRET):
        """Post the webhooks that wait through Django's test client; returns the statuses.

        ``times``: each so often; ``order`` "reversed": the last one first; ``limit``: only so many, the others are
        lost. What was answered with another status than 2xx waits again.
        """
        due = self.platform.webhooks.take(now=time.time(), late_too=True)
        due = (due[::-1] if order == "reversed" else due)[:limit]
        statuses = []
        for delivery in due:
            for _ in range(times):
                statuses.append(self.post(client, delivery, path=path, secret=secret))
            if not 200 <= statuses[-1] < 300:
                self.platform.webhooks.again(delivery, 0)
        return statuses

    def post(self, client, delivery: Delivery, *, path=WEBHOOK_PATH, secret=WEBHOOK_SECRET):
        """Post one webhook; returns the status."""
        signature = delivery.signature(secret, time.time())
        return client.post(
            path, data=delivery.body, content_type="application/json", headers={"Stripe-Signature": signature}
        ).status_code

    def lose_webhooks(self):
        """What waits will never arrive; returns how many."""
        return len(self.platform.webhooks.take(now=time.time(), late_too=True))

    def deliver_to(self, url, *, host=""):
        """Send what waits to an address over HTTP (a live server's); returns the statuses."""
        self.platform.webhooks.endpoints = [Endpoint(url, self.secret, host=host)]
        return self.control.deliver_now()


@pytest.fixture
def fake_stripe(settings):
    """An empty Stripe, listening; the product talks to it."""
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    platform = api.start(Platform(page_url=url))
    platform.faults.hold = 0.05
    server = StripeServer(listener, platform)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings.STRIPE_API_URL = url
    settings.STRIPE_API_KEY = API_KEY
    settings.STRIPE_WEBHOOK_SECRETS = [WEBHOOK_SECRET]
    yield StripeForTests(platform, url)
    server.shutdown()
    thread.join()
    server.server_close()
