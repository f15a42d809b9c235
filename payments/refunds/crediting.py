"""Credit (充当): what comes back of one charge pays another one of the same payer, and no money moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.actors import Actor
from payments.ledger import Kind, LockedCharge, enter, lock_by_id
from payments.models import AttemptCharge, Charge, LedgerEntry, Payee, Refund, Task
from payments.refunds.deciding import finish, first_state, lock_refund, withdraw
from payments.refunds.errors import CreditNotPossible, RefundMovedOn, RefundNotFound
from payments.refunds.rerouting import still_here
from tenants.jobs import enqueue

State = Refund.State
Route = Refund.Route
CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Credited:
    """So many yen of a refund paid another charge; what is left of it (``rest``) goes back as before."""

    yen: int
    rest: Refund | None


@transaction.atomic
def credit_refund(*, ref: UUID, to_subject: UUID, actor: Actor, now: datetime) -> Credited:
    """Pay another charge with a refund: refunded on the one, collected on the other, in one transaction.

    Only of the same payer and to the same payee, while nobody outside knows of the refund, and nobody is paying the
    other charge just now. What exceeds what is due there stays a refund.
    Raises RefundNotFound, RefundMovedOn, ClaimTooLate, CreditNotPossible, ChargeNotFound.
    """
    target = _lock_both(ref, to_subject)
    refund, charge = lock_refund(ref)
    still_here(refund, actor, now)
    if refund.state == State.AWAITING_APPROVAL:
        raise RefundMovedOn
    _fit(charge, target)
    yen = min(refund.yen, target.sums.due)
    refund, rest = (refund, None) if yen == refund.yen else split_refund(refund, charge, yen, actor, now)
    Refund.objects.filter(pk=refund.pk).update(
        route=Route.CREDIT, credited_to_id=target.id, bank_account=None
    )
    finish(refund, charge, gateway_key=CREDIT, actor=actor, now=now, memo=f"充当：{target.title}")
    enter(target, Kind.COLLECTED, yen, actor, now, gateway=CREDIT, memo=f"充当：{charge.title}")
    if yen == target.sums.due:
        enqueue(settings.CHARGE_SETTLED_JOB, subject=str(to_subject))
        overdue = Task.objects.filter(charge_id=target.id, kind=Task.Kind.OVERDUE, closed_at=None)
        overdue.update(closed_at=now)
    return Credited(yen, rest)


def split_refund(
    refund: Refund, charge: LockedCharge, yen: int, actor: Actor, now: datetime
) -> tuple[Refund, Refund]:
    """Make two refunds of one, the first of ``yen``: its decision is taken back and two are made. Both locked."""
    if not 0 < yen < refund.yen:
        raise CreditNotPossible
    account, route, whole = refund.bank_account, refund.route, refund.yen
    withdraw(refund, charge, reason="分けて返すため", actor=actor, now=now)
    parts = []
    for part in (yen, whole - yen):
        decision = enter(
            charge,
            Kind.REFUND_DECIDED,
            part,
            actor,
            now,
            memo=refund.reason,
            of_year=refund.source.fiscal_year,
        )
        parts.append(_again(refund, decision, part, now))
    first, rest = parts
    rest.state = first_state(Route(route))
    if route == Route.BANK_TRANSFER and account is not None:
        # Sealed for the row it stood in: it has to be said again for the new one.
        rest.state = State.AWAITING_ACCOUNT
    rest.save(update_fields=["state"])
    return first, rest


def _lock_both(ref: UUID, to_subject: UUID) -> LockedCharge:
    """Lock both charges in ascending order; return the one that is to be paid."""
    source = Refund.objects.filter(ref=ref).values_list("charge_id", flat=True).first()
    wanted = Charge.objects.filter(subject=to_subject).values_list("pk", flat=True).first()
    if source is None:
        raise RefundNotFound
    if wanted is None or wanted == source:
        raise CreditNotPossible
    locked = {one: lock_by_id(one) for one in sorted((source, wanted))}
    return locked[wanted]


def _fit(charge: LockedCharge, target: LockedCharge) -> None:
    payees = Payee.objects.filter(items__in=[charge.item_id, target.item_id]).distinct().count()
    if charge.payer != target.payer or payees != 1 or target.sums.due <= 0 or _being_paid(target.id):
        raise CreditNotPossible


def _being_paid(charge_id: int) -> bool:
    return AttemptCharge.objects.filter(charge_id=charge_id, live=True).exists()


def _again(refund: Refund, decision: LedgerEntry, yen: int, now: datetime) -> Refund:
    return Refund.objects.create(
        charge_id=refund.charge_id,
        decision=decision,
        source_id=refund.source_id,
        yen=yen,
        route=refund.route,
        state=State.READY,
        reason=refund.reason,
        article=refund.article,
        claim_until=refund.claim_until,
        decided_by_kind=refund.decided_by_kind,
        decided_by_id=refund.decided_by_id,
        approved_by_id=refund.approved_by_id,
        approved_at=refund.approved_at,
        created_at=now,
        updated_at=now,
    )
