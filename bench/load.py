"""A small HTTP/1.1 client that keeps N connections busy: raw sockets, keep-alive, one request in flight on each.

It runs in a process of its own and costs some 30 microseconds per request, so that it is the server that is measured.
"""

from __future__ import annotations

import math
import multiprocessing
import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Result:
    """What one run saw. ``latencies`` in milliseconds of the requests that were answered as expected."""

    seconds: float
    latencies: list[float]
    statuses: Counter[int]
    wrong: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Requests per second answered as expected."""
        return len(self.latencies) / self.seconds

    def percentile(self, percent: float) -> float:
        """Nearest-rank percentile in milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[max(math.ceil(len(ordered) * percent / 100) - 1, 0)] if ordered else math.nan

    @property
    def server_errors(self) -> int:
        """How many answers were 5xx, and connections that broke (status 0)."""
        return sum(count for status, count in self.statuses.items() if status == 0 or status >= 500)


def request(
    method: str, path: str, *, host: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> bytes:
    """Return a whole request as bytes, the way a proxy that ended TLS sends it."""
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {host}",
        "X-Forwarded-Proto: https",
        "Accept: application/json",
    ]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


class _Connection:
    def __init__(self, address: tuple[str, int], selector: selectors.BaseSelector) -> None:
        self.address = address
        self.selector = selector
        self.open()

    def open(self) -> None:
        self.socket = socket.create_connection(self.address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.length = -1
        self.selector.register(self.socket, selectors.EVENT_READ, self)

    def close(self) -> None:
        self.selector.unregister(self.socket)
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.received, self.length = b"", -1
        self.started = time.perf_counter()
        self.socket.sendall(data)

    def receive(self) -> tuple[int, bytes] | None:
        """Return (status, whole answer) when it is complete; status 0 when the server hung up."""
        chunk = self.socket.recv(262_144)
        if not chunk:
            return 0, self.received
        self.received += chunk
        if self.length < 0:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return None
            head = self.received[:end].lower()
            mark = head.find(b"content-length:")
            if mark < 0 and int(self.received[9:12]) not in (204, 304):
                raise RuntimeError(f"An answer without Content-Length: {self.received[:300]!r}")
            size = int(head[mark + 15 :].split(b"\r\n", 1)[0]) if mark >= 0 else 0
            self.length = end + 4 + size
        if len(self.received) < self.length:
            return None
        return int(self.received[9:12]), self.received


def _loop(
    port: int, connections: int, seconds: float, requests: Iterator[bytes], expected: set[int]
) -> Result:
    selector = selectors.DefaultSelector()
    lines = [_Connection(("127.0.0.1", port), selector) for _ in range(connections)]
    result = Result(0.0, [], Counter())
    begin = time.perf_counter()
    deadline = begin + seconds
    busy = 0
    for line in lines:
        if (data := next(requests, None)) is not None:
            line.send(data)
            busy += 1
    while busy:
        for key, _events in selector.select(timeout=30):
            line = key.data
            answer = line.receive()
            if answer is None:
                continue
            now = time.perf_counter()
            status, received = answer
            result.statuses[status] += 1
            if status in expected:
                result.latencies.append((now - line.started) * 1000)
            elif len(result.wrong) < 3:
                result.wrong.append(received[-400:].decode(errors="replace"))
            if status == 0 or b"connection: close" in received[:400].lower():
                line.close()
                line.open()
            data = next(requests, None) if now < deadline else None
            if data is None:
                busy -= 1
            else:
                line.send(data)
    result.seconds = time.perf_counter() - begin
    for line in lines:
        line.close()
    return result


def drive(
    port: int,
    requests: Callable[[], Iterable[bytes]],
    *,
    connections: int,
    seconds: float = math.inf,
    expected: Iterable[int] = (200,),
) -> Result:
    """Send ``requests()`` over N connections, until they are used up or the seconds are over."""
    return in_process(lambda: _loop(port, connections, seconds, iter(requests()), set(expected)))


def in_process(act: Callable[[], Any]) -> Any:
    """Run ``act`` in a forked process and return what it returns. It must not use the parent's connections."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)

    def run() -> None:
        try:
            theirs.send(act())
        except BaseException as error:
            theirs.send(RuntimeError(f"{type(error).__name__}: {error}"))
            raise

    child = context.Process(target=run)
    child.start()
    theirs.close()
    try:
        answer = ours.recv()
    finally:
        child.join()
    if isinstance(answer, RuntimeError):
        raise answer
    return answer


def fetch(port: int, data: bytes) -> tuple[int, bytes]:
    """Send one request and return (status, body)."""
    selector = selectors.DefaultSelector()
    line = _Connection(("127.0.0.1", port), selector)
    line.send(data)
    while (answer := line.receive()) is None:
        pass
    line.close()
    status, received = answer
    return status, received.split(b"\r\n\r\n", 1)[-1]
