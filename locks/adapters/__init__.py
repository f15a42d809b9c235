"""The locks we can work with. A new vendor is one file here and one line in the registry."""

from __future__ import annotations

from typing import cast

from django.utils.module_loading import import_string

from locks.adapters.base import LockProvider, Setup

ADAPTERS = {
    "local_hmac": "locks.adapters.local_hmac.LocalHmac",
    "physical_key": "locks.adapters.physical_key.PhysicalKey",
}


def adapter_for(key: str, setup: Setup) -> LockProvider:
    """Return the adapter of this key, set up for one door. Raises KeyError for a key not in the registry."""
    return cast(LockProvider, import_string(ADAPTERS[key])(setup))
