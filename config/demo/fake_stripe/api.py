"""The v1 API: who calls on behalf of which account, with which key, for what; and what they are answered."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from config.demo.fake_stripe import (
    accounts,
    balance,
    checkout,
    faults,
    intents,
    known,
    listing,
    payouts,
    refunding,
    rows,
    settling,
)
from config.demo.fake_stripe.forms import Params, Problem, Row
from config.demo.fake_stripe.platform import API_VERSION, Call, Platform, Store

_KEYS_KEPT = 24 * 60 * 60
_LONGEST_KEY = 255
_EVENTS_KEPT = 30 * 24 * 60 * 60

Act = Callable[[Platform, Store, Params, str], Row]


@dataclass(frozen=True)
class Answer:
    """An HTTP answer. ``silence``: for so many seconds nothing, and then a dead line; 0: dead at once."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    silence: float | None = None


@dataclass(frozen=True)
class Route:
    """A call the API knows: ``path`` with ``{}`` for an id, its parameters, and what it does."""

    method: str
    path: str
    params: frozenset[str]
    act: Act

    def match(self, method: str, path: str) -> str | None:
        """Return the id within a path, an empty text when there is none in it, or None for another call."""
        if method != self.method:
            return None
        found = re.fullmatch(self.path.replace("{}", "([A-Za-z0-9_]+)"), path)
        return (found[1] if found.groups() else "") if found else None


def start(platform: Platform) -> Platform:
    """Let what falls due happen by itself."""
    for act in (
        checkout.expire_due,
        settling.expire_due_vouchers,
        refunding.carry_on,
        balance.release,
    ):
        platform.whenever(act)
    return platform


