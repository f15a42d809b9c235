"""Host name → municipality, cached in this process.

A look-up costs about as much as the rest of an empty request, so the answer is kept for a few seconds;
``forget_hosts`` empties the cache at once in the process that changes the register. Unknown hosts are not kept: a
new municipality is there at once in every process, and made-up host names cannot fill the memory.
"""

from __future__ import annotations

import time

from django.conf import settings

from tenants.context import inside_public
from tenants.models import Domain, Municipality

_KEEP_SECONDS = 15.0
# Threads share it. A dict's single operations are atomic, and the worst a race can do is one more look-up.
_known: dict[str, tuple[float, Municipality]] = {}


def municipality_at(host: str) -> Municipality | None:
    """Return the municipality served at ``host`` (lower case, no port), also a closed one; None: unknown host."""
    now = time.monotonic()
    entry = _known.get(host)
    if entry is not None and entry[0] > now:
        return entry[1]
    with inside_public():
        domain = Domain.objects.select_related("tenant").filter(domain=host).first()
    if domain is None:
        _known.pop(host, None)
        return None
    municipality: Municipality = domain.tenant
    _known[host] = (now + _KEEP_SECONDS, municipality)
    return municipality


def is_public_host(host: str) -> bool:
    """Say whether ``host`` is the joint operator's own host."""
    return host == settings.PUBLIC_HOST


def forget_hosts() -> None:
    """Empty this process's cache after the register changed."""
    _known.clear()
