"""Our ledger against a provider's books, day by day and to the yen: what differs becomes a row with its reason.

The provider's lines are copied once (``Movement``) and matched with our attempts, refunds and disputes, whenever they
were booked here: a payment at 23:59 that we booked at 00:01 is the same payment. Only what has no partner, or another
amount, differs. It is closed by itself when the partner turns up, or by a person with an explanation.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum

from payments.gateways import checkout_gateway
from payments.gateways.base import GatewayMovement, ProviderFailure
from payments.gateways.stripe import STRIPE
from payments.models import Attempt, Difference, Dispute, LedgerEntry, Movement, Reconciliation, Refund, Task
from payments.online.disputing import dispute_memo
from payments.online.errors import ExplanationNeeded, NoSuchDifference
from payments.online.looking import accounts_here
from tenants.context import current_zone

RECONCILE_JOB = "payments.reconcile_day"
Kind = Movement.Kind

_log = logging.getLogger("machinoma.payments")
# Days looked at each night: what was late yesterday has its partner today.
_DAYS = 3
_MOST_EXPLANATION = 2000
# What needs no partner here: the provider's own business with the account.
_NO_PARTNER = (Kind.FEE, Kind.PAYOUT)


def reconcile_last_days(*, now: datetime) -> None:
    """Compare the last days of every account. One that cannot be reached is compared the next night."""
    today = now.astimezone(current_zone()).date()
    for account in accounts_here():
        for back in range(_DAYS, 0, -1):
            try:
                reconcile(account=account, day=today - timedelta(days=back), now=now)
            except ProviderFailure as failure:
                _log.warning("provider_failed", extra={"kind": type(failure).__name__, "what": "balance"})
                break


def reconcile(*, account: str, day: date, now: datetime) -> Reconciliation:
    """Compare one local day of an account with our ledger, and keep the figures and what differs.

    Raises ProviderFailure.
    """
    start, end = _bounds(day)
    lines = checkout_gateway(STRIPE).movements(account, start, end)
    with transaction.atomic():
        for line in lines:
            _keep(account, line)
        _match(account)
        done = _figures(account, day, now)
        _find_differences(account, day, now)
        _close_settled(account, now)
    return done


@transaction.atomic
def explain(*, difference_id: int, explanation: str, staff_id: int, now: datetime) -> Difference:
    """Close a difference with a person's explanation. Raises NoSuchDifference, ExplanationNeeded."""
    text = explanation.strip()[:_MOST_EXPLANATION]
    found = Difference.objects.select_for_update().filter(pk=difference_id, closed_at=None).first()
    if found is None:
        raise NoSuchDifference
    if not text:
        raise ExplanationNeeded
    found.explanation, found.closed_by_id, found.closed_at = text, staff_id, now
    found.save(update_fields=["explanation", "closed_by", "closed_at"])
    _close_task(found, now, staff_id)
    return found


def day_of(text: str) -> date:
    """Return the day a job names."""
    return date.fromisoformat(text)


def _bounds(day: date) -> tuple[datetime, datetime]:
    zone = current_zone()
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def _keep(account: str, line: GatewayMovement) -> None:
    Movement.objects.get_or_create(
        account=account,
        ref=line.ref,
        defaults={
            "kind": line.kind,
            "source_ref": line.source_ref,
            "yen": line.yen,
            "fee_yen": line.fee_yen,
            "at": line.at,
        },
    )


def _match(account: str) -> None:
    """Find the partner of every line that has none yet."""
    alone = Movement.objects.filter(account=account, attempt=None, refund=None, dispute=None)
    for line in alone.exclude(kind__in=[*_NO_PARTNER, Kind.OTHER]):
        if line.kind == Kind.PAYMENT:
            line.attempt = Attempt.objects.filter(account=account, charge_ref=line.source_ref).first()
        elif line.kind in (Kind.REFUND, Kind.REFUND_BACK):
            line.refund = Refund.objects.filter(
                source__attempt__account=account, provider_ref=line.source_ref
            ).first()
        elif line.kind in (Kind.DISPUTE, Kind.DISPUTE_BACK):
            line.dispute = Dispute.objects.filter(account=account, provider_ref=line.source_ref).first()
        line.save(update_fields=["attempt", "refund", "dispute"])


def _figures(account: str, day: date, now: datetime) -> Reconciliation:
    lines = list(_of_day(account, day))
    payments = [line for line in lines if line.kind == Kind.PAYMENT]
    refunds = [line for line in lines if line.kind in (Kind.REFUND, Kind.REFUND_BACK)]
    disputes = [line for line in lines if line.kind in (Kind.DISPUTE, Kind.DISPUTE_BACK)]
    under_way = sum(line.refund.yen for line in refunds if line.refund and _is_under_way(line))
    done, _made = Reconciliation.objects.update_or_create(
        account=account,
        day=day,
        defaults={
            "ran_at": now,
            "payments_there": _yen(payments),
            "payments_here": _booked_yen(payments),
            "refunds_there": -_yen(refunds),
            "refunds_here": -_booked_yen(refunds) - under_way,
            "refunds_under_way": under_way,
            "disputes_there": -_yen(disputes),
            "disputes_here": -_booked_yen(disputes),
            "fees": sum(line.fee_yen for line in lines)
            - _yen(line for line in lines if line.kind == Kind.FEE),
            "payouts": -_yen(line for line in lines if line.kind == Kind.PAYOUT),
        },
    )
    return done


