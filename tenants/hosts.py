"""Host name → municipality, cached in this process.

A look-up costs about as much as the rest of an empty request, so the answer is kept for a few seconds;
``forget_hosts`` empties the cache at once in the process that changes the register.
"""

from __future__ import annotations

import time

from django.conf import settings

from tenants.context import inside_public
from tenants.models import Domain, Municipality

_KEEP_SECONDS = 15.0
_MOST_HOSTS = 4096
_known: dict[str, tuple[float, Municipality | None]] = {}


def municipality_at(host: str) -> Municipality | None:
    """Return the active municipality served at ``host`` (lower case, no port), or None."""
    now = time.monotonic()
    entry = _known.get(host)
    if entry is not None and entry[0] > now:
        return entry[1]
    with inside_public():
        domain = (
            Domain.objects.select_related("tenant")
            .filter(domain=host, tenant__status=Municipality.Status.ACTIVE)
            .first()
        )
    municipality: Municipality | None = domain.tenant if domain else None
    if len(_known) >= _MOST_HOSTS:
        _known.clear()
    _known[host] = (now + _KEEP_SECONDS, municipality)
    return municipality


def is_public_host(host: str) -> bool:
    """Say whether ``host`` is the joint operator's own host."""
    return host == settings.PUBLIC_HOST


def forget_hosts() -> None:
    """Empty this process's cache after the register changed."""
    _known.clear()
