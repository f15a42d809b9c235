"""System checks: refuse to start with a setting that is known to leak between municipalities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def check_isolation_settings(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report every setting through which one municipality could see another's data."""
    problems: list[CheckMessage] = []
    if getattr(settings, "TENANT_LIMIT_SET_CALLS", False):
        problems.append(Error("TENANT_LIMIT_SET_CALLS must stay off.", id="tenants.E001"))
    for alias, cache in settings.CACHES.items():
        if cache.get("KEY_FUNCTION") != "django_tenants.cache.make_key":
            problems.append(Error(f"Cache {alias!r} has no municipality in its keys.", id="tenants.E002"))
    if settings.SESSION_COOKIE_DOMAIN or settings.CSRF_COOKIE_DOMAIN or settings.LANGUAGE_COOKIE_DOMAIN:
        problems.append(Error("Cookies must be host-only: remove the cookie domain.", id="tenants.E003"))
    if settings.DATABASES["default"]["ENGINE"] != "tenants.postgresql":
        problems.append(Error("Use the database engine tenants.postgresql.", id="tenants.E004"))
    if getattr(settings, "ASGI_APPLICATION", None):
        problems.append(
            Error("ASGI is not safe with one schema per connection: WSGI only.", id="tenants.E005")
        )
    return problems
