"""JSON out: orjson, no indentation, keys in the order they were written."""

from __future__ import annotations

from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer


class JSONRenderer(BaseRenderer):
    """What the API speaks; also what ``Accept`` is matched with."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        """Return data as JSON."""
        return b"" if data is None else orjson.dumps(data)
