"""Test cards: which numbers are taken, declined, ask for the holder's consent, or make trouble later."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """A test card. ``decline``: why the bank says no; ``consent``: the holder must agree on a page of the bank.

    ``refund``: "pending" (settled some time later) or "fails" (goes well, and fails some time later);
    ``dispute``: the reason with which the holder objects as soon as they have paid.
    """

    brand: str
    decline: str = ""
    consent: bool = False
    refund: str = ""
    dispute: str = ""
    country: str = "JP"


CARDS = {
    "4242424242424242": Card("visa", country="US"),
    "4000003920000003": Card("visa"),
    "5555555555554444": Card("mastercard"),
    "3530111333300000": Card("jcb"),
    "4000000000000002": Card("visa", decline="generic_decline"),
    "4000000000009995": Card("visa", decline="insufficient_funds"),
    "4000000000009987": Card("visa", decline="lost_card"),
    "4000000000009979": Card("visa", decline="stolen_card"),
    "4000000000000069": Card("visa", decline="expired_card"),
    "4000000000000127": Card("visa", decline="incorrect_cvc"),
    "4000000000000119": Card("visa", decline="processing_error"),
    "4000002500003155": Card("visa", consent=True),
    "4000008400001629": Card("visa", consent=True, decline="generic_decline"),
    "4000000000007726": Card("visa", refund="pending"),
    "4000000000005126": Card("visa", refund="fails"),
    "4000000000000259": Card("visa", dispute="fraudulent"),
    "4000000000002685": Card("visa", dispute="product_not_received"),
}
TOKENS = {
    "pm_card_visa": "4242424242424242",
    "pm_card_jp": "4000003920000003",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_jcb": "3530111333300000",
    "pm_card_visa_chargeDeclined": "4000000000000002",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_threeDSecure2Required": "4000002500003155",
    "pm_card_pendingRefund": "4000000000007726",
    "pm_card_refundFail": "4000000000005126",
    "pm_card_createDispute": "4000000000000259",
}
_OWN_CODES = frozenset({"expired_card", "incorrect_cvc", "processing_error"})
_MESSAGES = {
    "insufficient_funds": "Your card has insufficient funds.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
}


def refusal_of(card: Card) -> tuple[str, str]:
    """Return the error code and the sentence with which a card is declined."""
    code = card.decline if card.decline in _OWN_CODES else "card_declined"
    return code, _MESSAGES.get(card.decline, "Your card was declined.")


def details_of(number: str) -> dict[str, object]:
    """Return what is told of a card."""
    card = CARDS[number]
    return {
        "brand": card.brand,
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": "fail" if card.decline == "incorrect_cvc" else "pass",
        },
        "country": card.country,
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": f"fake{number[-8:]}",
        "funding": "credit",
        "last4": number[-4:],
        "wallet": None,
    }
