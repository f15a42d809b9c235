"""The balance of an account: every movement of it, what Stripe keeps, and when the rest can be paid out."""

from __future__ import annotations

from config.demo.fake_stripe import rows
from config.demo.fake_stripe.forms import Row
from config.demo.fake_stripe.platform import Platform, Store

# What Stripe keeps of a payment, in thousandths, and at least how many yen.
FEES = {"card": (36, 0), "konbini": (36, 120), "paypay": (36, 0)}
DISPUTE_FEE = 1500
_DAYS_UNTIL_AVAILABLE = 4
_DAY = 86_400


def fee_of(kind: str, yen: int) -> int:
    """Return what Stripe keeps of a payment of ``yen``; halves go up."""
    thousandths, least = FEES[kind]
    return max((yen * thousandths + 500) // 1000, least)


def move(platform: Platform, store: Store, kind: str, source: str, yen: int, fee: int = 0) -> str:
    """Note a movement of the balance; return its id."""
    now = platform.now()
    row = rows.transaction(
        kind, source, yen, fee, available_on=now + _DAYS_UNTIL_AVAILABLE * _DAY if yen > 0 else now, now=now
    )
    if row["available_on"] <= now:
        row["status"] = "available"
    store.transactions[row["id"]] = row
    return str(row["id"])


def release(platform: Platform) -> None:
    """What has waited long enough becomes available."""
    now = platform.now()
    for store in platform.stores.values():
        for row in store.transactions.values():
            if row["status"] == "pending" and row["available_on"] <= now:
                row["status"] = "available"


def total(store: Store) -> int:
    """Return the balance in yen."""
    return sum(row["net"] for row in store.transactions.values())


def answer(store: Store) -> Row:
    """Return the balance as the API tells it."""
    sums = {
        status: sum(row["net"] for row in store.transactions.values() if row["status"] == status)
        for status in ("available", "pending")
    }
    return {
        "object": "balance",
        **{
            status: [{"amount": yen, "currency": "jpy", "source_types": {"card": yen}}]
            for status, yen in sums.items()
        },
        "livemode": False,
    }
