"""Deciding that money goes back (還付決定): of which collection, by which route, and whether a second person agrees.

How it then reaches the payer is the route's business. What was collected is never given back twice: a refund belongs
to one collection, and the charge is locked while it is decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from accounts.actors import Actor
from payments.gateways import gateway
from payments.ledger import Kind, LockedCharge, enter, lock_by_id
from payments.models import LedgerEntry, Payee, Refund, Task
from payments.refunds.errors import RefundNotFound
from payments.refunds.news import news_of
from tenants.jobs import enqueue

State = Refund.State
Route = Refund.Route

# The job that carries a refund through a provider on (payments.jobs).
SEND_JOB = "payments.send_refund"
# The job that says in writing what was decided (payments.papers.about_refunds).
PAPERS_JOB = "payments.issue_refund_papers"

# Ways by which money arrives without the payer standing beside.
_UNSEEN = (Route.STRIPE, Route.BANK_TRANSFER)

# What is left of each collection, the latest first.
_LEFT = """
SELECT e.id, e.gateway, e.fiscal_year,
       e.yen - coalesce((SELECT sum(r.yen) FROM payments_refund r
                          WHERE r.source_id = e.id AND r.state <> 'withdrawn'), 0)::int
FROM payments_ledgerentry e
WHERE e.charge_id = %s AND e.kind = 'collected'
  AND NOT EXISTS (SELECT 1 FROM payments_ledgerentry c WHERE c.corrects_id = e.id)
ORDER BY e.id DESC
"""

_FIRST = {
    Route.DESK_CASH: State.READY,
    Route.STRIPE: State.READY,
    Route.BANK_TRANSFER: State.AWAITING_ACCOUNT,
    Route.CREDIT: State.READY,
}


@dataclass(frozen=True, slots=True)
class RefundDecision:
    """It was decided to give back ``yen``, as these refunds."""

    yen: int
    refunds: tuple[Refund, ...]


def decide_refund(
    charge: LockedCharge,
    yen: int,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    article: str = "",
    claim_until: date | None = None,
    by_rules: bool = False,
) -> RefundDecision:
    """Decide to give back ``yen`` of what a locked charge collected: of the latest collections first, each by the
    route its money came. Called in the transaction that decided it; never more than is left of the collections.

    ``claim_until``: the last local day on which the payer can say where to (``payments.refunds.claims``). ``by_rules``:
    the amount is the rules', whoever carried them out, so that nobody has to agree.
    """
    left, made = yen, list[Refund]()
    waits = not by_rules and _needs_second(charge, yen, actor)
    for source_id, key, year, remaining in collections_left(charge.id):
        part = min(left, remaining)
        if part <= 0:
            continue
        decision = enter(charge, Kind.REFUND_DECIDED, part, actor, now, memo=reason, of_year=year)
        route = Route(gateway(key).refund_route)
        state = State.AWAITING_APPROVAL if waits else first_state(route)
        made.append(
            Refund.objects.create(
                charge_id=charge.id,
                decision=decision,
                source_id=source_id,
                yen=part,
                route=route,
                state=state,
                reason=reason,
                article=article[:100],
                claim_until=claim_until,
                decided_by_kind=actor.kind,
                decided_by_id=actor.id,
                created_at=now,
                updated_at=now,
            )
        )
        left -= part
    for refund in made:
        start(refund)
    if made:
        enqueue(PAPERS_JOB, refund_id=made[0].pk)
    return RefundDecision(yen - left, tuple(made))


def give_back_surplus(
    charge: LockedCharge,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    article: str = "",
    claim_until: date | None = None,
    by_rules: bool = False,
) -> RefundDecision | None:
    """Decide as a refund what a locked charge collected beyond what it asks for; None where that is nothing."""
    surplus = charge.sums.collected - charge.sums.refund_decided - charge.sums.net
    if surplus <= 0:
        return None
    return decide_refund(
        charge,
        surplus,
        reason=reason,
        actor=actor,
        now=now,
        article=article,
        claim_until=claim_until,
        by_rules=by_rules,
    )


def collections_left(charge_id: int) -> Sequence[tuple[int, str, int, int]]:
    """Return what is left of each collection of a charge, the latest first: its entry's id, gateway and fiscal year,
    and the yen. Where something follows from it, with the charge locked.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [charge_id])
        rows: list[tuple[int, str, int, int]] = cursor.fetchall()
    return rows


