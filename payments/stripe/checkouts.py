"""Checkout Sessions: creating one, closing it, and reading what became of it with its payment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from payments.gateways.base import Checkout, CheckoutOrder, ProviderRefused
from payments.stripe.client import client, on, plain, ref_of, translated

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams

State = Literal["open", "voucher_issued", "paid", "expired", "failed"]

# A konbini prints no more of what is paid for.
_KONBINI_TITLE = 22
_MOST_TITLE = 250
_SHOPS = ("familymart", "lawson", "ministop", "seicomart")
_EXPIRED = "payment_intent_payment_attempt_expired"


def create(order: CheckoutOrder) -> Checkout:
    """Create a session on the order's account. Raises ProviderFailure."""
    with translated():
        made = client().v1.checkout.sessions.create(_params(order), on(order.account, key=order.key))
    return _checkout(plain(made))


def read(account: str, ref: str) -> Checkout:
    """Read a session with its payment. Raises ProviderFailure."""
    with translated():
        found = client().v1.checkout.sessions.retrieve(ref, {"expand": ["payment_intent"]}, on(account))
    return _checkout(plain(found))


def close(account: str, ref: str) -> Checkout:
    """Close a session whose page is open. A voucher that is out stays good until its time is over: Stripe takes neither
    the session nor its payment back then. Raises ProviderFailure."""
    try:
        with translated():
            client().v1.checkout.sessions.expire(ref, {}, on(account))
    except ProviderRefused:
        # It was complete or over already: what it is now, decides.
        pass
    return read(account, ref)


def find(account: str, mark: str, *, since: datetime, until: datetime) -> Checkout | None:
    """Look for our mark among the sessions created between two moments. Raises ProviderFailure."""
    created = {"gte": int(since.timestamp()), "lte": int(until.timestamp()) + 1}
    with translated():
        page = client().v1.checkout.sessions.list(
            {"created": {"gte": created["gte"], "lte": created["lte"]}, "limit": 100}, on(account)
        )
        for session in page.auto_paging_iter():
            if session.client_reference_id == mark:
                return read(account, session.id)
    return None


def _params(order: CheckoutOrder) -> SessionCreateParams:
    title = order.title[:_MOST_TITLE]
    params: SessionCreateParams = {
        "mode": "payment",
        "allowed_payment_method_types": [_method(order.way)],
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": "jpy",
                    "unit_amount": order.yen,
                    "product_data": {"name": title[:_KONBINI_TITLE] if order.way == "konbini" else title},
                },
            }
        ],
        "client_reference_id": order.mark,
        "metadata": {"mark": order.mark},
        "payment_intent_data": {"metadata": {"mark": order.mark}, "description": title},
        "success_url": order.return_url,
        "cancel_url": order.return_url,
        "locale": "en" if order.language == "en" else "ja",
        "expires_at": int(order.expires_at.timestamp()),
    }
    if order.way == "konbini":
        params["payment_method_options"] = {"konbini": {"expires_after_days": order.voucher_days}}
    return params


def _method(way: str) -> Literal["card", "konbini", "paypay"]:
    if way == "konbini":
        return "konbini"
    return "paypay" if way == "paypay" else "card"


def _checkout(session: dict[str, Any]) -> Checkout:
    payment = session.get("payment_intent")
    intent: dict[str, Any] = payment if isinstance(payment, dict) else {}
    shown = (intent.get("next_action") or {}).get("konbini_display_details") or {}
    state, failure = _state(session, intent, bool(shown))
    ends = (shown.get("expires_at") if state == "voucher_issued" else None) or session["expires_at"]
    return Checkout(
        ref=session["id"],
        mark=session.get("client_reference_id") or "",
        yen=session.get("amount_total") or 0,
        state=state,
        url=session.get("url") or "",
        expires_at=datetime.fromtimestamp(ends, UTC),
        payment_ref=ref_of(payment),
        charge_ref=ref_of(intent.get("latest_charge")) if state == "paid" else "",
        payer_email=(session.get("customer_details") or {}).get("email") or "",
        voucher=_voucher(shown) if state == "voucher_issued" else {},
        failure=failure,
    )


def _state(session: dict[str, Any], intent: dict[str, Any], has_voucher: bool) -> tuple[State, str]:
    if session.get("payment_status") == "paid" or intent.get("status") == "succeeded":
        return "paid", ""
    if session.get("status") == "expired":
        return "expired", ""
    if session.get("status") == "open":
        return "open", ""
    # Complete and not paid: the payer is done with the page, and the payment has still to come.
    if intent.get("status") == "canceled":
        return "expired", ""
    if intent.get("status") == "requires_payment_method":
        code = (intent.get("last_payment_error") or {}).get("code") or ""
        return ("expired", "") if code == _EXPIRED else ("failed", code)
    return ("voucher_issued", "") if has_voucher else ("open", "")


def _voucher(shown: dict[str, Any]) -> dict[str, Any]:
    """Where it can be paid, and with which numbers."""
    stores = shown.get("stores") or {}
    return {
        "url": shown.get("hosted_voucher_url") or "",
        "shops": [
            {
                "shop": shop,
                "payment_code": stores[shop].get("payment_code") or "",
                "confirmation_number": stores[shop].get("confirmation_number") or "",
            }
            for shop in _SHOPS
            if stores.get(shop)
        ],
    }
