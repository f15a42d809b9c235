"""What becomes of an attempt: opened at the provider, read as it is there, collected once, closed.

No provider is called inside a transaction, and nothing is believed but what was just read there. Every step may be done
again: after a crash, by a second worker, because of the same news ten times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.actors import SYSTEM
from payments.gateways import checkout_gateway
from payments.gateways.base import (
    Checkout,
    CheckoutOrder,
    ProviderBroken,
    ProviderBusy,
    ProviderRefused,
)
from payments.models import Attempt, AttemptCharge, Task
from payments.online.attempts import CLOSE_JOB, OPEN_JOB, UNDER_WAY, due_of, lock_attempt, mark_of, withdraw
from payments.online.checkout_times import checkout_times
from payments.online.errors import DueTooSoon
from payments.online.pace import hold_calls, next_call
from payments.services import collect_through
from tenants.context import current_zone
from tenants.jobs import enqueue

State = Attempt.State

# Providers keep a key about a day; after that, what we asked for is looked for before it is asked for again.
KEY_LASTS = timedelta(hours=23)
# Shorter than a second is not worth another job.
_AT_ONCE = timedelta(seconds=1)
_CLOCKS_DIFFER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Ready:
    """An attempt that may be sent to the provider, and the order as it was frozen when it was sent first."""

    attempt: Attempt
    order: CheckoutOrder


def open_attempt(*, attempt_id: int, now: datetime, in_turn: bool = False) -> None:
    """Make the checkout of a wanted attempt at its provider, and write down where it can be paid.

    What it replaces is closed first. In a rush it waits its turn (``in_turn``: it has). Raises ProviderFailure
    where it is to be tried again.
    """
    attempt = Attempt.objects.get(pk=attempt_id)
    if attempt.state != State.WANTED:
        return
    if not in_turn:
        turn = next_call(attempt.account, now=now)
        if turn > now + _AT_ONCE:
            enqueue(OPEN_JOB, at=turn, attempt_id=attempt_id, in_turn=True)
            return
    for replaced in _replaced_by(attempt):
        close_attempt(attempt_id=replaced, now=now)
    ready = _make_ready(attempt_id, now)
    if ready is None:
        return
    try:
        checkout = _asked(ready, now)
    except ProviderRefused as refused:
        _end_unopened(attempt_id, State.FAILED, refused.code, now)
        return
    if checkout is None:
        _end_unopened(attempt_id, State.EXPIRED, "", now)
        return
    settle(attempt_id, checkout, now=now)


def look_at_attempt(*, attempt_id: int, now: datetime) -> None:
    """Read an attempt's checkout as it is now, and follow it. Raises ProviderFailure."""
    attempt = Attempt.objects.get(pk=attempt_id)
    if attempt.close_wanted_at and attempt.state in UNDER_WAY:
        close_attempt(attempt_id=attempt_id, now=now)
    elif attempt.provider_ref:
        checkout = checkout_gateway(attempt.gateway).read(attempt.account, attempt.provider_ref)
        settle(attempt_id, checkout, now=now)
    elif attempt.state == State.WANTED:
        open_attempt(attempt_id=attempt_id, now=now)


def close_attempt(*, attempt_id: int, now: datetime, withdraw_first: bool = False) -> None:
    """Close an attempt at its provider that was withdrawn, and follow what it is then: it may have been paid.

    ``withdraw_first``: its due date is now, and its page could not be made to close so early. Raises ProviderFailure.
    """
    if withdraw_first:
        _withdraw(attempt_id, now)
    attempt = Attempt.objects.get(pk=attempt_id)
    if attempt.state not in UNDER_WAY or attempt.close_wanted_at is None:
        return
    provider = checkout_gateway(attempt.gateway)
    ref = attempt.provider_ref
    if not ref:
        if _end_unsent(attempt_id, now):
            return
        # The provider may have made it, and we stopped before we wrote that down.
        try:
            found = _asked(_Ready(attempt, _order(attempt)), now)
        except ProviderRefused:
            found = None
        if found is None:
            _end_unopened(attempt_id, State.EXPIRED, "", now)
            return
        ref = found.ref
    settle(attempt_id, provider.close(attempt.account, ref), now=now)


@transaction.atomic
def settle(attempt_id: int, checkout: Checkout, *, now: datetime) -> None:
    """Bring an attempt to what its checkout is at the provider. Paid: every part of it is collected, once."""
    attempt, _charges = lock_attempt(attempt_id)
    attempt.looked_at = now
    if attempt.state == State.PAID or checkout.mark != mark_of(attempt_id):
        attempt.save(update_fields=["looked_at"])
        return
    attempt.provider_ref = checkout.ref
    attempt.payment_ref = checkout.payment_ref or attempt.payment_ref
    attempt.charge_ref = checkout.charge_ref or attempt.charge_ref
    attempt.url = checkout.url
    attempt.expires_at = checkout.expires_at
    attempt.failure = checkout.failure[:100]
    if checkout.voucher:
        attempt.voucher = dict(checkout.voucher)
    if checkout.state == "paid":
        _collect(attempt, checkout, now)
    if attempt.state != checkout.state:
        attempt.updated_at = now
    attempt.state = State(checkout.state)
    attempt.paid_at = now if attempt.state == State.PAID else None
    attempt.save()
    if attempt.state not in UNDER_WAY:
        AttemptCharge.objects.filter(attempt=attempt).update(live=False)


