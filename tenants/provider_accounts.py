"""To which municipality an account at a payment provider belongs: one, and for good."""

from __future__ import annotations

from datetime import datetime

from tenants.context import current_schema, inside_public
from tenants.errors import AccountTaken
from tenants.models import Municipality, ProviderAccount


def claim_account(*, provider: str, account: str, now: datetime) -> None:
    """Write down that an account is the current municipality's; again is no harm. Raises AccountTaken."""
    schema = current_schema()
    with inside_public():
        municipality = Municipality.objects.get(schema_name=schema)
        owned, _made = ProviderAccount.objects.get_or_create(
            provider=provider,
            account=account,
            defaults={"municipality": municipality, "created_at": now},
        )
    if owned.municipality_id != municipality.pk:
        raise AccountTaken


def owner_of_account(*, provider: str, account: str) -> Municipality | None:
    """Return the municipality an account belongs to; None: to nobody here."""
    with inside_public():
        owned = (
            ProviderAccount.objects.select_related("municipality")
            .filter(provider=provider, account=account)
            .first()
        )
    return owned.municipality if owned else None
