"""Reference for the controller of a keypad: decides offline whether a code opens the door now.

Pure standard library; needs this file, a clock that is right to about two minutes, and a JSON file
``{"device_id": "…", "secret": "<hex>", "denied": [[start_hour, hours, variant], …]}``. Reads codes from standard
input, one a line, and answers ``open``, ``wrong`` or ``locked``.

A code is valid for whole hours. It is the HMAC-SHA-256 of ``v1|device|start hour|hours|variant`` under the door's
secret, cut to 63 bits at the place its last byte names (as RFC 4226 does with 31), modulo 10^8. Hours count from
1970 in UTC.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

DIGITS = 8
LONGEST_HOURS = 24
VARIANTS = 10
SECONDS_PER_HOUR = 3600

WRONG_TRIES = 5
LOCKED_SECONDS = 300

# (start hour since 1970 UTC, hours, variant)
Window = tuple[int, int, int]


def code_for(secret: bytes, device_id: str, window: Window) -> str:
    """Return the eight digits that open ``device_id`` in a window."""
    start_hour, hours, variant = window
    message = f"v1|{device_id}|{start_hour}|{hours}|{variant}".encode()
    digest = hmac.new(secret, message, hashlib.sha256).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 8], "big") & 0x7FFF_FFFF_FFFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def windows_at(now_seconds: float) -> Iterator[Window]:
    """Yield every window that contains this second: 300 of whole hours, times the variants."""
    hour = int(now_seconds // SECONDS_PER_HOUR)
    for hours in range(1, LONGEST_HOURS + 1):
        for start_hour in range(hour - hours + 1, hour + 1):
            for variant in range(VARIANTS):
                yield start_hour, hours, variant


def opens(
    secret: bytes, device_id: str, code: str, now_seconds: float, denied: frozenset[Window] = frozenset()
) -> bool:
    """Say whether a code opens the door at this second. A denied window (a cancelled booking) opens nothing."""
    typed = code.encode()
    fits = False
    # All windows are tried, found or not: how long it takes tells nothing.
    for window in windows_at(now_seconds):
        same = hmac.compare_digest(code_for(secret, device_id, window).encode(), typed)
        fits |= same and window not in denied
    return fits


class Keypad:
    """A keypad with its memory of wrong tries: after five, five minutes of rest."""

    def __init__(
        self,
        secret: bytes,
        device_id: str,
        *,
        clock: Callable[[], float],
        denied: frozenset[Window] = frozenset(),
    ) -> None:
        """``clock`` gives seconds since 1970 UTC."""
        self._secret, self._device_id, self._clock, self._denied = secret, device_id, clock, denied
        self._wrong = 0
        self._locked_until = 0.0

    def enter(self, code: str) -> str:
        """Answer ``open``, ``wrong`` or ``locked`` to a code."""
        now = self._clock()
        if now < self._locked_until:
            return "locked"
        if opens(self._secret, self._device_id, code, now, self._denied):
            self._wrong = 0
            return "open"
        self._wrong += 1
        if self._wrong >= WRONG_TRIES:
            self._wrong, self._locked_until = 0, now + LOCKED_SECONDS
        return "wrong"


def main(arguments: list[str] | None = None) -> None:
    """Run the keypad on standard input and output."""
    parser = argparse.ArgumentParser(description="Check door codes offline.")
    parser.add_argument("setup", type=Path, help="JSON file with device_id, secret (hex) and denied windows")
    setup = json.loads(parser.parse_args(arguments).setup.read_text(encoding="utf-8"))
    keypad = Keypad(
        bytes.fromhex(setup["secret"]),
        setup["device_id"],
        clock=time.time,
        denied=frozenset((start, hours, variant) for start, hours, variant in setup.get("denied", [])),
    )
    for line in sys.stdin:
        sys.stdout.write(keypad.enter(line.strip()) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
