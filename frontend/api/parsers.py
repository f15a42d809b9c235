"""JSON in: the whole body at once, never more than DATA_UPLOAD_MAX_MEMORY_SIZE."""

from __future__ import annotations

from typing import Any

import orjson
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser


class JSONParser(BaseParser):
    """Read ``application/json``. NaN, lone surrogates and invalid UTF-8 are not JSON."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the value. Raises ParseError; RequestDataTooBig comes from Django's limit."""
        # ``stream`` is the HttpRequest itself: its ``body`` obeys the limit, its ``read`` would not.
        body: bytes = stream.body if hasattr(stream, "body") else stream.read()
        if not body.strip():
            return {}
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise ParseError(
                _("送信されたJSONを読めません（{line}行目 {column}文字目）。").format(
                    line=error.lineno, column=error.colno
                ),
                code="malformed_json",
            ) from error
