"""Beginning to pay through a provider: the attempt is written down here, and the worker tells the provider.

Nothing outside is called. What becomes of an attempt is read from the provider (payments.online.settling).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from payments.dues import payable_amounts
from payments.errors import AlreadyPaid, AmountNotAccepted, ChargeNotFound
from payments.gateways.stripe import STRIPE
from payments.ledger import LockedCharge, lock_by_id
from payments.models import Attempt, AttemptCharge, Charge, Instalment, Payee
from payments.online.checkout_times import checkout_times
from payments.online.errors import NotThisWay, SeveralPayees
from payments.ways import LIMITS, online_ways
from tenants.context import current_schema, current_zone
from tenants.jobs import enqueue

State = Attempt.State

# The jobs that open an attempt at the provider, and close one nobody may pay any more (payments.jobs).
OPEN_JOB = "payments.open_attempt"
CLOSE_JOB = "payments.close_attempt"

UNDER_WAY = (State.WANTED, State.OPEN, State.VOUCHER_ISSUED)
# A page that closes so soon is not offered again.
_TOO_SOON = timedelta(minutes=2)


@transaction.atomic
def begin_attempt(
    *,
    charge_subjects: Sequence[UUID],
    way: str,
    return_url: str,
    actor: Actor,
    language: str,
    now: datetime,
    first_parts: bool = False,
) -> Attempt:
    """Write down that somebody wants to pay all that is due of these charges at once, and let the worker open it.

    ``first_parts``: of charges that are divided, only the part that is due first. ``way``: card, konbini or
    paypay; whether the halls allow it is the caller's to ask (payments.ways). ``{ref}`` in
    ``return_url`` becomes the attempt's. Asked again for the same while it is under way, the same attempt comes back;
    another way, or other charges, withdraws what is under way. Each charge has at most one live attempt.
    Raises ChargeNotFound, AlreadyPaid, SeveralPayees, NotThisWay, AmountNotAccepted, DueTooSoon.
    """
    charges = _locked(charge_subjects)
    parts = _parts(charges, first_parts)
    payee = _payee(charges)
    _check(payee, way, parts, now)
    live = list(_live(list(parts)))
    if len(live) == 1 and _is_the_same(live[0], parts, way, now):
        return live[0]
    for attempt in live:
        withdraw(attempt, now=now)
    attempt = Attempt.objects.create(
        payee=payee,
        gateway=STRIPE,
        way=way,
        yen=sum(parts.values()),
        account=payee.stripe_account,
        return_url=return_url,
        language=language,
        actor_kind=actor.kind,
        actor_id=actor.id,
        created_at=now,
        updated_at=now,
    )
    AttemptCharge.objects.bulk_create(
        AttemptCharge(attempt=attempt, charge_id=charge_id, yen=part) for charge_id, part in parts.items()
    )
    enqueue(OPEN_JOB, attempt_id=attempt.pk)
    return attempt


@transaction.atomic
def withdraw_attempts(*, charge_subjects: Sequence[UUID], now: datetime) -> int:
    """See to it that nobody pays these charges at a provider any more; return how many attempts are being closed.

    What was paid in the meantime is collected all the same, and goes back where nothing is due.
    """
    withdrawn = 0
    for charge in _locked(charge_subjects):
        withdrawn += withdraw_live(charge.id, now=now)
    return withdrawn


def withdraw_live(charge_id: int, *, now: datetime, but: int | None = None) -> int:
    """Withdraw the live attempts of a charge that is locked, other than ``but``: what is due has changed."""
    found = [attempt for attempt in _live([charge_id]) if attempt.pk != but]
    for attempt in found:
        withdraw(attempt, now=now)
    return len(found)


def withdraw(attempt: Attempt, *, now: datetime) -> None:
    """Mark a locked attempt as one nobody may pay any more, free its charges, and let the worker close it."""
    attempt.close_wanted_at, attempt.updated_at = now, now
    attempt.save(update_fields=["close_wanted_at", "updated_at"])
    AttemptCharge.objects.filter(attempt=attempt).update(live=False)
    enqueue(CLOSE_JOB, attempt_id=attempt.pk)


def lock_attempt(attempt_id: int) -> tuple[Attempt, list[LockedCharge]]:
    """Lock what an attempt pays, in ascending order, then the attempt itself; return both as they are now."""
    ids = AttemptCharge.objects.filter(attempt_id=attempt_id).order_by("charge_id")
    charges = [lock_by_id(charge_id) for charge_id in ids.values_list("charge_id", flat=True)]
    return Attempt.objects.select_for_update(no_key=True, of=("self",)).get(pk=attempt_id), charges


def mark_of(attempt_id: int) -> str:
    """Return our name for an attempt at the provider: the municipality's schema is in it."""
    return f"{current_schema()}:attempt:{attempt_id}"


def due_of(charge_ids: Sequence[int] | dict[int, int]) -> datetime | None:
    """Return the first moment too late for any of these charges; None where no day is written."""
    dues = Instalment.objects.filter(charge_id__in=list(charge_ids), lapsed_at=None, due_at__isnull=False)
    return dues.order_by("due_at").values_list("due_at", flat=True).first()


def _locked(subjects: Sequence[UUID]) -> list[LockedCharge]:
    ids = sorted(Charge.objects.filter(subject__in=subjects).values_list("pk", flat=True))
    if not ids or len(ids) != len(set(subjects)):
        raise ChargeNotFound
    return [lock_by_id(charge_id) for charge_id in ids]


def _parts(charges: Sequence[LockedCharge], first_parts: bool) -> dict[int, int]:
    """What is paid of each charge, in yen."""
    if not all(charge.sums.due for charge in charges):
        raise AlreadyPaid
    return {charge.id: payable_amounts(charge)[0 if first_parts else -1] for charge in charges}


def _payee(charges: Sequence[LockedCharge]) -> Payee:
    payees = list(Payee.objects.filter(items__in={charge.item_id for charge in charges}).distinct())
    if len(payees) != 1:
        raise SeveralPayees
    return payees[0]


def _check(payee: Payee, way: str, parts: dict[int, int], now: datetime) -> None:
    """Refuse what the payee's account, the way's limits or the due date do not allow."""
    if way not in online_ways(payee):
        raise NotThisWay
    if not LIMITS[way].accept(sum(parts.values())):
        raise AmountNotAccepted
    checkout_times(way, due_at=due_of(parts), now=now, zone=current_zone())


def _live(charge_ids: Sequence[int]) -> Sequence[Attempt]:
    ids = AttemptCharge.objects.filter(charge_id__in=charge_ids, live=True).values("attempt_id")
    return list(Attempt.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def _is_the_same(attempt: Attempt, parts: dict[int, int], way: str, now: datetime) -> bool:
    paid = dict(AttemptCharge.objects.filter(attempt=attempt).values_list("charge_id", "yen"))
    lasts = attempt.expires_at is None or attempt.expires_at > now + _TOO_SOON
    return attempt.state in UNDER_WAY and attempt.way == way and paid == parts and lasts
