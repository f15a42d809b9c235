"""A limit for those who ask without pause: so many requests a minute, per caller and process."""

from __future__ import annotations

import math
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

_MINUTE = 60


class _MinuteThrottle(BaseThrottle):
    """Count requests in the running minute; 0 means no limit."""

    kind: str
    setting: str
    seconds_left: float | None = None

    def counts(self, request: Request) -> bool:
        """Whether this request is of the kind that is limited."""
        raise NotImplementedError

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the request; False when the caller had enough for this minute."""
        limit: int = getattr(settings, self.setting)
        if not limit or not self.counts(request):
            return True
        minute, seconds = divmod(view.now.timestamp(), _MINUTE)
        key = f"api:{self.kind}:{self._who(request)}:{int(minute)}"
        cache.add(key, 0, _MINUTE * 2)
        self.seconds_left = _MINUTE - seconds
        return bool(cache.incr(key) <= limit)

    def wait(self) -> float | None:
        """Return the seconds until the next minute."""
        return None if self.seconds_left is None else math.ceil(self.seconds_left)

    def _who(self, request: Request) -> str:
        if "HTTP_AUTHORIZATION" in request.META or request.method not in SAFE_METHODS:
            caller: Any = request.auth
            return f"u{caller.user_id}" if caller else str(self.get_ident(request))
        return str(self.get_ident(request))


class ReadThrottle(_MinuteThrottle):
    """API_READS_PER_MINUTE."""

    kind = "read"
    setting = "API_READS_PER_MINUTE"

    def counts(self, request: Request) -> bool:
        """GET and HEAD."""
        return request.method in SAFE_METHODS


class WriteThrottle(_MinuteThrottle):
    """API_WRITES_PER_MINUTE."""

    kind = "write"
    setting = "API_WRITES_PER_MINUTE"

    def counts(self, request: Request) -> bool:
        """Everything that changes something."""
        return request.method not in SAFE_METHODS
