"""Events: verified when Stripe calls us, listed when we ask what we missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import stripe
from django.conf import settings

from payments.gateways.base import GatewayEvent, UnbelievableNews, WebhookRequest
from payments.stripe.client import client, on, plain, translated

# What we look at; everything else is answered and forgotten.
_HEARD = (
    "checkout.session.",
    "payment_intent.succeeded",
    "payment_intent.canceled",
    "payment_intent.payment_failed",
    "charge.dispute.",
    "charge.refund.updated",
    "refund.",
    "account.updated",
    "account.application.deauthorized",
)
_TOLERANCE = 300


def believe(request: WebhookRequest) -> GatewayEvent | None:
    """Verify the signature of a call with any of our secrets (one is being replaced by another).

    None: genuine, but nothing we look at. Raises UnbelievableNews.
    """
    header = next(
        (value for name, value in request.headers.items() if name.lower() == "stripe-signature"), ""
    )
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            event = stripe.Webhook.construct_event(request.body, header, secret, tolerance=_TOLERANCE)
        except stripe.SignatureVerificationError:
            continue
        except (ValueError, KeyError, TypeError, AttributeError):
            break
        return _event(plain(event), account=plain(event).get("account") or "")
    raise UnbelievableNews


def events_since(account: str, instant: datetime) -> Sequence[GatewayEvent]:
    """List what happened at an account since, oldest first. Raises ProviderFailure."""
    with translated():
        page = client().v1.events.list(
            {"created": {"gte": int(instant.timestamp())}, "limit": 100}, on(account)
        )
        found = [_event(plain(event), account=account) for event in page.auto_paging_iter()]
    return [event for event in found[::-1] if event]


def _event(event: dict[str, Any], *, account: str) -> GatewayEvent | None:
    about = (event.get("data") or {}).get("object") or {}
    kind = str(event.get("type") or "")
    if not account or not kind.startswith(_HEARD):
        return None
    return GatewayEvent(
        event_id=str(event["id"]),
        account=account,
        kind=kind,
        ref=str(about.get("id") or ""),
        occurred_at=datetime.fromtimestamp(event["created"], UTC),
    )
