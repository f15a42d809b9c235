"""Checkout Sessions: made, read, listed and closed by the merchant, and gone through by the payer."""

from __future__ import annotations

from config.demo.fake_stripe import methods, rows, settling
from config.demo.fake_stripe.forms import Params, Problem, Row
from config.demo.fake_stripe.platform import Platform, Store

_SHORTEST, _LONGEST = 30 * 60, 24 * 60 * 60
_LONGEST_REFERENCE = 200
LOCALES = ("auto", "en", "ja")


def create(platform: Platform, store: Store, params: Params) -> Row:
    """Make a session on which somebody can pay."""
    methods.open_for_payments(platform, store)
    if params.needed("mode") != "payment":
        raise Problem("Only sessions in payment mode can be made here.", param="mode")
    params.one_of("ui_mode", ("hosted_page",))
    lines = _lines(platform, params)
    amount = sum(line["amount_total"] for line in lines)
    methods.check_amount(amount, "line_items")
    kinds, allowed = methods.kinds(platform, store, params, amount)
    now, facts = platform.now(), _for_payment(params)
    session = rows.session(
        {
            "allowed": allowed,
            "amount": amount,
            "cancel_url": params.address("cancel_url") if params.has("cancel_url") else None,
            "client_reference_id": _reference(params),
            "customer_creation": params.one_of("customer_creation", ("always", "if_required"), "if_required"),
            "customer_details": _details(None, params.text("customer_email")),
            "customer_email": params.text("customer_email"),
            "expires_at": _until(params, now),
            "locale": params.one_of("locale", LOCALES),
            "metadata": params.table("metadata"),
            "payment_method_options": methods.options(params, kinds, of_session=True, now=now),
            "payment_method_types": kinds,
            "submit_text": _submit_text(params),
            "submit_type": params.one_of("submit_type", ("auto", "book", "donate", "pay")),
            "success_url": params.address("success_url"),
        },
        now=now,
    )
    session["url"] = f"{platform.page_url}/c/pay/{session['id']}"
    store.sessions[session["id"]] = session
    store.lines[session["id"]] = lines
    store.hidden[session["id"]] = facts
    return session


def retrieve(_platform: Platform, store: Store, name: str) -> Row:
    """Read a session."""
    return store.get("sessions", name, called="checkout.session")


def expire(platform: Platform, store: Store, name: str) -> Row:
    """Close a session nobody may pay on any more. Raises Problem when it is not open."""
    session = retrieve(platform, store, name)
    if session["status"] != "open":
        raise Problem(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of `{session['status']}`.",
            kept=True,
        )
    end(platform, store, session)
    return session


def end(platform: Platform, store: Store, session: Row) -> None:
    """The session is over, and what was begun on it is cancelled."""
    intent = store.intents.get(session["payment_intent"] or "")
    if intent and intent["status"] not in {"succeeded", "canceled"}:
        settling.cancel(platform, store, intent, "automatic")
    session.update(status="expired", url=None)
    platform.emit(store, "checkout.session.expired", session)


def expire_due(platform: Platform) -> None:
    """Sessions end when their time is over."""
    now = platform.now()
    for store in list(platform.stores.values()):
        for session in list(store.sessions.values()):
            if session["status"] == "open" and session["expires_at"] <= now:
                end(platform, store, session)


def pay(platform: Platform, store: Store, session: Row, kind: str, payer: Row, card: str = "") -> Row:
    """The payer chooses a way and presses the button. Returns the PaymentIntent. Raises Problem when it is over."""
    if session["status"] != "open":
        raise Problem(f"This Checkout Session is {session['status']}.", kept=True)
    if kind not in session["payment_method_types"]:
        raise Problem(f"This Checkout Session does not take {kind}.", kept=True)
    intent = store.intents.get(session["payment_intent"] or "") or _begin(platform, store, session)
    settling.give_method(platform, store, intent, kind, payer, card)
    session["customer_details"] = _details(payer["name"], payer["email"])
    session["collected_information"] = None
    settling.confirm(platform, store, intent)
    if settling.voucher_of(intent):
        session.update(status="complete", url=None)
        platform.emit(store, "checkout.session.completed", session)
    return intent


def _begin(platform: Platform, store: Store, session: Row) -> Row:
    facts = store.hidden[session["id"]]
    options = {key: dict(value) for key, value in session["payment_method_options"].items()}
    if "paypay" in session["payment_method_types"]:
        options["paypay"] = {}
    intent = rows.intent(
        {
            **facts,
            "amount": session["amount_total"],
            "application": platform.application_of(store),
            "payment_method_options": options,
            "payment_method_types": session["payment_method_types"],
        },
        now=platform.now(),
    )
    store.intents[intent["id"]] = intent
    store.hidden[intent["id"]] = {"session": session["id"]}
    session["payment_intent"] = intent["id"]
    platform.emit(store, "payment_intent.created", intent)
    return intent


def _lines(platform: Platform, params: Params) -> list[Row]:
    found = []
    for item in params.items("line_items"):
        methods.only_yen(params, f"{item}[price_data][currency]")
        name = params.needed(f"{item}[price_data][product_data][name]")
        unit_key, quantity_key = f"{item}[price_data][unit_amount]", f"{item}[quantity]"
        params.needed(unit_key)
        unit, quantity = params.whole(unit_key) or 0, params.whole(quantity_key, 1) or 0
        if unit < 0:
            raise Problem("unit_amount must not be negative.", param=unit_key)
        if quantity < 1:
            raise Problem("quantity must be at least 1.", param=quantity_key)
        found.append(rows.line_item(name, unit, quantity, now=platform.now()))
    if not found:
        raise Problem("Missing required param: line_items.", code="parameter_missing", param="line_items")
    return found


def _until(params: Params, now: int) -> int:
    until = params.whole("expires_at")
    if until is None:
        return now + _LONGEST
    if until < now + _SHORTEST:
        raise Problem(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
            param="expires_at",
        )
    if until > now + _LONGEST:
        raise Problem(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    return until


def _reference(params: Params) -> str | None:
    reference = params.text("client_reference_id")
    if reference and len(reference) > _LONGEST_REFERENCE:
        raise Problem(
            f"client_reference_id has at most {_LONGEST_REFERENCE} characters.", param="client_reference_id"
        )
    return reference


def _submit_text(params: Params) -> Row | None:
    message = params.text("custom_text[submit][message]")
    return {"message": message} if message else None


def _details(name: str | None, email: str | None) -> Row | None:
    if not name and not email:
        return None
    return {
        "address": None,
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": name,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }


def _for_payment(params: Params) -> Row:
    """What the session asks of its PaymentIntent, which is made when somebody pays."""
    group = "payment_intent_data"
    params.one_of(f"{group}[capture_method]", ("automatic", "automatic_async"))
    fee = params.whole(f"{group}[application_fee_amount]")
    if fee:
        raise Problem("Application fees are not taken here.", param=f"{group}[application_fee_amount]")
    words = ("description", "receipt_email", "statement_descriptor", "statement_descriptor_suffix")
    return {
        **{word: params.text(f"{group}[{word}]") for word in words},
        "metadata": params.table(f"{group}[metadata]"),
    }
