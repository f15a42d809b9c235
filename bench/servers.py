"""Start and stop production servers for the bench: gunicorn with the product's own configuration."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORKERS = 2


@dataclass(frozen=True)
class Server:
    """A running server and the numbers of its processes (master and workers)."""

    port: int
    pid: int


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def product(environment: dict[str, str], log: Path) -> Iterator[Server]:
    """Serve the product as in production."""
    with _serve(["-c", "config/gunicorn.py"], environment, log) as server:
        yield server


@contextmanager
def bare(application: str, environment: dict[str, str], log: Path) -> Iterator[Server]:
    """Serve a WSGI application of bench/ under the same configuration (workers, threads, garbage collector)."""
    with _serve(["-c", "bench/bare/gunicorn.py", application], environment, log) as server:
        yield server


@contextmanager
def _serve(arguments: list[str], environment: dict[str, str], log: Path) -> Iterator[Server]:
    port = free_port()
    env = {
        **os.environ,
        **environment,
        "PORT": str(port),
        "WEB_BIND": f"127.0.0.1:{port}",
        "WEB_CONCURRENCY": str(WORKERS),
        "PYTHONPATH": str(ROOT),
    }
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *arguments], cwd=ROOT, env=env, stdout=output, stderr=output
        )
        try:
            _wait(process, port, log)
            yield Server(port, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"A server did not start:\n{log.read_text(errors='replace')[-2000:]}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"A server did not answer; see {log}")
