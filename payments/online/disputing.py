"""Payments their payer has taken back (チャージバック): a clerk answers for them, the ledger follows the money."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.actors import SYSTEM
from payments.gateways import checkout_gateway
from payments.gateways.base import GatewayDispute
from payments.gateways.stripe import STRIPE
from payments.ledger import Kind, LockedCharge, enter
from payments.models import Attempt, Dispute, LedgerEntry, Refund, Task
from payments.online.attempts import lock_attempt


def follow_dispute(*, account: str, ref: str, now: datetime) -> None:
    """Bring our books to what a dispute has done to the account, and tell a clerk. Raises ProviderFailure.

    Money the provider took: the collections are reversed, so the charges are due again. Money it gave back: collected
    again. Where a part was disputed, or some was refunded already, only the clerk can say which charge it is of.
    """
    found = checkout_gateway(STRIPE).read_dispute(account, ref)
    attempt = Attempt.objects.filter(account=account, payment_ref=found.payment_ref, state="paid").first()
    if attempt is not None and found.payment_ref:
        _follow(attempt.pk, found, now)


def dispute_memo(ref: str) -> str:
    """Return the memo of the ledger's entries about a dispute: it tells them from the payment's own."""
    return f"支払いへの異議（{ref}）"


@transaction.atomic
def _follow(attempt_id: int, found: GatewayDispute, now: datetime) -> None:
    attempt, charges = lock_attempt(attempt_id)
    dispute, _made = Dispute.objects.select_for_update().get_or_create(
        account=attempt.account,
        provider_ref=found.ref,
        defaults={"attempt": attempt, "yen": found.yen, "state": found.state, "created_at": now},
    )
    dispute.state = found.state[:30]
    if found.taken and dispute.taken_at is None:
        dispute.taken_at = now
        _take(attempt, charges, found, now)
    if found.returned and dispute.returned_at is None and dispute.taken_at:
        dispute.returned_at = now
        _give_back(attempt, charges, found, now)
    dispute.save(update_fields=["state", "taken_at", "returned_at"])
    _tell_clerk(attempt, found, now)


def _take(attempt: Attempt, charges: list[LockedCharge], found: GatewayDispute, now: datetime) -> None:
    """Reverse the collections of the whole payment, where nothing of them was given back."""
    taken = list(_collections(attempt).filter(corrected_by=None))
    given_back = Refund.objects.filter(source__in=taken).exists()
    if given_back or sum(entry.yen for entry in taken) != found.yen:
        return
    by_id = {charge.id: charge for charge in charges}
    for entry in taken:
        enter(
            by_id[entry.charge_id],
            Kind.REVERSED,
            entry.yen,
            SYSTEM,
            now,
            gateway=attempt.gateway,
            memo=dispute_memo(found.ref),
            attempt_id=attempt.pk,
            corrects_id=entry.pk,
            of_year=entry.fiscal_year,
        )


def _give_back(attempt: Attempt, charges: list[LockedCharge], found: GatewayDispute, now: datetime) -> None:
    """Collect again what was reversed for this dispute."""
    reversals = LedgerEntry.objects.filter(attempt=attempt, kind=Kind.REVERSED, memo=dispute_memo(found.ref))
    by_id = {charge.id: charge for charge in charges}
    for entry in reversals:
        enter(
            by_id[entry.charge_id],
            Kind.COLLECTED,
            entry.yen,
            SYSTEM,
            now,
            gateway=attempt.gateway,
            memo=dispute_memo(found.ref),
            attempt_id=attempt.pk,
        )


def _collections(attempt: Attempt) -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(attempt=attempt, kind=Kind.COLLECTED).order_by("charge_id")


def _tell_clerk(attempt: Attempt, found: GatewayDispute, now: datetime) -> None:
    first = attempt.parts.order_by("charge_id").first()
    facts = {"yen": found.yen, "code": found.state}
    task, made = Task.objects.get_or_create(
        kind=Task.Kind.DISPUTE,
        cause=found.ref[:120],
        defaults={
            "charge_id": first.charge_id if first else None,
            "attempt": attempt,
            "facts": facts,
            "opened_at": now,
        },
    )
    if not made and task.facts != facts:
        Task.objects.filter(pk=task.pk).update(facts=facts)
