"""A description for search engines inside a page: data, never run."""

from __future__ import annotations

from typing import Any

import orjson
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# Nothing in the data can end the element it stands in.
_ESCAPES = {
    ord("<"): "\\u003C",
    ord(">"): "\\u003E",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def json_ld_script(data: dict[str, Any]) -> SafeString:
    """Return ``data`` as a script element of type application/ld+json."""
    text = orjson.dumps(data).decode().translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 (escaped above)
