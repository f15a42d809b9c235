"""Connected accounts: made empty here, filled in by their owner on Stripe's own pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from payments.stripe.client import client, plain, translated

if TYPE_CHECKING:
    from stripe.params import AccountCreateParams


@dataclass(frozen=True, slots=True)
class AccountState:
    """What an account can do, and what Stripe still wants to know (names of fields, as Stripe has them)."""

    account: str
    charges_enabled: bool
    payouts_enabled: bool
    details_submitted: bool
    capabilities: dict[str, str]
    wanted: tuple[str, ...]
    disabled_reason: str


@dataclass(frozen=True, slots=True)
class OnboardingLink:
    """A page of Stripe's for the owner, good once and for some minutes."""

    url: str
    expires_at: datetime


def create(*, mark: str, name: str, key: str) -> AccountState:
    """Make an account of its owner's own: fees and losses are between it and Stripe. Raises ProviderFailure."""
    params: AccountCreateParams = {
        "country": "JP",
        "controller": {
            "stripe_dashboard": {"type": "full"},
            "fees": {"payer": "account"},
            "losses": {"payments": "stripe"},
            "requirement_collection": "stripe",
        },
        "capabilities": {
            "card_payments": {"requested": True},
            "konbini_payments": {"requested": True},
            "paypay_payments": {"requested": True},
            "transfers": {"requested": True},
        },
        "metadata": {"mark": mark},
    }
    if name:
        params["business_profile"] = {"name": name}
    with translated():
        made = client().v1.accounts.create(params, {"idempotency_key": key})
    return _state(plain(made))


def link(account: str, *, return_url: str, refresh_url: str) -> OnboardingLink:
    """Ask for a page on which the owner tells Stripe about itself. Raises ProviderFailure."""
    with translated():
        made = client().v1.account_links.create(
            {
                "account": account,
                "type": "account_onboarding",
                "return_url": return_url,
                "refresh_url": refresh_url,
            }
        )
    return OnboardingLink(made.url, datetime.fromtimestamp(made.expires_at, UTC))


def read(account: str) -> AccountState:
    """Read an account. Raises ProviderFailure."""
    with translated():
        found = client().v1.accounts.retrieve(account)
    return _state(plain(found))


def _state(found: dict[str, Any]) -> AccountState:
    requirements = found.get("requirements") or {}
    return AccountState(
        account=found["id"],
        charges_enabled=bool(found.get("charges_enabled")),
        payouts_enabled=bool(found.get("payouts_enabled")),
        details_submitted=bool(found.get("details_submitted")),
        capabilities={name: str(value) for name, value in (found.get("capabilities") or {}).items()},
        wanted=tuple(requirements.get("currently_due") or ()),
        disabled_reason=requirements.get("disabled_reason") or "",
    )
