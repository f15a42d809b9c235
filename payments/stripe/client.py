"""The one client, and what the library's errors mean to us."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import stripe
from django.conf import settings

from payments.gateways.base import (
    ProviderBroken,
    ProviderBusy,
    ProviderRefused,
    ProviderUnreachable,
)
from payments.stripe.transport import Transport

if TYPE_CHECKING:
    from stripe import RequestOptions

# The version of the API this code was written for and tested with; Stripe answers in it, whatever is newer.
VERSION = "2026-10-28.endive"
_MOST_WAIT = 600

logging.getLogger("stripe").setLevel(logging.WARNING)
stripe.enable_telemetry = False


def client() -> stripe.StripeClient:
    """Return the platform's client; each call names the connected account it is for."""
    if not settings.STRIPE_API_KEY:
        raise ProviderRefused("no_api_key")
    return _client(settings.STRIPE_API_KEY, settings.STRIPE_API_URL)


@lru_cache(maxsize=4)
def _client(key: str, base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        stripe_version=VERSION,
        base_addresses={"api": base.rstrip("/")},
        max_network_retries=0,
        http_client=Transport(),
    )


def on(account: str, *, key: str = "") -> RequestOptions:
    """Return the options of a call for a connected account, with our own idempotency key where it writes."""
    options: RequestOptions = {"stripe_account": account}
    if key:
        options["idempotency_key"] = key
    return options


@contextmanager
def translated() -> Iterator[None]:
    """Turn the library's errors into ProviderFailure: only codes and kinds, no sentences that may name somebody."""
    try:
        yield
    except stripe.APIConnectionError as failure:
        raise ProviderUnreachable(str(failure.user_message or "")[:60]) from None
    except stripe.RateLimitError as failure:
        raise ProviderBusy(_seconds(failure)) from None
    except stripe.IdempotencyError as failure:
        if failure.http_status == 409:
            raise ProviderBusy(2) from None
        raise ProviderBroken("idempotency_error") from None
    except stripe.StripeError as failure:
        if failure.http_status == 409:
            raise ProviderBusy(2) from None
        if failure.http_status is None or failure.http_status >= 500:
            raise ProviderBroken(str(failure.http_status or type(failure).__name__)) from None
        raise ProviderRefused(failure.code or type(failure).__name__) from None


def plain(found: stripe.StripeObject) -> dict[str, Any]:
    """Return an answer as plain values."""
    return found.to_dict()


def ref_of(value: Any) -> str:
    """Return the id of something that may be expanded, an id, or nothing."""
    if isinstance(value, dict):
        return str(value.get("id") or "")
    return str(value or "")


def _seconds(failure: stripe.StripeError) -> int:
    text = str((failure.headers or {}).get("Retry-After") or "")
    return min(int(text), _MOST_WAIT) if text.isascii() and text.isdigit() else 2