def _find_differences(account: str, day: date, now: datetime) -> None:
    for line in _of_day(account, day).exclude(kind__in=_NO_PARTNER):
        here = _booked(line)
        if here == line.yen:
            continue
        kind = Difference.Kind.AMOUNT
        if here is None:
            kind = Difference.Kind.UNKNOWN if line.kind == Kind.OTHER else Difference.Kind.NOT_HERE
        _differ(
            kind,
            f"movement {line.pk}",
            {
                "account": account,
                "day": day,
                "yen_there": line.yen,
                "yen_here": here or 0,
                "movement": line,
                "attempt": line.attempt,
                "refund": line.refund,
                "found_at": now,
            },
        )
    start, end = _bounds(day)
    there_only = {"account": account, "day": day, "yen_there": 0, "found_at": now}
    paid = Attempt.objects.filter(
        account=account, state=Attempt.State.PAID, paid_at__gte=start, paid_at__lt=end
    )
    for attempt in paid.exclude(movements__kind=Kind.PAYMENT):
        facts = {**there_only, "yen_here": attempt.yen, "attempt": attempt}
        _differ(Difference.Kind.NOT_THERE, f"attempt {attempt.pk}", facts)
    gone = Refund.objects.filter(
        source__attempt__account=account, route=Refund.Route.STRIPE, done_at__gte=start, done_at__lt=end
    )
    for refund in gone.exclude(movements__kind=Kind.REFUND):
        facts = {**there_only, "yen_here": -refund.yen, "refund": refund}
        _differ(Difference.Kind.NOT_THERE, f"refund {refund.pk}", facts)


def _booked(line: Movement) -> int | None:
    """What our books have for a line, with its sign; None: nothing."""
    if line.kind == Kind.PAYMENT:
        return _entries(line.attempt, "collected", "") if line.attempt else None
    if line.kind == Kind.REFUND:
        return -line.refund.yen if line.refund else None
    if line.kind == Kind.REFUND_BACK:
        refund = line.refund
        return refund.yen if refund and (refund.bounced_at or refund.done_at is None) else None
    if line.kind == Kind.DISPUTE and line.dispute:
        taken = _entries(line.dispute.attempt, "reversed", dispute_memo(line.dispute.provider_ref))
        return None if taken is None else -taken
    if line.kind == Kind.DISPUTE_BACK and line.dispute:
        return _entries(line.dispute.attempt, "collected", dispute_memo(line.dispute.provider_ref))
    return None


def _entries(attempt: Attempt, kind: str, memo: str) -> int | None:
    """What the ledger says an attempt moved; None: nothing. What came back to it later has a memo."""
    entries = LedgerEntry.objects.filter(attempt=attempt, kind=kind, memo=memo)
    yen: int | None = entries.aggregate(yen=Sum("yen"))["yen"]
    return yen


def _is_under_way(line: Movement) -> bool:
    """Whether a refund has left the account by the provider's books, and not arrived by ours."""
    refund = line.refund
    return (
        line.kind == Kind.REFUND and refund is not None and refund.done_at is None and not _came_back(refund)
    )


def _came_back(refund: Refund) -> bool:
    return Movement.objects.filter(refund=refund, kind=Kind.REFUND_BACK).exists()


def _differ(kind: Difference.Kind, cause: str, facts: dict[str, Any]) -> None:
    Difference.objects.get_or_create(kind=kind, cause=cause, defaults=facts)


def _close_settled(account: str, now: datetime) -> None:
    """What has its partner meanwhile is no difference any more; what has not, a clerk looks at."""
    open_ones = Difference.objects.filter(account=account, closed_at=None).select_related(
        "movement__attempt", "movement__refund", "movement__dispute__attempt", "attempt", "refund"
    )
    for one in open_ones:
        if _settled(one):
            one.closed_at = now
            one.save(update_fields=["closed_at"])
            _close_task(one, now, None)
        else:
            Task.objects.get_or_create(
                kind=Task.Kind.DIFFERENCE,
                cause=f"difference {one.pk}",
                defaults={
                    "attempt": one.attempt,
                    "refund": one.refund,
                    "facts": {"yen_there": one.yen_there, "yen_here": one.yen_here, "kind": one.kind},
                    "opened_at": now,
                },
            )


def _settled(one: Difference) -> bool:
    if one.movement is not None:
        return _booked(one.movement) == one.movement.yen
    if one.attempt is not None:
        return one.attempt.movements.filter(kind=Kind.PAYMENT).exists()
    return one.refund is not None and one.refund.movements.filter(kind=Kind.REFUND).exists()


def _close_task(one: Difference, now: datetime, staff_id: int | None) -> None:
    Task.objects.filter(kind=Task.Kind.DIFFERENCE, cause=f"difference {one.pk}", closed_at=None).update(
        closed_at=now, closed_by_id=staff_id, note=one.explanation
    )


def _of_day(account: str, day: date) -> QuerySet[Movement]:
    start, end = _bounds(day)
    return Movement.objects.select_related("attempt", "refund", "dispute__attempt").filter(
        account=account, at__gte=start, at__lt=end
    )


def _yen(lines: Iterable[Movement]) -> int:
    return sum(line.yen for line in lines)


def _booked_yen(lines: Iterable[Movement]) -> int:
    return sum(_booked(line) or 0 for line in lines)