def answer(platform: Platform, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Answer one call of the API."""
    path, _, query = target.partition("?")
    account = headers.get("Stripe-Account") or ""
    key = headers.get("Idempotency-Key") or ""
    request_id = rows.new_id("req", 14)
    fault = platform.faults.take(f"{method} {path}", account)
    silence = None
    replayed = False
    with platform.lock:
        if fault and fault not in faults.DONE_FIRST:
            status, content = _failed(faults.problem(fault))
            silence = 0.0 if fault == "dropped_before" else None
        else:
            platform.tick()
            platform.request = {"id": request_id, "idempotency_key": key or None}
            try:
                status, content, replayed = _carry_out(
                    platform, method, path, headers, Params.read(body.decode() if body else query), fault
                )
            except Problem as problem:
                status, content = _failed(problem)
            finally:
                platform.request = {"id": None, "idempotency_key": None}
            if fault in {"timeout", "dropped"}:
                silence = platform.faults.hold if fault == "timeout" else 0.0
        platform.calls.append(Call(method, path, account, key, 0 if silence is not None else status))
    more = {"Request-Id": request_id, "Stripe-Version": API_VERSION, "Content-Type": "application/json"}
    if account:
        more["Stripe-Account"] = account
    if key:
        more["Idempotency-Key"] = key
    if replayed:
        more["Idempotent-Replayed"] = "true"
    if status == 429:
        more["Retry-After"] = str(platform.faults.retry_after)
    return Answer(status, json.dumps(content, ensure_ascii=False).encode(), more, silence)


def _carry_out(
    platform: Platform, method: str, path: str, headers: Mapping[str, str], params: Params, fault: str
) -> tuple[int, Row, bool]:
    store = _admit(platform, headers)
    route, name = _route(method, path)
    params.refuse_unknown(route.params)
    key = headers.get("Idempotency-Key") or ""
    if method != "POST" or not key:
        return (*_run(platform, store, route, params, name), False)
    if len(key) > _LONGEST_KEY:
        raise Problem(f"An idempotency key has at most {_LONGEST_KEY} characters.")
    asked = hashlib.sha256(
        json.dumps([path, sorted(params.sent.items())], ensure_ascii=False).encode()
    ).hexdigest()
    before = store.keys.get(key)
    if before and platform.now() - before["at"] < _KEYS_KEPT:
        if before["asked"] != asked:
            raise Problem(
                "Keys for idempotent requests can only be used with the same parameters they were first used "
                f"with. The key '{key}' was used with others.",
                type="idempotency_error",
            )
        return before["status"], before["content"], True
    status, content = _run(platform, store, route, params, name)
    if fault == "500_done":
        status, content = _failed(faults.problem(fault))
    store.keys[key] = {"asked": asked, "status": status, "content": content, "at": platform.now()}
    platform.changes += 1
    return status, content, False


def _run(platform: Platform, store: Store, route: Route, params: Params, name: str) -> tuple[int, Row]:
    try:
        found = route.act(platform, store, params, name)
        if route.method == "POST":
            platform.changes += 1
        return 200, listing.expanded(store, found, params)
    except Problem as problem:
        if not problem.kept:
            raise
        return _failed(problem)


def _failed(problem: Problem) -> tuple[int, Row]:
    # Through JSON: what is kept of an answer must not change with the rows it shows.
    return problem.status, json.loads(json.dumps(problem.content()))


def _admit(platform: Platform, headers: Mapping[str, str]) -> Store:
    """Return the store a call is about. Raises Problem for a wrong key, version or account."""
    kind, _, token = (headers.get("Authorization") or "").partition(" ")
    if kind == "Basic":
        try:
            token = base64.b64decode(token).decode().partition(":")[0]
        except ValueError:
            token = ""
    if token != platform.api_key:
        raise Problem(f"Invalid API Key provided: {token[:8]}***", status=401)
    version = headers.get("Stripe-Version") or API_VERSION
    if version != API_VERSION:
        raise Problem(f"This server speaks API version {API_VERSION}, not {version}.")
    account = headers.get("Stripe-Account") or ""
    if not account:
        return platform.own
    if account not in platform.accounts:
        raise accounts.no_access(account)
    return platform.stores[account]


def _route(method: str, path: str) -> tuple[Route, str]:
    for route in ROUTES:
        name = route.match(method, path)
        if name is not None:
            return route, name
    raise Problem(f"Unrecognized request URL ({method}: {path}).", status=404)


def _only_platform(platform: Platform, store: Store) -> None:
    if store is not platform.own:
        raise Problem("Only the platform itself can do this with connected accounts.", status=403)


def _create_account(platform: Platform, store: Store, params: Params, _name: str) -> Row:
    _only_platform(platform, store)
    return accounts.create(platform, params)


def _create_link(platform: Platform, store: Store, params: Params, _name: str) -> Row:
    _only_platform(platform, store)
    return accounts.create_link(platform, params)


def _read_account(platform: Platform, store: Store, _params: Params, name: str) -> Row:
    if store is not platform.own and name not in {"", store.id}:
        raise accounts.no_access(name)
    return accounts.retrieve(platform, name or store.id)


def _update_account(platform: Platform, store: Store, params: Params, name: str) -> Row:
    _only_platform(platform, store)
    return accounts.update(platform, name, params)


def _list_accounts(platform: Platform, store: Store, params: Params, _name: str) -> Row:
    _only_platform(platform, store)
    return listing.page(platform.accounts.values(), params, "/v1/accounts")


def _list_events(platform: Platform, store: Store, params: Params, _name: str) -> Row:
    since = platform.now() - _EVENTS_KEPT
    kinds = params.words("types") or ([params.needed("type")] if params.has("type") else [])
    waiting = {one.event for one in platform.webhooks.pending} | {one.event for one in platform.webhooks.lost}
    found = (row for row in store.events.values() if row["created"] > since)
    if params.has("delivery_success"):
        delivered = params.flag("delivery_success")
        found = (row for row in found if (row["id"] not in waiting) is delivered)
    if kinds:
        found = (row for row in found if any(_is_of(row["type"], kind) for kind in kinds))
    return listing.page(found, params, "/v1/events")


def _is_of(kind: str, asked: str) -> bool:
    return kind.startswith(asked[:-1]) if asked.endswith("*") else kind == asked


def _lister(table: str, url: str, *fields: str) -> Act:
    def act(_platform: Platform, store: Store, params: Params, _name: str) -> Row:
        return listing.page(listing.matching(getattr(store, table).values(), params, *fields), params, url)

    return act


def _reader(table: str, called: str) -> Act:
    return lambda _platform, store, _params, name: store.get(table, name, called=called)


_LINES: Act = lambda _platform, store, params, name: listing.page(  # noqa: E731
    store.lines[store.get("sessions", name, called="checkout.session")["id"]],
    params,
    f"/v1/checkout/sessions/{name}/line_items",
)

_TABLE: tuple[tuple[str, str, set[str], Act], ...] = (
    ("POST", "/v1/checkout/sessions", known.SESSION_CREATE, lambda p, s, a, _: checkout.create(p, s, a)),
    ("GET", "/v1/checkout/sessions", known.SESSION_LIST,
     _lister("sessions", "/v1/checkout/sessions", "payment_intent", "status")),
    ("GET", "/v1/checkout/sessions/{}", known.RETRIEVE, _reader("sessions", "checkout.session")),
    ("GET", "/v1/checkout/sessions/{}/line_items", known.LINES, _LINES),
    ("POST", "/v1/checkout/sessions/{}/expire", known.RETRIEVE, lambda p, s, _, n: checkout.expire(p, s, n)),
    ("POST", "/v1/payment_intents", known.INTENT_CREATE, lambda p, s, a, _: intents.create(p, s, a)),
    ("GET", "/v1/payment_intents", known.INTENT_LIST, _lister("intents", "/v1/payment_intents")),
    ("GET", "/v1/payment_intents/{}", known.RETRIEVE, _reader("intents", "payment_intent")),
    ("POST", "/v1/payment_intents/{}/confirm", known.INTENT_CONFIRM,
     lambda p, s, a, n: intents.confirm(p, s, n, a)),
    ("POST", "/v1/payment_intents/{}/cancel", known.INTENT_CANCEL,
     lambda p, s, a, n: intents.cancel(p, s, n, a)),
    ("POST", "/v1/refunds", known.REFUND_CREATE, lambda p, s, a, _: refunding.create(p, s, a)),
    ("GET", "/v1/refunds", known.REFUND_LIST, _lister("refunds", "/v1/refunds", "charge", "payment_intent")),
    ("GET", "/v1/refunds/{}", known.RETRIEVE, _reader("refunds", "refund")),
    ("POST", "/v1/refunds/{}/cancel", known.RETRIEVE, lambda p, s, _, n: refunding.cancel(p, s, n)),
    ("GET", "/v1/charges", known.LINKED_LIST, _lister("charges", "/v1/charges", "payment_intent")),
    ("GET", "/v1/charges/{}", known.RETRIEVE, _reader("charges", "charge")),
    ("GET", "/v1/disputes", known.DISPUTE_LIST,
     _lister("disputes", "/v1/disputes", "charge", "payment_intent")),
    ("GET", "/v1/disputes/{}", known.RETRIEVE, _reader("disputes", "dispute")),
    ("GET", "/v1/balance", known.RETRIEVE, lambda _p, s, _a, _n: balance.answer(s)),
    ("GET", "/v1/balance_transactions", known.TRANSACTION_LIST, payouts.list_transactions),
    ("GET", "/v1/payouts", known.PAYOUT_LIST, _lister("payouts", "/v1/payouts", "status")),
    ("GET", "/v1/payouts/{}", known.RETRIEVE, _reader("payouts", "payout")),
    ("GET", "/v1/balance_transactions/{}", known.RETRIEVE, _reader("transactions", "balance transaction")),
    ("GET", "/v1/events", known.EVENT_LIST, _list_events),
    ("GET", "/v1/events/{}", known.RETRIEVE, _reader("events", "event")),
    ("POST", "/v1/accounts", known.ACCOUNT_CREATE, _create_account),
    ("GET", "/v1/accounts", known.ACCOUNT_LIST, _list_accounts),
    ("GET", "/v1/account", known.RETRIEVE, _read_account),
    ("GET", "/v1/accounts/{}", known.RETRIEVE, _read_account),
    ("POST", "/v1/accounts/{}", known.ACCOUNT_UPDATE, _update_account),
    ("POST", "/v1/account_links", known.LINK_CREATE, _create_link),
)  # fmt: skip
ROUTES = tuple(Route(method, path, frozenset(params), act) for method, path, params, act in _TABLE)
