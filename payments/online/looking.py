"""The rounds: whatever is under way at a provider is looked at again, whether or not anybody told us."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from payments.gateways.base import ProviderBusy, ProviderFailure
from payments.models import AccountWatch, Attempt, Payee, ProviderEvent, Refund
from payments.online.hearing import ask_for_news, hear_event
from payments.online.settling import look_at_attempt
from payments.refunds.sending import look_at_refund

_log = logging.getLogger("machinoma.payments")

# A job that was lost, or gave up: its work is done by the round after so long.
_JOB_LOST = timedelta(minutes=2)
_PAGE_OPEN = timedelta(minutes=4)
_VOUCHER_OUT = timedelta(minutes=30)
_REFUND_UNDER_WAY = timedelta(hours=1)
_NEWS_KEPT = timedelta(days=100)
_MOST = 200


def look_round(*, now: datetime) -> int:
    """Look at everything under way that nobody looked at for a while, oldest first; return how many things.

    What cannot be reached is looked at in the next round.
    """
    looked = _each(_events(now), lambda pk: hear_event(event_pk=pk, now=now))
    looked += _each(_attempts(now), lambda pk: _look_at_attempt(pk, now))
    looked += _each(_refunds(now), lambda pk: _look_at_refund(pk, now))
    return looked


def ask_round(*, now: datetime) -> int:
    """Ask every account for news whose delivery was lost; return how much was."""
    lost = 0
    for account in accounts_here():
        try:
            lost += ask_for_news(account=account, now=now)
        except ProviderFailure as failure:
            _log.warning("provider_failed", extra={"kind": type(failure).__name__, "what": "events"})
    return lost


def forget_old_news(*, now: datetime) -> int:
    """Delete news that were worked on long ago: no provider delivers them again. Returns how many."""
    old = ProviderEvent.objects.filter(processed_at__lt=now - _NEWS_KEPT)
    return old.delete()[0]


def accounts_here() -> list[str]:
    """Every account of this municipality that may have moved money, also one its payee no longer uses."""
    used = AccountWatch.objects.values_list("account", flat=True)
    owned = Payee.objects.exclude(stripe_account="").values_list("stripe_account", flat=True)
    return sorted({*used, *owned})


def _attempts(now: datetime) -> list[int]:
    state = Attempt.State
    due = (
        Q(state=state.WANTED, updated_at__lt=now - _JOB_LOST)
        | Q(state=state.OPEN) & _not_since("looked_at", now - _PAGE_OPEN)
        | Q(state=state.VOUCHER_ISSUED) & _not_since("looked_at", now - _VOUCHER_OUT)
        | Q(state__in=[state.WANTED, state.OPEN], close_wanted_at__lt=now - _JOB_LOST)
    )
    return list(Attempt.objects.filter(due).order_by("updated_at").values_list("pk", flat=True)[:_MOST])


def _refunds(now: datetime) -> list[int]:
    state = Refund.State
    due = Q(state__in=[state.READY, state.SENDING], updated_at__lt=now - _JOB_LOST) | Q(
        state__in=[state.PENDING, state.PAYER_ACTION], updated_at__lt=now - _REFUND_UNDER_WAY
    )
    found = Refund.objects.filter(due, route=Refund.Route.STRIPE).order_by("updated_at")
    return list(found.values_list("pk", flat=True)[:_MOST])


def _events(now: datetime) -> list[int]:
    waiting = ProviderEvent.objects.filter(processed_at=None, received_at__lt=now - _JOB_LOST)
    return list(waiting.order_by("received_at").values_list("pk", flat=True)[:_MOST])


def _not_since(field: str, moment: datetime) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__lt": moment})


def _look_at_attempt(attempt_id: int, now: datetime) -> None:
    look_at_attempt(attempt_id=attempt_id, now=now)


def _look_at_refund(refund_id: int, now: datetime) -> None:
    look_at_refund(refund_id=refund_id, now=now)
    # Whatever it is now: the others come first next time.
    Refund.objects.filter(pk=refund_id).exclude(state=Refund.State.DONE).update(updated_at=now)


def _each(ids: Iterable[int], look: Callable[[int], None]) -> int:
    looked = 0
    for one in ids:
        try:
            look(one)
        except ProviderBusy:
            break
        except ProviderFailure as failure:
            _log.warning("provider_failed", extra={"kind": type(failure).__name__, "code": str(failure)})
        looked += 1
    return looked
