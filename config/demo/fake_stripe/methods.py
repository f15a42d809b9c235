"""Ways to pay of an account: which it has, and which amounts they take."""

from __future__ import annotations

from config.demo.fake_stripe.forms import Params, Problem, Row
from config.demo.fake_stripe.platform import Platform, Store

CAPABILITIES = {"card": "card_payments", "konbini": "konbini_payments", "paypay": "paypay_payments"}
LEAST, MOST = 50, 99_999_999
KONBINI_LEAST, KONBINI_MOST = 120, 300_000
_KONBINI_DESCRIPTION = 22


def open_for_payments(platform: Platform, store: Store) -> None:
    """Raise Problem unless this account may take payments."""
    account = platform.accounts.get(store.id)
    if account is not None and not account["charges_enabled"]:
        raise Problem(
            f"Account {store.id} cannot take payments yet: its onboarding is not complete.",
            code="account_invalid",
        )


def yen(params: Params, key: str) -> int:
    """Return an amount in yen. Raises Problem when Stripe takes no such amount."""
    params.needed(key)
    amount = params.whole(key) or 0
    check_amount(amount, key)
    return amount


def check_amount(amount: int, param: str, kinds: list[str] | None = None) -> None:
    """Raise Problem for an amount that is too small or too large for all or one of the ways to pay."""
    least, most = (KONBINI_LEAST, KONBINI_MOST) if "konbini" in (kinds or []) else (LEAST, MOST)
    if amount < least:
        raise Problem(f"The amount must be at least ¥{least:,} jpy.", code="amount_too_small", param=param)
    if amount > most:
        raise Problem(f"The amount must be at most ¥{most:,} jpy.", code="amount_too_large", param=param)


def only_yen(params: Params, key: str) -> None:
    """Raise Problem for another currency: accounts here have yen only."""
    if params.needed(key).lower() != "jpy":
        raise Problem(f"Invalid currency: {params.text(key)}", param=key)


def kinds(platform: Platform, store: Store, params: Params, amount: int) -> list[str]:
    """Return the ways to pay asked for, or all the account has that take this amount."""
    account = platform.accounts.get(store.id)
    active = [
        kind
        for kind, capability in CAPABILITIES.items()
        if account is None or account["capabilities"].get(capability) == "active"
    ]
    asked = params.words("payment_method_types")
    for kind in asked:
        if kind not in active:
            raise Problem(
                f"The payment method type {kind} is not activated on this account.",
                param="payment_method_types",
                code="payment_method_type_invalid" if kind not in CAPABILITIES else None,
            )
    if asked:
        check_amount(amount, "amount", asked)
        return asked
    return [kind for kind in active if kind != "konbini" or KONBINI_LEAST <= amount <= KONBINI_MOST]


def options(params: Params, kinds_asked: list[str], *, of_session: bool, now: int) -> Row:
    """Return the options of the ways to pay, as Stripe shows them."""
    shown: Row = {}
    if "card" in kinds_asked:
        key = "payment_method_options[card][request_three_d_secure]"
        shown["card"] = {"request_three_d_secure": params.text(key, "automatic")}
        if not of_session:
            shown["card"] |= {"installments": None, "mandate_options": None, "network": None}
    if "konbini" in kinds_asked:
        shown["konbini"] = _konbini(params, of_session=of_session, now=now)
    if "paypay" in kinds_asked and not of_session:
        shown["paypay"] = {}
    return shown


def _konbini(params: Params, *, of_session: bool, now: int) -> Row:
    group = "payment_method_options[konbini]"
    days = params.whole(f"{group}[expires_after_days]")
    if days is not None and not 1 <= days <= 60:
        raise Problem("expires_after_days must be between 1 and 60.", param=f"{group}[expires_after_days]")
    if of_session:
        return {"expires_after_days": days}
    until = params.whole(f"{group}[expires_at]")
    if until is not None and not now + 1800 <= until <= now + 61 * 86_400:
        raise Problem("expires_at must be 30 minutes to 60 days ahead.", param=f"{group}[expires_at]")
    words = params.text(f"{group}[product_description]")
    if words and len(words) > _KONBINI_DESCRIPTION:
        raise Problem(
            f"product_description has at most {_KONBINI_DESCRIPTION} characters.",
            param=f"{group}[product_description]",
        )
    number = params.text(f"{group}[confirmation_number]")
    if number and not (number.isascii() and number.isdigit() and 10 <= len(number) <= 11):
        raise Problem("confirmation_number has 10 or 11 digits.", param=f"{group}[confirmation_number]")
    return {
        "confirmation_number": number,
        "expires_after_days": days,
        "expires_at": until,
        "product_description": words,
    }
