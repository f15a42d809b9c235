"""Akiruno's canaries of what a provider told: news, a line of its books, a dispute, a day compared, a difference."""

from __future__ import annotations

from payments.models import (
    AccountWatch,
    Attempt,
    Difference,
    Dispute,
    Movement,
    ProviderEvent,
    Reconciliation,
)


def plant_provider(now):
    """Write a row of each for the attempt that was planted; returns the examples of addresses."""
    attempt = Attempt.objects.get(account="acct_canary")
    account, day = attempt.account, now.date()
    AccountWatch.objects.create(account=account, next_call_at=now)
    ProviderEvent.objects.create(
        event_id="evt_1",
        account=account,
        kind="checkout.session.completed",
        object_ref="cs_1",
        occurred_at=now,
        received_at=now,
        processed_at=now,
    )
    dispute = Dispute.objects.create(
        account=account, provider_ref="du_1", attempt=attempt, yen=100, state="lost", created_at=now
    )
    line = Movement.objects.create(
        account=account, ref="txn_1", kind="dispute", source_ref="du_1", yen=-100, at=now, dispute=dispute
    )
    figures = Reconciliation.objects.create(account=account, day=day, ran_at=now)
    found = Difference.objects.create(
        kind="not_here",
        cause="movement 1",
        account=account,
        day=day,
        yen_there=-100,
        yen_here=0,
        movement=line,
        attempt=attempt,
        found_at=now,
    )
    return {"reconciliation_id": [str(figures.pk)], "difference_id": [str(found.pk)]}
