"""Webhooks: signed, and delivered once, many times, late, in another order, never, forged or stale, as told."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Literal
from urllib.parse import urlsplit

from config.demo.fake_stripe.forms import Row

# What becomes of the next events: never sent; sent twice or ten times; a minute late; a copy with another amount and a
# wrong signature before the true one; a copy signed an hour ago before the true one.
MISHAPS = ("lost", "twice", "ten_times", "late", "forged", "old")
_COPIES = {"twice": 2, "ten_times": 10}
LATE_SECONDS, OLD_SECONDS = 60, 3600
# Seconds until an endpoint that did not answer with 2xx is asked again.
_BACKOFF = (2, 10, 60, 300, 3600)
Order = Literal["sent", "reversed"]


@dataclass
class Endpoint:
    """Where events go. ``connect``: those of connected accounts; else the platform's own. ``host``: the Host header."""

    url: str
    secret: str = field(repr=False)
    connect: bool = True
    host: str = ""


@dataclass
class Delivery:
    """A body on its way to an endpoint; ``flaw`` is one of "", "forged", "old". ``due``: not before (Unix time)."""

    event: str
    body: str = field(repr=False)
    due: float = 0.0
    flaw: str = ""
    tries: int = 0
    connected: bool = True

    def signature(self, secret: str, now: float) -> str:
        """Return the Stripe-Signature header."""
        moment = int(now - OLD_SECONDS if self.flaw == "old" else now)
        key = "whsec_somebody_else" if self.flaw == "forged" else secret
        return f"t={moment},v1={sign(key, moment, self.body)}"


def sign(secret: str, moment: int, body: str) -> str:
    """Return the v1 signature of a body."""
    return hmac.new(secret.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()


class Webhooks:
    """The endpoints, what waits for them and the mishaps ordered for the next events."""

    def __init__(self) -> None:
        self.endpoints: list[Endpoint] = []
        self.pending: list[Delivery] = []
        self.lost: list[Delivery] = []
        self.mishaps: deque[str] = deque()
        self.always = ""
        self.order: Order = "sent"

    def listening(self, *, connected: bool) -> int:
        """Return how many endpoints hear of the events of connected accounts, or of the platform's own."""
        return sum(1 for one in self.endpoints if one.connect is connected)

    def mishap(self, kind: str, *, times: int = 1) -> None:
        """Let something happen to the next events; ``times`` -1: to all from now on, until told otherwise."""
        if kind and kind not in MISHAPS:
            raise ValueError(kind)
        if times < 0:
            self.always = kind
        else:
            self.mishaps.extend([kind] * times)

    def clear(self) -> None:
        """Let every event arrive once again, in order."""
        self.mishaps.clear()
        self.always, self.order = "", "sent"

    def send(self, event: Row, *, connected: bool) -> None:
        """Put an event on its way; the platform's own events go nowhere unless an endpoint asks for them."""
        if not connected and not self.listening(connected=False):
            return
        kind = self.mishaps.popleft() if self.mishaps else self.always
        delivery = Delivery(event["id"], json.dumps(event, ensure_ascii=False), connected=connected)
        if kind == "lost":
            self.lost.append(delivery)
            return
        if kind == "late":
            delivery.due = time.time() + LATE_SECONDS
        elif kind == "old":
            self.pending.append(replace(delivery, flaw="old"))
        elif kind == "forged":
            self.pending.append(replace(delivery, flaw="forged", body=_falsified(event)))
        self.pending += [replace(delivery) for _ in range(_COPIES.get(kind, 1))]

    def take(self, *, now: float, late_too: bool = False) -> list[Delivery]:
        """Return what is due, in the order it arrives; it is no longer pending."""
        due = [one for one in self.pending if late_too or one.due <= now]
        self.pending = [one for one in self.pending if not (late_too or one.due <= now)]
        return due[::-1] if self.order == "reversed" else due

    def again(self, delivery: Delivery, now: float) -> None:
        """Put back what was not answered with 2xx; what is not Stripe's own is not tried again."""
        if delivery.flaw or delivery.tries >= len(_BACKOFF):
            return
        delivery.due = now + _BACKOFF[delivery.tries]
        delivery.tries += 1
        self.pending.append(delivery)

    def recipients(self, delivery: Delivery) -> Iterable[Endpoint]:
        """Return who hears of it."""
        return [one for one in self.endpoints if one.connect is delivery.connected]

    def snapshot(self) -> list[Row]:
        """Return what waits."""
        return [asdict(one) for one in self.pending]

    def restore(self, kept: list[Row]) -> None:
        """Let it wait again."""
        self.pending = [Delivery(**one) for one in kept]


def post(endpoint: Endpoint, delivery: Delivery) -> int:
    """Deliver over HTTP. Returns the status; 0: nobody answered."""
    address = urlsplit(endpoint.url)
    connection = http.client.HTTPConnection(address.hostname or "127.0.0.1", address.port or 80, timeout=10)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": delivery.signature(endpoint.secret, time.time()),
        "User-Agent": "Stripe/1.0 (fake)",
    }
    if endpoint.host:
        headers["Host"] = endpoint.host
    try:
        connection.request("POST", address.path or "/", body=delivery.body.encode(), headers=headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def _falsified(event: Row) -> str:
    content = {**event["data"]["object"]}
    for field_name in ("amount", "amount_total"):
        if isinstance(content.get(field_name), int):
            content[field_name] += 1
    return json.dumps({**event, "data": {"object": content}}, ensure_ascii=False)
