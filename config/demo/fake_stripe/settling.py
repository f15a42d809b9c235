"""What becomes of a PaymentIntent: paid, declined, a voucher that is paid or not, cancelled; its session follows."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta, timezone

from config.demo.fake_stripe import balance, cards, disputes, rows
from config.demo.fake_stripe.forms import Problem, Row
from config.demo.fake_stripe.platform import Platform, Store

STORES = ("familymart", "lawson", "ministop", "seicomart")
_JST = timezone(timedelta(hours=9))
_PAYABLE = frozenset({"requires_payment_method", "requires_confirmation", "requires_action"})


def give_method(platform: Platform, store: Store, intent: Row, kind: str, payer: Row, card: str = "") -> Row:
    """Say with what an intent is to be paid."""
    if intent["status"] not in _PAYABLE:
        raise Problem(
            f"This PaymentIntent's status is {intent['status']}: it can no longer be confirmed.",
            code="payment_intent_unexpected_state",
            kept=True,
        )
    details = cards.details_of(card) if card else {}
    row = rows.method(kind, details, payer, now=platform.now())
    store.methods[row["id"]] = row
    store.hidden.setdefault(intent["id"], {})["card"] = card
    intent["payment_method"] = row["id"]
    intent["last_payment_error"] = None
    return row


def confirm(platform: Platform, store: Store, intent: Row) -> None:
    """Pay with the method it was given, as far as that goes without the payer."""
    kind = store.methods[intent["payment_method"]]["type"]
    if kind == "konbini":
        _issue_voucher(platform, store, intent)
    elif kind == "paypay":
        _ask_payer(platform, store, intent)
    else:
        card = cards.CARDS[store.hidden[intent["id"]]["card"]]
        if card.consent:
            _ask_payer(platform, store, intent)
        else:
            _charge_card(platform, store, intent, card)


def agree(platform: Platform, store: Store, intent: Row) -> None:
    """The payer agrees on the page of their bank or of PayPay."""
    _waits_for_payer(intent)
    number = store.hidden[intent["id"]].get("card")
    if number:
        _charge_card(platform, store, intent, cards.CARDS[number])
    else:
        succeed(platform, store, intent)


def decline(platform: Platform, store: Store, intent: Row, code: str, message: str, why: str = "") -> None:
    """The attempt fails; another one can follow."""
    paid_with = store.methods.get(intent["payment_method"] or "")
    intent["last_payment_error"] = {
        "code": code,
        "message": message,
        "type": "card_error" if paid_with and paid_with["type"] == "card" else "invalid_request_error",
        **({"decline_code": why} if why else {}),
        **({"payment_method": paid_with} if paid_with else {}),
    }
    intent.update(status="requires_payment_method", next_action=None, payment_method=None)
    platform.emit(store, "payment_intent.payment_failed", intent)


def refuse(platform: Platform, store: Store, intent: Row) -> None:
    """The payer says no on the page of their bank or of PayPay."""
    _waits_for_payer(intent)
    decline(
        platform,
        store,
        intent,
        "payment_intent_authentication_failure",
        "The payer did not authorize the payment.",
    )


def succeed(platform: Platform, store: Store, intent: Row, shop: str = "") -> Row:
    """The money is there. Returns the charge."""
    paid_with = store.methods[intent["payment_method"]]
    kind = paid_with["type"]
    number = store.hidden[intent["id"]].get("card") or ""
    details = cards.details_of(number) if number else {"store": {"chain": shop or None}} if shop else {}
    charge = rows.charge(intent, paid_with, details, now=platform.now())
    charge["receipt_url"] = f"{platform.page_url}/receipts/{charge['id']}"
    store.charges[charge["id"]] = charge
    store.hidden[charge["id"]] = {"card": number}
    fee = balance.fee_of(kind, charge["amount"])
    charge["balance_transaction"] = balance.move(
        platform, store, "charge" if kind == "card" else "payment", charge["id"], charge["amount"], fee
    )
    intent.update(
        status="succeeded",
        next_action=None,
        latest_charge=charge["id"],
        amount_received=intent["amount"],
        last_payment_error=None,
    )
    platform.emit(store, "charge.succeeded", charge)
    platform.emit(store, "payment_intent.succeeded", intent)
    _tell_session(platform, store, intent)
    if number and cards.CARDS[number].dispute:
        disputes.open_dispute(platform, store, charge, cards.CARDS[number].dispute)
    return charge


def cancel(platform: Platform, store: Store, intent: Row, reason: str | None) -> None:
    """Nobody may pay this intent any more."""
    intent.update(status="canceled", canceled_at=platform.now(), cancellation_reason=reason, next_action=None)
    platform.emit(store, "payment_intent.canceled", intent)


def pay_voucher(platform: Platform, store: Store, intent: Row, shop: str = "lawson") -> Row:
    """The payer pays at a shop's till. Returns the charge."""
    if not voucher_of(intent):
        raise Problem(f"PaymentIntent {intent['id']} has no voucher that can be paid.", kept=True)
    return succeed(platform, store, intent, shop)


