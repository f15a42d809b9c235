"""Where a municipality's pages are, for mails and calendars that are made without a request."""

from __future__ import annotations

from django.conf import settings

from tenants.context import inside_public
from tenants.models import Domain, Municipality


def site_address(municipality: Municipality) -> str:
    """Return ``https://host`` of a municipality's first host, without a slash at the end."""
    with inside_public():
        domains = Domain.objects.filter(tenant_id=municipality.pk).order_by("-is_primary", "pk")
        host = domains.values_list("domain", flat=True)[0]
    return f"https://{host}" if settings.HTTPS else f"http://{host}:{settings.PORT}"