def lock_refund(ref: UUID) -> tuple[Refund, LockedCharge]:
    """Lock the charge of a refund, then the refund; both as they are now. Raises RefundNotFound."""
    found = Refund.objects.filter(ref=ref).values_list("charge_id", flat=True).first()
    if found is None:
        raise RefundNotFound
    charge = lock_by_id(found)
    rows = Refund.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("source__attempt", "decision").get(ref=ref), charge


def withdraw(refund: Refund, charge: LockedCharge, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take the decision of a refund back (還付取消し): nothing of it is sent. Called with both locked.

    The money is then the municipality's again only if the caller also has the charge ask for it.
    """
    enter(
        charge,
        Kind.REFUND_WITHDRAWN,
        refund.yen,
        actor,
        now,
        memo=reason,
        corrects_id=refund.decision_id,
        of_year=refund.source.fiscal_year,
    )
    Refund.objects.filter(pk=refund.pk).update(
        state=State.WITHDRAWN, updated_at=now, failure="", bank_account=None, transfer_list=None
    )
    Task.objects.filter(refund_id=refund.pk, closed_at=None).update(closed_at=now)
    refund.state = State.WITHDRAWN


def keep_after_all(refund: Refund, charge: LockedCharge, *, reason: str, actor: Actor, now: datetime) -> None:
    """Withdraw a refund for good: the charge asks for that much again, and it is paid. Called with both locked."""
    withdraw(refund, charge, reason=reason, actor=actor, now=now)
    enter(charge, Kind.ASSESSED, refund.yen, actor, now, memo=reason)


def start(refund: Refund) -> None:
    """Let the worker carry a refund on that goes through a provider and waits for nobody."""
    if refund.route == Route.STRIPE and refund.state == State.READY:
        enqueue(SEND_JOB, refund_id=refund.pk)


def finish(
    refund: Refund, charge: LockedCharge, *, gateway_key: str, actor: Actor, now: datetime, memo: str = ""
) -> LedgerEntry:
    """Note that a refund has arrived (還付済). Called with its charge locked, and ``refund`` read under that lock."""
    entry = enter(
        charge,
        Kind.REFUNDED,
        refund.yen,
        actor,
        now,
        gateway=gateway_key,
        memo=memo,
        of_year=refund.source.fiscal_year,
    )
    Refund.objects.filter(pk=refund.pk).update(state=State.DONE, done_at=now, updated_at=now, failure="")
    Task.objects.filter(refund_id=refund.pk, closed_at=None).update(closed_at=now)
    if refund.route in _UNSEEN:
        news_of(refund)
    return entry


def _needs_second(charge: LockedCharge, whole_yen: int, actor: Actor) -> bool:
    """Whether a sum decided by one person is so large that it waits for a second one.

    What staff decided of the charge before, and nobody else agreed to, counts with it: dividing a sum does not make it
    small.
    """
    limit = Payee.objects.values_list("four_eyes_from_yen", flat=True).get(items=charge.item_id)
    if not actor.is_staff or limit is None:
        return False
    alone = Refund.objects.filter(charge_id=charge.id, decided_by_kind="staff", approved_by=None)
    before = alone.exclude(state=State.WITHDRAWN).aggregate(yen=Sum("yen"))["yen"] or 0
    return whole_yen + before >= limit


def first_state(route: Refund.Route) -> Refund.State:
    """Return how a refund that nobody has to agree to begins, by its route."""
    return _FIRST[route]
