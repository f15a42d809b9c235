"""The state: one store for each account, a clock that can be put on, and the events that follow from what happens."""

from __future__ import annotations

import copy
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from threading import RLock
from typing import Any

from config.demo.fake_stripe import rows
from config.demo.fake_stripe.faults import Faults
from config.demo.fake_stripe.forms import Problem, Row
from config.demo.fake_stripe.webhooks import Webhooks

API_VERSION = "2026-10-28.endive"
API_KEY = "sk_test_machinoma_demo"
WEBHOOK_SECRET = "whsec_machinoma_demo"  # noqa: S105 (of a platform on which nothing is paid)
_CALLS_KEPT = 5000


@dataclass
class Store:
    """What belongs to one account. Its keys are those of calls on behalf of it."""

    id: str
    sessions: dict[str, Row] = field(default_factory=dict)
    lines: dict[str, list[Row]] = field(default_factory=dict)
    intents: dict[str, Row] = field(default_factory=dict)
    methods: dict[str, Row] = field(default_factory=dict)
    charges: dict[str, Row] = field(default_factory=dict)
    refunds: dict[str, Row] = field(default_factory=dict)
    disputes: dict[str, Row] = field(default_factory=dict)
    payouts: dict[str, Row] = field(default_factory=dict)
    transactions: dict[str, Row] = field(default_factory=dict)
    events: dict[str, Row] = field(default_factory=dict)
    keys: dict[str, Row] = field(default_factory=dict)
    # What no answer tells: how a card behaves, what a session asked of its payment, what a bank will do and when.
    hidden: dict[str, Row] = field(default_factory=dict)

    def get(self, table: str, name: str, *, called: str, param: str | None = None) -> Row:
        """Return a row. Raises Problem (404) as Stripe does when it is another account's or nobody's."""
        row = getattr(self, table).get(name)
        if row is None:
            raise Problem(
                f"No such {called}: '{name}'",
                status=400 if param else 404,
                code="resource_missing",
                param=param or "id",
            )
        return row  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Call:
    """A call as it was answered; ``status`` 0: the line went dead."""

    method: str
    path: str
    account: str
    key: str
    status: int


class Platform:
    """The whole of it. Take ``lock`` around whatever reads or changes it."""

    def __init__(self, *, api_key: str = API_KEY, page_url: str = "http://localhost") -> None:
        self.lock = RLock()
        self.api_key = api_key
        self.page_url = page_url
        self.faults = Faults()
        self.webhooks = Webhooks()
        self.calls: deque[Call] = deque(maxlen=_CALLS_KEPT)
        self.request: Row = {"id": None, "idempotency_key": None}
        self.stores: dict[str, Store] = {}
        self.accounts: dict[str, Row] = {}
        self.links: dict[str, Row] = {}
        self.refund_outcomes: deque[str] = deque()
        # Mails to payers that wait to be sent.
        self.mails: list[Row] = []
        self.changes = 0
        self._offset = 0.0
        self._stopped_at: float | None = None
        self._due: list[Callable[[Platform], None]] = []
        self.own = self.open_store(rows.new_id("acct", 16))

    # The clock.

    def now(self) -> int:
        """Return the platform's time, in seconds since 1970."""
        return int(time.time() + self._offset if self._stopped_at is None else self._stopped_at)

    def set_time(self, moment: float) -> None:
        """Stop the clock at a moment; from then on ``advance`` moves it."""
        with self.lock:
            self._stopped_at = moment
            self.tick()

    def advance(self, seconds: float) -> None:
        """Let time go by: what falls due happens."""
        with self.lock:
            if self._stopped_at is None:
                self._offset += seconds
            else:
                self._stopped_at += seconds
            self.tick()

    def whenever(self, act: Callable[[Platform], None]) -> None:
        """Let this be looked at each time the clock is."""
        self._due.append(act)

    def tick(self) -> None:
        """Do what has fallen due."""
        with self.lock:
            for act in self._due:
                act(self)

    # Stores.

    def open_store(self, account: str) -> Store:
        """Return a new, empty store."""
        self.stores[account] = Store(account)
        return self.stores[account]

    def owner(self, table: str, name: str) -> Store | None:
        """Return whose row this is, for pages, which know ids only."""
        return next((store for store in self.stores.values() if name in getattr(store, table)), None)

    def application_of(self, store: Store) -> str | None:
        """Return the Connect application that made a payment: the platform, for payments of connected accounts."""
        return None if store is self.own else f"ca_{self.own.id.removeprefix('acct_')}"

    def take_refund_outcome(self) -> str:
        """Return how the next refund begins if somebody ordered it, or an empty text."""
        return self.refund_outcomes.popleft() if self.refund_outcomes else ""

    # Events.

    def emit(self, store: Store, kind: str, row: Row, previous: Mapping[str, Any] | None = None) -> Row:
        """Note an event and have it delivered."""
        connected = store is not self.own
        facts = {
            "previous": previous,
            "api_version": API_VERSION,
            "account": store.id if connected else None,
            "request": dict(self.request),
            "pending_webhooks": self.webhooks.listening(connected=connected),
        }
        event = rows.event(kind, copy.deepcopy(row), facts, now=self.now())
        store.events[event["id"]] = event
        self.webhooks.send(event, connected=connected)
        self.changes += 1
        return event

    # Being kept while nobody runs it.

    def snapshot(self) -> Row:
        """Return everything that must survive a restart."""
        with self.lock:
            return copy.deepcopy(
                {
                    "own": self.own.id,
                    "offset": self._offset,
                    "stores": [asdict(one) for one in self.stores.values()],
                    "accounts": self.accounts,
                    "links": self.links,
                    "mails": self.mails,
                    "webhooks": self.webhooks.snapshot(),
                }
            )

    def restore(self, kept: Row) -> None:
        """Go on where a snapshot was taken."""
        with self.lock:
            self.stores = {one["id"]: Store(**one) for one in kept["stores"]}
            self.own = self.stores[kept["own"]]
            self.accounts, self.links = kept["accounts"], kept["links"]
            self._offset, self.mails = kept["offset"], kept.get("mails", [])
            self.webhooks.restore(kept["webhooks"])
