"""Ways to pay of an account: which it has, and which amounts they take."""

from __future__ import annotations

from config.demo.fake_stripe.forms import Params, Problem, Row
from config.demo.fake_stripe.platform import Platform, Store

CAPABILITIES = {"card": "card_payments", "konbini": "konbini_payments", "paypay": "paypay_payments"}
LEAST, MOST = 50, 99_999_999
KONBINI_LEAST, KONBINI_MOST = 120, 300_000
_KONBINI_DESCRIPTION = 22
_ALLOWED = "allowed_payment_method_types"


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


def check_amount(amount: int, param: str) -> None:
    """Raise Problem for an amount that is too small or too large."""
    if amount < LEAST:
        raise Problem(f"The amount must be at least ¥{LEAST:,} jpy.", code="amount_too_small", param=param)
    if amount > MOST:
        raise Problem(f"The amount must be at most ¥{MOST:,} jpy.", code="amount_too_large", param=param)


def only_yen(params: Params, key: str) -> None:
    """Raise Problem for another currency: accounts here have yen only."""
    if params.needed(key).lower() != "jpy":
        raise Problem(f"Invalid currency: {params.text(key)}", param=key)


def kinds(
    platform: Platform, store: Store, params: Params, amount: int
) -> tuple[list[str], list[str] | None]:
    """Return the ways to pay that are offered, and those allowed by the call (None: all).

    Offered is what the account has, what takes this amount, and what is allowed. Raises Problem when none is left.
    """
    account = platform.accounts.get(store.id)
    allowed = params.words(_ALLOWED) or None
    offered = [
        kind
        for kind, capability in CAPABILITIES.items()
        if (account is None or account["capabilities"].get(capability) == "active")
        and (kind != "konbini" or KONBINI_LEAST <= amount <= KONBINI_MOST)
        and (allowed is None or kind in allowed)
    ]
    if not offered:
        raise Problem(
            "No payment method of this account is activated, allowed and takes this amount.", param=_ALLOWED
        )
    return offered, allowed


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
