"""Stripe's books beside ours: each payment and each refund there is exactly one here, and the yen are the same."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Sum

from payments.models import Attempt, AttemptCharge, Difference, LedgerEntry, Refund
from payments.online.attempts import UNDER_WAY

TOKYO = ZoneInfo("Asia/Tokyo")
# How a refund here may stand while the one there stands so.
STANDS = {
    "succeeded": {"done"},
    "pending": {"pending", "sending"},
    "requires_action": {"payer_action"},
    "failed": {"awaiting_account", "awaiting_approval", "ready", "done"},
}


def at_home(moment: int) -> date:
    """The municipality's day of a moment of Stripe's."""
    return datetime.fromtimestamp(moment, TOKYO).date()


def compare_with_stripe(store: Any) -> Counter[str]:
    """Compare an account's books with the ledger; return how many of each there were."""
    assert not Attempt.objects.filter(state__in=UNDER_WAY).exists(), "everything is over"
    assert not AttemptCharge.objects.filter(live=True).exists()
    payments = _compare_payments(store)
    refunds = _compare_refunds(store)
    _compare_balance(store)
    assert not Difference.objects.filter(closed_at=None).exists(), list(Difference.objects.values())
    return Counter({"payments at Stripe": payments, "refunds at Stripe": refunds})


def _compare_payments(store: Any) -> int:
    paid = {
        charge["payment_intent"]: charge
        for charge in store.charges.values()
        if charge["status"] == "succeeded"
    }
    attempts = {one.payment_ref: one for one in Attempt.objects.filter(state="paid")}
    assert set(paid) == set(attempts), "what was paid there is paid here, and nothing else"
    for ref, charge in paid.items():
        attempt = attempts[ref]
        assert charge["amount"] == attempt.yen == sum(part.yen for part in attempt.parts.all())
        booked = LedgerEntry.objects.filter(attempt=attempt, kind="collected")
        bounced = Refund.objects.filter(source__attempt=attempt).exclude(bounced_at=None)
        assert _yen(booked) == attempt.yen + _yen(bounced), "collected once"
    return len(paid)


def _compare_refunds(store: Any) -> int:
    ours = {one.provider_ref: one for one in Refund.objects.exclude(provider_ref="")}
    assert set(ours) == set(store.refunds), "each refund there was decided here, once"
    for ref, refund in store.refunds.items():
        here = ours[ref]
        assert here.yen == refund["amount"]
        assert here.state in STANDS[refund["status"]], (here.state, refund["status"])
        if refund["status"] == "failed":
            assert here.route == "bank_transfer" or here.bounced_at, "what failed goes another way"
    return len(ours)


def _compare_balance(store: Any) -> None:
    """Collected less refunded is what lies in the account, but for refunds that are on their way."""
    gross = sum(line["amount"] for line in store.transactions.values())
    entries = LedgerEntry.objects.filter(gateway="stripe")
    kept = _yen(entries.filter(kind="collected")) - _yen(entries.filter(kind__in=["refunded", "reversed"]))
    on_the_way = sum(
        refund["amount"]
        for refund in store.refunds.values()
        if refund["status"] in {"pending", "requires_action"} and refund["balance_transaction"]
    )
    assert gross == kept - on_the_way


def _yen(rows: Any) -> int:
    return int(rows.aggregate(yen=Sum("yen"))["yen"] or 0)
