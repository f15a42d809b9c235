"""/healthz: are web, database and worker alive? For load balancers and for the demo's start."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tenants.health import vital_signs


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all is alive, else 503, and say which part is not. No secrets; within 3 seconds."""
    signs = vital_signs()
    return JsonResponse(signs, status=200 if all(sign == "alive" for sign in signs.values()) else 503)
