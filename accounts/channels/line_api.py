"""The calls of LINE's Messaging API that we use, over HTTP. Knows no database; the token never leaves the object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
import urllib3

_TIMEOUT = urllib3.Timeout(connect=5, read=10)
# No environment proxies, no redirects, no tries of its own: whether and when to try again is ours to decide.
_pool = urllib3.PoolManager(retries=False, timeout=_TIMEOUT)


class LineUnreachable(Exception):
    """No answer: LINE cannot be reached, or it took too long. The message may have gone out all the same."""


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """What LINE answered: the HTTP status, its JSON, and how long it asks us to wait (seconds)."""

    status: int
    content: dict[str, Any]
    retry_after: int | None = None

    @property
    def words(self) -> str:
        """LINE's own sentence, for the log of staff."""
        return str(self.content.get("message", ""))[:200]


class LineApi:
    """One official account at LINE."""

    __slots__ = ("_base", "_token")

    def __init__(self, *, token: str, base: str) -> None:
        self._token, self._base = token, base.rstrip("/")

    def push(self, *, to: str, text: str, key: UUID) -> LineAnswer:
        """Send one text to one friend. The same ``key`` within 24 hours is sent once. Raises LineUnreachable."""
        body = {"to": to, "messages": [{"type": "text", "text": text}]}
        return self._call("POST", "/v2/bot/message/push", body, {"X-Line-Retry-Key": str(key)})

    def info(self) -> LineAnswer:
        """Ask whose token this is: displayName and basicId. Raises LineUnreachable."""
        return self._call("GET", "/v2/bot/info")

    def _call(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> LineAnswer:
        sent = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        try:
            answer = _pool.request(
                method,
                self._base + path,
                body=orjson.dumps(body) if body is not None else None,
                headers=sent | (headers or {}),
                redirect=False,
            )
        except urllib3.exceptions.HTTPError as failure:
            # Only the kind of failure: its text may hold an address.
            raise LineUnreachable(type(failure).__name__) from None
        return LineAnswer(answer.status, _json(answer.data), _seconds(answer.headers.get("Retry-After")))


def _json(data: bytes) -> dict[str, Any]:
    try:
        content = orjson.loads(data)
    except orjson.JSONDecodeError:
        return {}
    return content if isinstance(content, dict) else {}


def _seconds(text: str | None) -> int | None:
    return min(int(text), 86_400) if text and text.isascii() and text.isdigit() else None
