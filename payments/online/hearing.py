"""News of a provider: believed by its signature, kept once where the account belongs, worked on later.

Nothing in it is believed but what to look at: what that is now, is read at the provider. So it may come twice, late, in
any order, or never; what never came is asked for (``ask_for_news``).
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction

from payments.gateways import checkout_gateway
from payments.gateways.base import GatewayEvent, WebhookRequest
from payments.gateways.stripe import STRIPE
from payments.models import AccountWatch, Attempt, Payee, ProviderEvent, Refund
from payments.online.attempts import mark_of
from payments.online.disputing import follow_dispute
from payments.online.onboarding import note_disconnected, refresh_account
from payments.online.settling import look_at_attempt, settle
from payments.refunds.sending import look_at_refund, refund_mark
from tenants.context import current_schema, inside
from tenants.jobs import enqueue
from tenants.provider_accounts import owner_of_account

HEAR_JOB = "payments.hear_event"

_log = logging.getLogger("machinoma.payments")
_OVERLAP = timedelta(minutes=10)
_FIRST_LOOK = timedelta(days=1)

_STORE = """
INSERT INTO payments_providerevent (event_id, account, kind, object_ref, occurred_at, received_at, listed)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (account, event_id) DO NOTHING RETURNING id
"""


def receive_news(request: WebhookRequest, *, now: datetime) -> bool:
    """Take in a provider's call: verify it, and store it in the municipality whose account it is about.

    On a municipality's own host only news of that municipality is taken in. Returns whether the account is known here;
    an unknown one is no error of the caller's. Raises UnbelievableNews.
    """
    event = checkout_gateway(STRIPE).believe(request)
    if event is None:
        return True
    owner = owner_of_account(provider=STRIPE, account=event.account)
    here = current_schema()
    if owner is None or here not in ("public", owner.schema_name):
        _log.warning("news_of_unknown_account", extra={"event": event.kind})
        return False
    with inside(owner):
        store_event(event, now=now)
    return True


@transaction.atomic
def store_event(event: GatewayEvent, *, now: datetime, listed: bool = False) -> bool:
    """Keep news of an account of the current municipality, and let the worker look. Returns whether it is new."""
    with connection.cursor() as cursor:
        cursor.execute(
            _STORE,
            [event.event_id, event.account, event.kind, event.ref, event.occurred_at, now, listed],
        )
        row = cursor.fetchone()
    if row is None:
        return False
    enqueue(HEAR_JOB, event_pk=row[0])
    return True


def hear_event(*, event_pk: int, now: datetime) -> None:
    """Look at what news are about, as it is at the provider now. Raises ProviderFailure, and is then heard again."""
    event = ProviderEvent.objects.get(pk=event_pk)
    if event.processed_at:
        return
    # News can only be about accounts of payees here; an account that was taken off is not ours to look at.
    if Payee.objects.filter(stripe_account=event.account).exists() or _has_attempts(event.account):
        _look(event, now)
    ProviderEvent.objects.filter(pk=event_pk).update(processed_at=now)


def ask_for_news(*, account: str, now: datetime) -> int:
    """Read an account's events since the last time and store those whose delivery was lost; return how many.

    Raises ProviderFailure.
    """
    watch, _made = AccountWatch.objects.get_or_create(account=account, defaults={"next_call_at": now})
    since = (watch.events_read_at or now - _FIRST_LOOK) - _OVERLAP
    news = checkout_gateway(STRIPE).events_since(account, since)
    lost = sum(store_event(event, now=now, listed=True) for event in news)
    AccountWatch.objects.filter(account=account).update(events_read_at=now)
    return lost


def _look(event: ProviderEvent, now: datetime) -> None:
    if event.kind.startswith("checkout.session."):
        _look_at_checkout(event, now)
    elif event.kind.startswith("payment_intent."):
        found = Attempt.objects.filter(account=event.account, payment_ref=event.object_ref).first()
        if found:
            look_at_attempt(attempt_id=found.pk, now=now)
    elif event.kind.startswith("charge.dispute."):
        follow_dispute(account=event.account, ref=event.object_ref, now=now)
    elif event.kind.startswith(("refund.", "charge.refund.")):
        _look_at_refund(event, now)
    elif event.kind == "account.updated":
        refresh_account(account=event.account, now=now)
    elif event.kind == "account.application.deauthorized":
        note_disconnected(account=event.account, now=now)


def _look_at_checkout(event: ProviderEvent, now: datetime) -> None:
    found = Attempt.objects.filter(account=event.account, provider_ref=event.object_ref).first()
    if found:
        look_at_attempt(attempt_id=found.pk, now=now)
        return
    # It was made, and we stopped before we wrote that down: its mark says whose it is.
    checkout = checkout_gateway(STRIPE).read(event.account, event.object_ref)
    attempt_id = _number_in(checkout.mark, "attempt")
    if attempt_id and Attempt.objects.filter(pk=attempt_id, account=event.account).exists():
        settle(attempt_id, checkout, now=now)


def _look_at_refund(event: ProviderEvent, now: datetime) -> None:
    ours = Refund.objects.filter(source__attempt__account=event.account)
    found = ours.filter(provider_ref=event.object_ref).first()
    if found is None:
        told = checkout_gateway(STRIPE).read_refund(event.account, event.object_ref)
        found = ours.filter(pk=_number_in(told.mark, "refund") or 0).first()
    if found:
        look_at_refund(refund_id=found.pk, now=now)


def _number_in(mark: str, what: str) -> int | None:
    """The id in a mark of ours; None where it is another municipality's, or nobody's."""
    number = mark.rpartition(":")[2]
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        return None
    made = mark_of if what == "attempt" else refund_mark
    return int(number) if mark == made(int(number)) else None


def _has_attempts(account: str) -> bool:
    return Attempt.objects.filter(account=account).exclude(provider_ref="").exists()
