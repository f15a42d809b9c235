"""PaymentIntents as the merchant makes, confirms, cancels and reads them."""

from __future__ import annotations

from config.demo.fake_stripe import methods, rows, settling
from config.demo.fake_stripe.cards import CARDS, TOKENS
from config.demo.fake_stripe.forms import Params, Problem, Row
from config.demo.fake_stripe.platform import Platform, Store

_CANCELLABLE = frozenset(
    {"requires_payment_method", "requires_confirmation", "requires_action", "requires_capture"}
)
_REASONS = ("abandoned", "duplicate", "fraudulent", "requested_by_customer")


def create(platform: Platform, store: Store, params: Params) -> Row:
    """Make an intent, and pay it at once if ``confirm`` says so."""
    methods.open_for_payments(platform, store)
    amount = methods.yen(params, "amount")
    methods.only_yen(params, "currency")
    kinds, allowed = methods.kinds(platform, store, params, amount)
    automatic = params.flag("automatic_payment_methods[enabled]", default=allowed is None)
    now = platform.now()
    intent = rows.intent(
        {
            "allowed": allowed,
            "amount": amount,
            "application": platform.application_of(store),
            "automatic_payment_methods": {"allow_redirects": "always", "enabled": True}
            if automatic
            else None,
            "description": params.text("description"),
            "metadata": params.table("metadata"),
            "payment_method_options": methods.options(params, kinds, of_session=False, now=now),
            "payment_method_types": kinds,
            "receipt_email": params.text("receipt_email"),
        },
        now=now,
    )
    store.intents[intent["id"]] = intent
    store.hidden[intent["id"]] = {"back": params.text("return_url")}
    platform.emit(store, "payment_intent.created", intent)
    if params.has("payment_method") or params.has("payment_method_data"):
        _give_method(platform, store, intent, params)
        intent["status"] = "requires_confirmation"
    if params.flag("confirm"):
        _confirm(platform, store, intent)
    return intent


def retrieve(_platform: Platform, store: Store, name: str) -> Row:
    """Read an intent."""
    return store.get("intents", name, called="payment_intent")


def confirm(platform: Platform, store: Store, name: str, params: Params) -> Row:
    """Pay an intent. Raises Problem (402) when a card is declined."""
    intent = retrieve(platform, store, name)
    group = "payment_method_options[konbini]"
    if params.has(group):
        asked = methods.options(params, ["konbini"], of_session=False, now=platform.now())
        intent["payment_method_options"] = {**(intent["payment_method_options"] or {}), **asked}
    if params.has("payment_method") or params.has("payment_method_data"):
        _give_method(platform, store, intent, params)
    if not intent["payment_method"]:
        raise Problem(
            "Give a payment method before you confirm this PaymentIntent.",
            code="payment_intent_unexpected_state",
            param="payment_method",
        )
    _confirm(platform, store, intent)
    return intent


def cancel(platform: Platform, store: Store, name: str, params: Params) -> Row:
    """Cancel an intent. Raises Problem when it is a session's, or over."""
    intent = retrieve(platform, store, name)
    reason = params.one_of("cancellation_reason", _REASONS)
    if settling.session_of(store, intent):
        raise Problem(
            "The PaymentIntent of a Checkout Session cannot be canceled: expire the Checkout Session instead.",
            code="payment_intent_unexpected_state",
            kept=True,
        )
    if intent["status"] not in _CANCELLABLE:
        raise Problem(
            f"This PaymentIntent cannot be canceled: its status is {intent['status']}.",
            code="payment_intent_unexpected_state",
            kept=True,
            more={"payment_intent": intent},
        )
    settling.cancel(platform, store, intent, reason)
    return intent


def _give_method(platform: Platform, store: Store, intent: Row, params: Params) -> None:
    token = params.text("payment_method")
    payer = rows.billing(
        params.text("payment_method_data[billing_details][name]"),
        params.text("payment_method_data[billing_details][email]"),
    )
    if token:
        number = TOKENS.get(token)
        if number is None:
            raise Problem(
                f"No such PaymentMethod: '{token}'", code="resource_missing", param="payment_method"
            )
        kind = "card"
    else:
        number, kind = "", params.needed("payment_method_data[type]")
    if kind not in intent["payment_method_types"] or (kind == "card" and number not in CARDS):
        raise Problem(f"This PaymentIntent does not take {kind}.", param="payment_method")
    if kind == "konbini" and not (payer["name"] and payer["email"]):
        raise Problem(
            "A konbini payment needs the payer's name and email.",
            code="parameter_missing",
            param="payment_method_data[billing_details]",
        )
    settling.give_method(platform, store, intent, kind, payer, number)


def _confirm(platform: Platform, store: Store, intent: Row) -> None:
    settling.confirm(platform, store, intent)
    error = intent["last_payment_error"]
    if error:
        raise Problem(
            error["message"],
            status=402,
            type="card_error",
            code=error["code"],
            kept=True,
            more={
                "decline_code": error.get("decline_code"),
                "charge": intent["latest_charge"],
                "payment_intent": intent,
                "payment_method": error.get("payment_method"),
            },
        )
