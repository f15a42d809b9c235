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
from tenants.hosts import is_public_host, municipality_at
from tenants.models import Municipality

Respond = Callable[[HttpRequest], HttpResponse]


class MunicipalityMiddleware:
    """Enter the schema of the host's municipality; an unknown host gets ``UNKNOWN_HOST_VIEW``, never a schema.

    Sets ``request.tenant`` (a Municipality, or None on the public host) and ``request.urlconf``.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve one request inside one schema and leave the connection in public."""
        logs.request_id.set(uuid4().hex[:16])
        logs.municipality.set("-")
        connection.set_schema_to_public()
        try:
            host = request.get_host().rsplit(":", 1)[0].lower().rstrip(".")
        except DisallowedHost:
            return self._unknown(request)
        if is_public_host(host):
            return self._serve(request, None)
        municipality = municipality_at(host)
        if municipality is None:
            return self._unknown(request)
        return self._serve(request, municipality)

    def _serve(self, request: HttpRequest, municipality: Municipality | None) -> HttpResponse:
        request.tenant = municipality  # type: ignore[attr-defined]
        if municipality is None:
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF  # type: ignore[attr-defined]
        else:
            logs.municipality.set(municipality.schema_name)
            request.urlconf = settings.ROOT_URLCONF  # type: ignore[attr-defined]
            connection.set_tenant(municipality)
        set_urlconf(request.urlconf)  # type: ignore[attr-defined]
        try:
            return self.get_response(request)
        finally:
            connection.set_schema_to_public()

    def _unknown(self, request: HttpRequest) -> HttpResponse:
        request.tenant = None  # type: ignore[attr-defined]
        request.urlconf = settings.PUBLIC_SCHEMA_URLCONF  # type: ignore[attr-defined]
        view: Respond = import_string(settings.UNKNOWN_HOST_VIEW)
        return view(request)
