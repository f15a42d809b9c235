"""One log line per request, and one place where a refusal becomes a page."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from frontend.views.errors import body_too_large, refusal_page
from tenants.errors import Refusal

Respond = Callable[[HttpRequest], HttpResponse]
# The pages that take larger files: lists of facilities (facilities.opendata.decoding.MOST_BYTES and its form), and
# what proves a group's registration (facilities.groups.evidence.MOST_BYTES).
_LISTS = "/console/halls/import/"
_EVIDENCE = re.compile(r"(/desk)?/groups/r/[0-9a-f-]{36}/evidence/")
_log = logging.getLogger("machinoma.request")


class RequestLogMiddleware:
    """Log method, route, status and milliseconds: no path with ids, no query, no person."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request and log it."""
        start = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        _log.info(
            "request",
            extra={
                "method": request.method,
                "route": match.route if match else "-",
                "status": response.status_code,
                "ms": round((time.perf_counter() - start) * 1000, 1),
            },
        )
        return response


class BodyLimitMiddleware:
    """Answer a body beyond MOST_BODY_BYTES with a page instead of reading it; the API has a limit of its own."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the announced length only; a body without one is not read at all (WSGI)."""
        announced = request.META.get("CONTENT_LENGTH") or "0"
        is_page = not request.path_info.startswith("/api/")
        takes_files = request.path_info == _LISTS or _EVIDENCE.fullmatch(request.path_info)
        most = settings.MOST_LIST_BYTES if takes_files else settings.MOST_BODY_BYTES
        if is_page and announced.isdigit() and int(announced) > most:
            return body_too_large(request, most)
        return self.get_response(request)


class RefusalMiddleware:
    """Turn a refusal that a view let through into a page with its sentence; log its code."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a Refusal; leave every other error alone."""
        if isinstance(exception, Refusal):
            log_refusal(exception)
            return refusal_page(request, exception)
        return None


def log_refusal(refusal: Refusal) -> None:
    """Log a refused act by its code only."""
    logging.getLogger("machinoma.refusal").info("refused", extra={"code": refusal.code})
