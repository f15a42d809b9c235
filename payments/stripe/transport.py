"""How the library's calls travel: our pool of connections, its own time limits, no tries of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import stripe
import urllib3

_TIMEOUT = urllib3.Timeout(connect=5, read=20)
# No environment proxies, no redirects, no tries: whether and when to ask again is ours to decide.
_pool = urllib3.PoolManager(
    retries=False, timeout=_TIMEOUT, cert_reqs="CERT_REQUIRED", ca_certs=stripe.ca_bundle_path, maxsize=4
)


class Transport(stripe.HTTPClient):
    """The library's door to the network."""

    name = "urllib3"

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        """Send one request. Raises APIConnectionError when no answer came."""
        try:
            answer = _pool.request(method.upper(), url, headers=headers, body=post_data, redirect=False)
        except urllib3.exceptions.HTTPError as failure:
            # Only the kind of failure: its text may hold an address.
            raise stripe.APIConnectionError(type(failure).__name__) from None  # type: ignore[no-untyped-call]
        return answer.data.decode("utf-8", "replace"), answer.status, answer.headers

    def close(self) -> None:
        """Nothing to close: the pool is everybody's."""
