"""What goes wrong on command, and the limit on calls a second."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from threading import Lock

from config.demo.fake_stripe.forms import Problem

# Before anything is done: too many calls, an error, another call with this key still going on, a dead line.
# After the work is done: no answer for a long time, a dead line, an error that the idempotency key keeps.
FAULTS = ("429", "500", "409", "401", "dropped_before", "timeout", "dropped", "500_done")
DONE_FIRST = frozenset({"timeout", "dropped", "500_done"})


@dataclass
class Fault:
    """A fault waiting for a call: of any kind, or one whose ``METHOD /path`` begins like this."""

    kind: str
    calls: str = ""
    left: int = 1
    account: str = ""


@dataclass
class Faults:
    """The faults that wait. ``hold`` is for how many seconds a timeout keeps silent; ``per_second`` 0: no limit."""

    hold: float = 90.0
    per_second: int = 0
    retry_after: int = 2
    waiting: list[Fault] = field(default_factory=list)
    _seen: dict[str, deque[float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def order(self, kind: str, *, calls: str = "", times: int = 1, account: str = "") -> None:
        """Let the next ``times`` calls go wrong; ``times`` -1: until ``clear``."""
        if kind not in FAULTS:
            raise ValueError(kind)
        self.waiting.append(Fault(kind, calls, times, account))

    def clear(self) -> None:
        """Let everything go well again."""
        self.waiting.clear()

    def take(self, call: str, account: str) -> str:
        """Return the kind of fault this call meets, or an empty text."""
        with self._lock:
            for fault in self.waiting:
                if call.startswith(fault.calls) and fault.account in {"", account}:
                    fault.left -= 1
                    if fault.left == 0:
                        self.waiting.remove(fault)
                    return fault.kind
            return "429" if self._too_many(account) else ""

    def _too_many(self, account: str) -> bool:
        if not self.per_second:
            return False
        seen = self._seen.setdefault(account, deque())
        now = time.monotonic()
        while seen and seen[0] <= now - 1:
            seen.popleft()
        if len(seen) >= self.per_second:
            return True
        seen.append(now)
        return False


def problem(kind: str) -> Problem:
    """Return the answer of a fault that has one."""
    if kind == "429":
        return Problem("Request rate limit exceeded.", status=429, code="rate_limit")
    if kind == "401":
        return Problem("Invalid API Key provided.", status=401)
    if kind == "409":
        return Problem(
            "Another request with this Idempotency-Key is still being processed.",
            status=409,
            type="idempotency_error",
            code="idempotency_key_in_use",
        )
    return Problem("An unknown error occurred.", status=500, type="api_error")
