"""Refunds that go back the way the money came: asked for at the provider, followed until they arrive, or fail.

As with attempts: no provider is called inside a transaction, and every step may be done again. A refund that fails
becomes a bank transfer and a clerk's task; what was decided stays decided. Nothing is given back twice: where the
provider says the payer may have it already, a person agrees first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.actors import SYSTEM
from accounts.models import Resident
from payments.gateways import checkout_gateway
from payments.gateways.base import (
    GatewayRefund,
    ProviderBroken,
    ProviderBusy,
    ProviderRefused,
    RefundOrder,
)
from payments.ledger import Kind, LockedCharge, enter, lock_by_id
from payments.models import Attempt, Refund, Task
from payments.online.pace import hold_calls, next_call
from payments.online.settling import KEY_LASTS
from payments.refunds.deciding import SEND_JOB, finish, give_back_surplus
from payments.refunds.news import news_of
from tenants.context import current_schema
from tenants.jobs import enqueue

State = Refund.State
Route = Refund.Route

_AT_ONCE = timedelta(seconds=1)
_SENT = (State.SENDING, State.PENDING, State.PAYER_ACTION)
# The account has no money for it just now: tried again later, and a person hears of it.
_NO_MONEY = {"insufficient_funds", "balance_insufficient"}
_AGAIN_AFTER = timedelta(hours=6)
# The payer may have the money already: given back by hand at the provider, or taken back by their bank. Without a code
# more was asked for than is left of the payment.
_PERHAPS_BACK = {"charge_already_refunded", "charge_disputed", "InvalidRequestError"}


@dataclass(frozen=True, slots=True)
class _Ready:
    refund: Refund
    gateway: str
    order: RefundOrder


def refund_mark(refund_id: int) -> str:
    """Return our name for a refund at the provider."""
    return f"{current_schema()}:refund:{refund_id}"


def send_refund(*, refund_id: int, now: datetime, in_turn: bool = False) -> None:
    """Ask the provider for a refund that is ready, and write down how far it is.

    Raises ProviderFailure where it is to be tried again.
    """
    account = _account(refund_id)
    if account is None:
        return
    if not in_turn:
        turn = next_call(account, now=now)
        if turn > now + _AT_ONCE:
            enqueue(SEND_JOB, at=turn, refund_id=refund_id, in_turn=True)
            return
    ready = _make_ready(refund_id, now)
    if ready is None:
        return
    try:
        found = _asked(ready, now)
    except ProviderRefused as refused:
        _refused(refund_id, refused.code, now)
        return
    follow_refund(refund_id, found, now=now)


def look_at_refund(*, refund_id: int, now: datetime) -> None:
    """Read a refund as it is at the provider now, and follow it. Raises ProviderFailure."""
    refund = Refund.objects.select_related("source__attempt").get(pk=refund_id)
    attempt = refund.source.attempt
    if attempt is None or not refund.provider_ref:
        send_refund(refund_id=refund_id, now=now)
        return
    found = checkout_gateway(attempt.gateway).read_refund(attempt.account, refund.provider_ref)
    follow_refund(refund_id, found, now=now)


@transaction.atomic
def follow_refund(refund_id: int, found: GatewayRefund, *, now: datetime) -> None:
    """Bring a refund to what it is at the provider: arrived, on its way, waiting for the payer, or failed.

    One that fails after it had arrived is money that came in again: collected, and decided again as a transfer.
    """
    refund, charge = _locked(refund_id)
    if found.mark != refund_mark(refund_id) or found.yen != refund.yen:
        return
    if refund.state == State.DONE:
        if found.state == "failed" and refund.bounced_at is None and refund.provider_ref == found.ref:
            _bounce(refund, charge, found, now)
        return
    if refund.state not in _SENT:
        return
    Refund.objects.filter(pk=refund_id).update(provider_ref=found.ref)
    if found.state == "done":
        attempt = refund.source.attempt
        assert attempt is not None  # noqa: S101 (it was sent by its gateway)
        finish(refund, charge, gateway_key=attempt.gateway, actor=SYSTEM, now=now)
    elif found.state == "failed":
        _by_transfer(refund, found.failure, now)
    else:
        state = State.PAYER_ACTION if found.state == "payer_action" else State.PENDING
        Refund.objects.filter(pk=refund_id).update(state=state, updated_at=now)


def _account(refund_id: int) -> str | None:
    """The account a refund goes out of, if it is to be sent at all."""
    refund = Refund.objects.select_related("source__attempt").get(pk=refund_id)
    if refund.route != Route.STRIPE or refund.state not in (State.READY, State.SENDING):
        return None
    return refund.source.attempt.account if refund.source.attempt else ""


@transaction.atomic
def _make_ready(refund_id: int, now: datetime) -> _Ready | None:
    """Note that the provider may know of it from now on; None: it is not to be sent (any more)."""
    refund, _charge = _locked(refund_id)
    if refund.route != Route.STRIPE or refund.state not in (State.READY, State.SENDING):
        return None
    attempt = refund.source.attempt
    if attempt is None or not attempt.payment_ref:
        _by_transfer(refund, "no_payment", now)
        return None
    email = _payer_email(attempt) if attempt.way == "konbini" else ""
    if attempt.way == "konbini" and not email:
        # The provider asks the payer by mail for an account; without an address the payer is asked here.
        Refund.objects.filter(pk=refund_id).update(
            route=Route.BANK_TRANSFER, state=State.AWAITING_ACCOUNT, updated_at=now
        )
        news_of(refund)
        return None
    refund.state, refund.updated_at = State.SENDING, now
    refund.sent_at, refund.tries = refund.sent_at or now, refund.tries + 1
    refund.save(update_fields=["state", "updated_at", "sent_at", "tries"])
    mark = refund_mark(refund_id)
    return _Ready(
        refund,
        attempt.gateway,
        RefundOrder(
            mark=mark,
            key=f"{mark}:{refund.key_number}" if refund.key_number else mark,
            account=attempt.account,
            payment_ref=attempt.payment_ref,
            yen=refund.yen,
            payer_email=email,
        ),
    )


def _asked(ready: _Ready, now: datetime) -> GatewayRefund:
    """Ask for the refund by its key; where the key may be forgotten, look for it first."""
    refund, order, provider = ready.refund, ready.order, checkout_gateway(ready.gateway)
    if refund.sent_at and now - refund.sent_at > KEY_LASTS:
        found = provider.find_refund(order.account, order.payment_ref, order.mark)
        if found is not None:
            return found
    try:
        return provider.refund(order)
    except ProviderBusy as busy:
        hold_calls(order.account, until=now + timedelta(seconds=busy.seconds))
        raise
    except (ProviderBroken, ProviderRefused) as failure:
        # It may have been done: by an earlier call whose answer never came, or by this one.
        found = provider.find_refund(order.account, order.payment_ref, order.mark)
        if found is None:
            if isinstance(failure, ProviderBroken):
                Refund.objects.filter(pk=refund.pk).update(key_number=refund.key_number + 1)
            raise
        return found


@transaction.atomic
def _refused(refund_id: int, code: str, now: datetime) -> None:
    """The provider will not: for want of money it is tried again later, else it goes by transfer."""
    refund, _charge = _locked(refund_id)
    if refund.state != State.SENDING:
        return
    if code not in _NO_MONEY:
        _by_transfer(refund, code, now)
        return
    Refund.objects.filter(pk=refund_id).update(
        state=State.READY, failure=code[:200], key_number=refund.key_number + 1, updated_at=now
    )
    _tell_clerk(refund, Task.Kind.ACCOUNT_TROUBLE, code, now)
    enqueue(SEND_JOB, at=now + _AGAIN_AFTER, refund_id=refund_id)


def _by_transfer(refund: Refund, failure: str, now: datetime) -> None:
    """Let it go by transfer; where the payer may have the money already, only once a person has looked and agreed."""
    state = State.AWAITING_APPROVAL if failure in _PERHAPS_BACK else State.AWAITING_ACCOUNT
    Refund.objects.filter(pk=refund.pk).update(
        route=Route.BANK_TRANSFER, state=state, failure=failure[:200], updated_at=now
    )
    _tell_clerk(refund, Task.Kind.REFUND_FAILED, failure, now)
    news_of(refund)


def _bounce(refund: Refund, charge: LockedCharge, found: GatewayRefund, now: datetime) -> None:
    """What had arrived came back: it is in the account again, and still the payer's."""
    attempt = refund.source.attempt
    assert attempt is not None  # noqa: S101 (it was sent by its gateway)
    Refund.objects.filter(pk=refund.pk).update(bounced_at=now, failure=found.failure[:200], updated_at=now)
    memo = f"返金が戻った（{found.ref}）"
    enter(
        charge,
        Kind.COLLECTED,
        refund.yen,
        SYSTEM,
        now,
        gateway=attempt.gateway,
        memo=memo,
        attempt_id=attempt.pk,
    )
    back = give_back_surplus(
        lock_by_id(charge.id), reason=refund.reason, actor=SYSTEM, now=now, article=refund.article
    )
    for again in back.refunds if back else ():
        if again.route == Route.STRIPE and again.state == State.READY:
            _by_transfer(again, found.failure, now)


def _tell_clerk(refund: Refund, kind: Task.Kind, code: str, now: datetime) -> None:
    Task.objects.get_or_create(
        kind=kind,
        cause=f"refund {refund.pk}",
        defaults={
            "charge_id": refund.charge_id,
            "attempt_id": refund.source.attempt_id,
            "refund": refund,
            "facts": {"yen": refund.yen, "code": code},
            "opened_at": now,
        },
    )


def _locked(refund_id: int) -> tuple[Refund, LockedCharge]:
    """Lock the charge of a refund, then the refund; both as they are now."""
    charge = lock_by_id(Refund.objects.values_list("charge_id", flat=True).get(pk=refund_id))
    refund = (
        Refund.objects.select_for_update(no_key=True, of=("self",))
        .select_related("source__attempt", "decision")
        .get(pk=refund_id)
    )
    return refund, charge


def _payer_email(attempt: Attempt) -> str:
    """The mail address of who paid, as far as we know them."""
    if attempt.actor_kind != "resident":
        return ""
    found = Resident.objects.filter(pk=attempt.actor_id).values_list("user__email", "email").first()
    return next((mail for mail in found or () if mail), "")
