"""By which way a refund goes back, while it can still be chosen, and the bank account it is transferred to."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.actors import Actor
from payments.models import Refund, Task
from payments.refunds.bank_accounts import BankAccount, sealed
from payments.refunds.deciding import first_state, lock_refund, start
from payments.refunds.errors import ClaimTooLate, RefundMovedOn, RouteNotPossible
from payments.years import today_at

State = Refund.State
Route = Refund.Route

# Nobody outside knows of it yet: the way can still be changed.
_AT_HOME = (State.READY, State.AWAITING_ACCOUNT, State.AWAITING_APPROVAL)
_AGREED = ("state", "approved_by", "approved_at", "decided_by_kind", "decided_by_id")
# How long the account of a refund is kept after it was transferred: as long as the bank may send it back.
KEEP_ACCOUNTS = timedelta(days=60)


@transaction.atomic
def change_route(*, ref: UUID, route: Refund.Route, actor: Actor, now: datetime) -> Refund:
    """Let a refund go another way: cash at the desk, a bank transfer, or back the way it was paid.

    What is on its way at a provider or a bank stays there. A payer only asks for a transfer, in time; the desk and
    the provider are staff's to choose; where two people agreed to it, a second one agrees again. Crediting another
    charge: ``payments.refunds.crediting``.
    Raises RefundNotFound, RefundMovedOn, RouteNotPossible, ClaimTooLate.
    """
    refund, _charge = lock_refund(ref)
    still_here(refund, actor, now)
    if route not in routes_of(refund) or not (actor.is_staff or route == Route.BANK_TRANSFER):
        raise RouteNotPossible
    if route == refund.route:
        return refund
    refund.route, refund.bank_account, refund.updated_at = route, None, now
    if refund.state != State.AWAITING_APPROVAL:
        refund.state = first_state(route)
    _agree_again(refund, actor)
    refund.save(update_fields=["route", "bank_account", "updated_at", *_AGREED])
    if route == Route.DESK_CASH:
        _failed_no_more(refund, now)
    start(refund)
    return refund


@transaction.atomic
def give_account(*, ref: UUID, account: BankAccount, actor: Actor, now: datetime) -> Refund:
    """Say to which account a refund is transferred; it is kept sealed, and waits for the treasurer's next list.

    The payer says it, or staff for them; then, where two people agreed to the refund, a second one agrees again. May be
    said anew until it is on a list.
    Raises RefundNotFound, RefundMovedOn, RouteNotPossible, ClaimTooLate.
    """
    refund, _charge = lock_refund(ref)
    still_here(refund, actor, now)
    if refund.route != Route.BANK_TRANSFER:
        raise RouteNotPossible
    refund.bank_account, refund.updated_at = sealed(account, refund_id=refund.pk), now
    if refund.state == State.AWAITING_ACCOUNT:
        refund.state = State.READY
    _agree_again(refund, actor)
    refund.save(update_fields=["bank_account", "updated_at", *_AGREED])
    _failed_no_more(refund, now)
    return refund


def routes_of(refund: Refund) -> tuple[Refund.Route, ...]:
    """Return the ways a refund could go, credit aside: through a provider only what came by it and did not fail."""
    through = refund.source.attempt_id is not None and refund.source.gateway == "stripe"
    usual = (Route.STRIPE,) if through and not refund.failure else ()
    return (*usual, Route.BANK_TRANSFER, Route.DESK_CASH)


def may_change(refund: Refund) -> bool:
    """Whether nobody outside knows of a refund yet."""
    return refund.state in _AT_HOME


def still_here(refund: Refund, actor: Actor, now: datetime) -> None:
    """Let pass where somebody can still say where a locked refund goes. Raises RefundMovedOn, ClaimTooLate."""
    if not may_change(refund):
        raise RefundMovedOn
    if not actor.is_staff and refund.claim_until and today_at(now) > refund.claim_until:
        raise ClaimTooLate


def forget_accounts(*, now: datetime) -> int:
    """Delete the accounts of refunds that were transferred long enough ago. Returns how many. May run twice."""
    old = Q(state=State.DONE, done_at__lt=now - KEEP_ACCOUNTS) | Q(state=State.WITHDRAWN)
    return Refund.objects.filter(old, bank_account__isnull=False).update(bank_account=None)


def _agree_again(refund: Refund, actor: Actor) -> None:
    """Where it goes is part of what two people agreed to: who changes it needs another one, as who decided it did."""
    if actor.is_staff and (refund.approved_by_id or refund.state == State.AWAITING_APPROVAL):
        refund.state, refund.approved_by, refund.approved_at = State.AWAITING_APPROVAL, None, None
        refund.decided_by_kind, refund.decided_by_id = actor.kind, actor.id


def _failed_no_more(refund: Refund, now: datetime) -> None:
    """What a clerk was to look at has found its way."""
    kinds = [Task.Kind.REFUND_FAILED, Task.Kind.REFUND_UNCLAIMED, Task.Kind.TRANSFER_RETURNED]
    Task.objects.filter(refund_id=refund.pk, kind__in=kinds, closed_at=None).update(closed_at=now)
