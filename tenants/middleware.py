"""Host → municipality, before anything else happens in a request."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import set_urlconf
from django.utils.module_loading import import_string

from tenants import logs
from tenants.host_names import host_of
from tenants.hosts import is_public_host, municipality_at
from tenants.models import Municipality

Respond = Callable[[HttpRequest], HttpResponse]

# Answered on every host (a load balancer asks by address) and before the register is read, so that it can still
# answer when the database does not.
HEALTH_PATH = "/healthz"


class MunicipalityMiddleware:
    """Enter the schema of the host's municipality; an unknown or closed one gets a page, never a schema.

    Sets ``request.tenant`` (a Municipality, or None on the public host) and ``request.urlconf``. The host is the
    Host header alone: X-Forwarded-Host is not believed.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        self.unknown_host: Respond = import_string(settings.UNKNOWN_HOST_VIEW)
        self.closed_municipality: Respond = import_string(settings.CLOSED_MUNICIPALITY_VIEW)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve one request inside one schema and leave the connection in public."""
        logs.request_id.set(uuid4().hex[:16])
        self._stay_in_public(request)
        try:
            return self._serve(request)
        finally:
            connection.set_schema_to_public()  # type: ignore[attr-defined]

    def _serve(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == HEALTH_PATH:
            return self.get_response(request)
        try:
            host = host_of(request.get_host())
        except DisallowedHost:
            return self.unknown_host(request)
        if is_public_host(host):
            return self.get_response(request)
        municipality = municipality_at(host)
        if municipality is None:
            return self.unknown_host(request)
        if municipality.status != Municipality.Status.ACTIVE:
            return self.closed_municipality(request)
        self._enter(request, municipality)
        return self.get_response(request)

    def _stay_in_public(self, request: HttpRequest) -> None:
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        logs.municipality.set("-")
        request.tenant = None  # type: ignore[attr-defined]
        _use_urls(request, settings.PUBLIC_SCHEMA_URLCONF)

    def _enter(self, request: HttpRequest, municipality: Municipality) -> None:
        connection.set_tenant(municipality)  # type: ignore[attr-defined]
        logs.municipality.set(municipality.schema_name)
        request.tenant = municipality  # type: ignore[attr-defined]
        _use_urls(request, settings.ROOT_URLCONF)


def _use_urls(request: HttpRequest, urlconf: str) -> None:
    request.urlconf = urlconf
    set_urlconf(urlconf)