def expire_voucher(platform: Platform, store: Store, intent: Row) -> None:
    """The voucher was not paid in time."""
    if not voucher_of(intent):
        raise Problem(f"PaymentIntent {intent['id']} has no voucher that could expire.", kept=True)
    decline(
        platform,
        store,
        intent,
        "payment_intent_payment_attempt_expired",
        "The payment attempt expired before the payer paid.",
    )
    session = session_of(store, intent)
    if session:
        platform.emit(store, "checkout.session.async_payment_failed", session)


def expire_due_vouchers(platform: Platform) -> None:
    """Vouchers end when their time is over."""
    now = platform.now()
    for store in list(platform.stores.values()):
        for intent in list(store.intents.values()):
            found = voucher_of(intent)
            if found and found["expires_at"] <= now:
                expire_voucher(platform, store, intent)


def voucher_of(intent: Row) -> Row | None:
    """Return the konbini details of an intent that can be paid at a shop."""
    action = intent["next_action"] or {}
    return action.get("konbini_display_details") if intent["status"] == "requires_action" else None


def session_of(store: Store, intent: Row) -> Row | None:
    """Return the Checkout Session an intent belongs to."""
    return store.sessions.get(store.hidden.get(intent["id"], {}).get("session") or "")


def _charge_card(platform: Platform, store: Store, intent: Row, card: cards.Card) -> None:
    if not card.decline:
        succeed(platform, store, intent)
        return
    code, message = cards.refusal_of(card)
    paid_with = store.methods[intent["payment_method"]]
    details = cards.details_of(store.hidden[intent["id"]]["card"])
    charge = rows.charge(intent, paid_with, details, now=platform.now())
    charge.update(status="failed", paid=False, amount_captured=0, captured=False)
    charge.update(failure_code=code, failure_message=message)
    charge["outcome"].update(
        type="issuer_declined",
        reason=card.decline,
        network_status="declined_by_network",
        seller_message=message,
    )
    store.charges[charge["id"]] = charge
    intent["latest_charge"] = charge["id"]
    platform.emit(store, "charge.failed", charge)
    decline(platform, store, intent, code, message, card.decline)


def _ask_payer(platform: Platform, store: Store, intent: Row) -> None:
    session = session_of(store, intent)
    intent.update(
        status="requires_action",
        next_action={
            "type": "redirect_to_url",
            "redirect_to_url": {
                "return_url": session["success_url"] if session else store.hidden[intent["id"]].get("back"),
                "url": f"{platform.page_url}/consent/{intent['id']}",
            },
        },
    )
    platform.emit(store, "payment_intent.requires_action", intent)


def _waits_for_payer(intent: Row) -> None:
    if intent["status"] != "requires_action" or voucher_of(intent):
        raise Problem(f"PaymentIntent {intent['id']} does not wait for its payer.", kept=True)


def _issue_voucher(platform: Platform, store: Store, intent: Row) -> None:
    options = (intent["payment_method_options"] or {}).get("konbini") or {}
    expires_at = options.get("expires_at") or _end_of_day(
        platform.now(), options.get("expires_after_days") or 3
    )
    number = options.get("confirmation_number") or f"{secrets.randbelow(10**10):010d}"
    shops = {
        shop: {"payment_code": f"{secrets.randbelow(10**6):06d}", "confirmation_number": number}
        for shop in STORES
    }
    intent.update(
        status="requires_action",
        next_action={
            "type": "konbini_display_details",
            "konbini_display_details": {
                "expires_at": expires_at,
                "hosted_voucher_url": f"{platform.page_url}/konbini/{intent['id']}",
                "stores": shops,
            },
        },
    )
    platform.emit(store, "payment_intent.requires_action", intent)


def _end_of_day(now: int, days: int) -> int:
    day = datetime.fromtimestamp(now, _JST) + timedelta(days=days)
    return int(day.replace(hour=23, minute=59, second=59, microsecond=0).timestamp())


def _tell_session(platform: Platform, store: Store, intent: Row) -> None:
    session = session_of(store, intent)
    if session is None:
        return
    late = session["status"] == "complete"
    session.update(status="complete", payment_status="paid", url=None)
    kind = "checkout.session.async_payment_succeeded" if late else "checkout.session.completed"
    platform.emit(store, kind, session)
