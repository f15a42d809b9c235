"""The API's own description, and what answers where nothing is."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import orjson
from django.conf import settings
from django.http import Http404, HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from frontend.api.routes import PublicRoute, answer


@cache
def description() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document; the same for every municipality, made once per process."""
    document: dict[str, Any] = cast(Any, SchemaGenerator)(urlconf=settings.ROOT_URLCONF).get_schema(
        public=True
    )
    # Through JSON: lazy sentences become text.
    return dict(orjson.loads(orjson.dumps(document, default=str)))


@cache
def description_yaml() -> bytes:
    """Return the document as YAML, as docs/openapi.yaml holds it."""
    return bytes(cast(Any, OpenApiYamlRenderer)().render(description()))


class DescriptionJson(PublicRoute):
    """openapi.json."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        """The description as JSON."""
        return answer(request, description())


class DescriptionYaml(PublicRoute):
    """openapi.yaml."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        """The description as YAML."""
        return HttpResponse(description_yaml(), content_type="application/yaml")


class Nowhere(PublicRoute):
    """Every other address below /api/v1/: a problem, not a page."""

    schema = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer every method alike."""
        request.method = "GET"
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nothing is here."""
        raise Http404
