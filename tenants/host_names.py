"""Host names: how they are written, and which ones a municipality may have."""

from __future__ import annotations

import ipaddress
import re

from django.http.request import split_domain_port

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def host_of(header: str) -> str:
    """Return the host in a request's Host header: lower case, no port, no final dot; ``""`` for nonsense.

    ``"Akiruno.localhost.:8000" → "akiruno.localhost"``, ``"[::1]:8000" → "[::1]"``.
    """
    host, _port = split_domain_port(header)
    return str(host)


def normal_host(text: str) -> str:
    """Return a host name as typed by a person in the form it is kept: lower case, Japanese labels as ``xn--…``.

    ``"予約.例え.jp" → "xn--dkr6b.xn--r8jz45g.jp"``. What cannot be written so comes back as it is.
    """
    host = text.strip().rstrip(".").lower()
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host


def is_host_name(host: str) -> bool:
    """Say whether ``host`` is a name a municipality can be served at (RFC 1123 §2.1): no address, port or path."""
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return False
    return not labels[-1].isdigit() and not _is_address(host)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