def _collect(attempt: Attempt, checkout: Checkout, now: datetime) -> None:
    """Book what was paid on each charge. Another amount than ours cannot be; if it is, a person looks."""
    if checkout.yen != attempt.yen:
        Task.objects.get_or_create(
            kind=Task.Kind.DIFFERENCE,
            cause=f"attempt {attempt.pk}",
            defaults={
                "attempt": attempt,
                "facts": {"yen_there": checkout.yen, "yen_here": attempt.yen},
                "opened_at": now,
            },
        )
    for part in attempt.parts.order_by("charge_id"):
        collect_through(
            charge_id=part.charge_id,
            yen=part.yen,
            gateway_key=attempt.gateway,
            actor=SYSTEM,
            now=now,
            attempt_id=attempt.pk,
        )


def _replaced_by(attempt: Attempt) -> list[int]:
    """Withdrawn attempts of the same charges that the provider may still take money for."""
    charges = attempt.parts.values("charge_id")
    found = Attempt.objects.filter(
        parts__charge_id__in=charges, close_wanted_at__isnull=False, state__in=UNDER_WAY
    ).exclude(pk=attempt.pk)
    return list(found.distinct().values_list("pk", flat=True))


@transaction.atomic
def _make_ready(attempt_id: int, now: datetime) -> _Ready | None:
    """Freeze how long it may be paid and note that the provider may know of it from now on; None: it is over."""
    attempt, charges = lock_attempt(attempt_id)
    if attempt.state != State.WANTED or attempt.close_wanted_at:
        return None
    if attempt.sent_at is None:
        parts = {part.charge_id: part.yen for part in attempt.parts.all()}
        # What changes a charge withdraws its attempts; this is only the last look before the provider hears of it.
        if any(charge.sums.due < parts[charge.id] for charge in charges):
            _end(attempt, State.EXPIRED, "", now)
            return None
        due_at = due_of(parts)
        try:
            times = checkout_times(attempt.way, due_at=due_at, now=now, zone=current_zone())
        except DueTooSoon:
            _end(attempt, State.EXPIRED, "", now)
            return None
        attempt.sent_at = now
        attempt.expires_at, attempt.voucher = times.expires_at, {"days": times.voucher_days}
        attempt.save()
        if due_at is not None and due_at < times.expires_at:
            enqueue(CLOSE_JOB, at=due_at, attempt_id=attempt.pk, withdraw_first=True)
    return _Ready(attempt, _order(attempt))


def _order(attempt: Attempt) -> CheckoutOrder:
    """The same attempt gives the same order, whenever it is made: the key would refuse another."""
    mark = mark_of(attempt.pk)
    titles = list(attempt.parts.order_by("charge_id").values_list("charge__title", flat=True)[:2])
    title = titles[0] if len(titles) == 1 else f"{titles[0]} ほか"
    assert attempt.expires_at is not None  # noqa: S101 (frozen with sent_at)
    return CheckoutOrder(
        mark=mark,
        key=f"{mark}:{attempt.key_number}" if attempt.key_number else mark,
        account=attempt.account,
        way=attempt.way,
        yen=attempt.yen,
        title=title,
        return_url=attempt.return_url.replace("{ref}", str(attempt.ref)),
        language=attempt.language,
        expires_at=attempt.expires_at,
        voucher_days=int(attempt.voucher.get("days", 0)),
    )


def _asked(ready: _Ready, now: datetime) -> Checkout | None:
    """Ask for the checkout by its key, or, where the key may be forgotten, look for it; None: there is none."""
    attempt, order = ready.attempt, ready.order
    provider, since = checkout_gateway(attempt.gateway), attempt.sent_at or now
    if now - since > KEY_LASTS:
        return provider.find(order.account, order.mark, since=since - _CLOCKS_DIFFER, until=now)
    try:
        return provider.open(order)
    except ProviderBusy as busy:
        hold_calls(order.account, until=now + timedelta(seconds=busy.seconds))
        raise
    except ProviderBroken:
        # The key would repeat this answer: what it did is looked for, and if it did nothing, another key is used.
        found = provider.find(
            order.account, order.mark, since=since - _CLOCKS_DIFFER, until=now + _CLOCKS_DIFFER
        )
        if found is None:
            Attempt.objects.filter(pk=attempt.pk).update(key_number=attempt.key_number + 1)
            raise
        return found


@transaction.atomic
def _withdraw(attempt_id: int, now: datetime) -> None:
    attempt, _charges = lock_attempt(attempt_id)
    if attempt.state in UNDER_WAY and attempt.close_wanted_at is None:
        withdraw(attempt, now=now)


@transaction.atomic
def _end_unsent(attempt_id: int, now: datetime) -> bool:
    """End an attempt the provider cannot know of; whether it was one."""
    attempt, _charges = lock_attempt(attempt_id)
    if attempt.sent_at is None and attempt.state == State.WANTED:
        _end(attempt, State.EXPIRED, "", now)
        return True
    return False


@transaction.atomic
def _end_unopened(attempt_id: int, state: Attempt.State, failure: str, now: datetime) -> None:
    """End an attempt that has no checkout at the provider."""
    attempt, _charges = lock_attempt(attempt_id)
    if attempt.state != State.WANTED or attempt.provider_ref:
        return
    _end(attempt, state, failure, now)
    if state == State.FAILED:
        Task.objects.get_or_create(
            kind=Task.Kind.ACCOUNT_TROUBLE,
            cause=f"{attempt.account} {failure}"[:120],
            defaults={"attempt": attempt, "facts": {"code": failure}, "opened_at": now},
        )


def _end(attempt: Attempt, state: Attempt.State, failure: str, now: datetime) -> None:
    attempt.state, attempt.failure, attempt.updated_at = state, failure[:100], now
    attempt.save(update_fields=["state", "failure", "updated_at"])
    AttemptCharge.objects.filter(attempt=attempt).update(live=False)
