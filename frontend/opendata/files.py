"""How an open data file is answered: made at most once a minute, with an ETag, to so many readers a minute."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now as clock_now

from frontend.api.throttles import ReadThrottle
from frontend.opendata.errors import TooManyReads
from frontend.views.errors import refusal_page

KEPT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a throttle wants to know of a view."""

    now: datetime


class _FileThrottle(ReadThrottle):
    """As many a minute as reads of the API, counted apart, by address; nobody signs in here."""

    kind = "opendata"

    def _who(self, request: Any) -> str:
        return str(self.get_ident(request))


def limited(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 429 with Retry-After to whoever asks without pause (API_READS_PER_MINUTE)."""

    @wraps(view)
    def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        throttle = _FileThrottle()
        if throttle.allow_request(request, _Asked(clock_now())):  # type: ignore[arg-type]
            return view(request, *args, **kwargs)
        response = refusal_page(request, TooManyReads())
        response["Retry-After"] = str(throttle.wait() or KEPT_SECONDS)
        return response

    return counted


def kept_file(request: HttpRequest, name: str, content_type: str, make: Callable[[], bytes]) -> HttpResponse:
    """Answer with the file ``name`` (made anew when the one in the cache is a minute old), or 304."""
    body = _kept(f"opendata:{name}", make)
    etag = f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
    known = request.META.get("HTTP_IF_NONE_MATCH", "")
    response = HttpResponse(status=304) if etag in known else HttpResponse(body, content_type=content_type)
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    # Open to every page and program: there is nothing in it that belongs to anybody.
    response["Access-Control-Allow-Origin"] = "*"
    if content_type.startswith("text/csv"):
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _kept(key: str, make: Callable[[], bytes]) -> bytes:
    body: bytes | None = cache.get(key)
    if body is None:
        body = make()
        cache.set(key, body, KEPT_SECONDS)
    return body
