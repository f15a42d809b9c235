"""Webhooks: signed so that the library believes them, and sent with every mishap that can befall them."""

from __future__ import annotations

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import stripe

from config.demo.fake_stripe import webhooks
from tests.fake_stripe.scenes import a_paid_intent

PAID = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
]


class Listener:
    """Hears webhooks over HTTP and believes what the library believes; ``statuses`` are its next answers."""

    def __init__(self, secret):
        self.secret, self.heard, self.refused, self.statuses, self.hosts = secret, [], [], [], []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(listener.hear(body, self.headers))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_arguments):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/stripe/webhook/"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def hear(self, body, headers):
        try:
            event = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], self.secret)
        except stripe.SignatureVerificationError:
            self.refused.append(json.loads(body))
            return 400
        status = self.statuses.pop(0) if self.statuses else 200
        self.hosts.append(headers["Host"])
        if status == 200:
            self.heard.append(event)
        return status

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def listener(fake_stripe):
    listener = Listener(fake_stripe.secret)
    yield listener
    listener.close()


@pytest.fixture
def paid(fake_stripe, account):
    """``paid()``: somebody pays by card, and only that is told."""

    def pay():
        fake_stripe.lose_webhooks()
        return a_paid_intent(fake_stripe, account)

    return pay


def kinds(events):
    return [one["type"] for one in events]


def test_events_arrive_signed_in_order_and_once(fake_stripe, account, listener, paid):
    paid()
    assert fake_stripe.deliver_to(listener.url, host="akiruno.localhost") == [200] * 4
    assert kinds(listener.heard) == PAID
    assert {one.account for one in listener.heard} == {account}
    assert set(listener.hosts) == {"akiruno.localhost"}
    assert fake_stripe.deliver_to(listener.url) == []


@pytest.mark.parametrize(("mishap", "times"), [("twice", 2), ("ten_times", 10)])
def test_an_event_is_repeated_with_the_same_id(fake_stripe, listener, paid, mishap, times):
    fake_stripe.lose_webhooks()
    fake_stripe.control.mishap(mishap)
    paid()
    fake_stripe.deliver_to(listener.url)
    assert kinds(listener.heard) == [PAID[0]] * times + PAID[1:]
    assert len({one.id for one in listener.heard}) == 4


def test_lost_events_are_only_in_the_list_and_can_be_sent_again(fake_stripe, account, listener, paid):
    fake_stripe.control.mishap("lost", times=-1)
    paid()
    assert fake_stripe.deliver_to(listener.url) == []
    listed = fake_stripe.client(account).v1.events.list({"delivery_success": False}).data
    assert kinds(listed)[:4] == PAID[::-1]
    fake_stripe.control.resend(listed[0].id)
    fake_stripe.deliver_to(listener.url)
    assert kinds(listener.heard) == [PAID[-1]]


def test_events_can_arrive_in_reverse(fake_stripe, listener, paid):
    fake_stripe.control.arrive("reversed")
    paid()
    fake_stripe.deliver_to(listener.url)
    assert kinds(listener.heard) == PAID[::-1]


def test_a_forged_copy_says_another_amount_and_is_not_believed(fake_stripe, listener, paid):
    fake_stripe.control.mishap("forged", times=4)
    paid()
    fake_stripe.deliver_to(listener.url)
    assert kinds(listener.heard) == kinds(listener.refused) == PAID
    assert listener.refused[1]["data"]["object"]["amount"] == 1201
    assert listener.heard[1].data.object.amount == 1200


def test_an_old_copy_is_not_believed(fake_stripe, listener, paid):
    fake_stripe.control.mishap("old", times=4)
    paid()
    fake_stripe.deliver_to(listener.url)
    assert kinds(listener.heard) == kinds(listener.refused) == PAID
    assert listener.refused[0] == listener.heard[0].to_dict()


def test_a_late_event_is_not_due_yet(fake_stripe, listener, paid):
    fake_stripe.control.mishap("late")
    paid()
    due = fake_stripe.platform.webhooks.take(now=time.time())
    assert [json.loads(one.body)["type"] for one in due] == PAID[1:]
    assert fake_stripe.deliver_to(listener.url) == [200]


def test_what_is_not_taken_is_sent_again_later(fake_stripe, listener, paid):
    paid()
    listener.statuses = [500, 500, 200, 200]
    assert fake_stripe.deliver_to(listener.url) == [500, 500, 200, 200]
    assert [one.tries for one in fake_stripe.pending] == [1, 1]
    assert fake_stripe.platform.webhooks.take(now=time.time()) == []
    assert fake_stripe.deliver_to(listener.url) == [200, 200]
    assert sorted(kinds(listener.heard)) == sorted(PAID)


def test_nobody_at_home_is_no_end(fake_stripe, listener, paid):
    paid()
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    assert fake_stripe.deliver_to(nowhere) == [0] * 4
    assert fake_stripe.deliver_to(listener.url) == [200] * 4


def test_the_platforms_own_events_do_not_reach_the_connect_endpoint(fake_stripe, listener):
    fake_stripe.lose_webhooks()
    fake_stripe.client().v1.payment_intents.create({"amount": 500, "currency": "jpy"})
    assert fake_stripe.deliver_to(listener.url) == []
    assert len(fake_stripe.client().v1.events.list().data) == 1


def test_a_mishap_has_a_name(fake_stripe):
    for act in (fake_stripe.control.mishap, fake_stripe.control.fault, fake_stripe.control.next_refund):
        with pytest.raises(ValueError, match="surprise"):
            act("surprise")
    for kind in webhooks.MISHAPS:
        fake_stripe.control.mishap(kind)
    fake_stripe.control.calm()
    assert not fake_stripe.platform.webhooks.mishaps
