"""Payouts: what is available on an account's balance is transferred to its bank."""

from __future__ import annotations

from config.demo.fake_stripe import balance, listing, rows
from config.demo.fake_stripe.forms import Params, Problem, Row
from config.demo.fake_stripe.platform import Platform, Store

_DAYS_UNDER_WAY = 2


def pay_out(platform: Platform, store: Store) -> Row:
    """Transfer all that is available. Returns the payout. Raises Problem when that is nothing."""
    account = platform.accounts[store.id]
    lines = [
        row
        for row in store.transactions.values()
        if row["status"] == "available" and row["type"] != "payout" and row["id"] not in store.hidden
    ]
    yen = sum(row["net"] for row in lines)
    if yen <= 0 or not account["payouts_enabled"]:
        raise Problem(f"There is nothing to pay out on {store.id}.", code="balance_insufficient", kept=True)
    now = platform.now()
    payout: Row = {
        "id": rows.new_id("po"),
        "object": "payout",
        "amount": yen,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": now + _DAYS_UNDER_WAY * 86_400,
        "automatic": True,
        "balance_transaction": None,
        "created": now,
        "currency": "jpy",
        "description": "STRIPE PAYOUT",
        "destination": None,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "reconciliation_status": "completed",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "paid",
        "type": "bank_account",
    }
    store.payouts[payout["id"]] = payout
    payout["balance_transaction"] = balance.move(platform, store, "payout", payout["id"], -yen)
    for row in lines:
        store.hidden[row["id"]] = {"payout": payout["id"]}
    platform.emit(store, "payout.created", payout)
    platform.emit(store, "payout.paid", payout)
    return payout


def list_transactions(_platform: Platform, store: Store, params: Params, _name: str) -> Row:
    """List the movements of a balance, all or those of one payout."""
    found = listing.matching(store.transactions.values(), params, "currency", "source", "type")
    payout = params.text("payout")
    if payout:
        found = (
            row
            for row in found
            if row["source"] == payout or store.hidden.get(row["id"], {}).get("payout") == payout
        )
    return listing.page(found, params, "/v1/balance_transactions")
