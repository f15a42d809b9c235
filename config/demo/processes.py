"""Child processes that never outlive the one that started them."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


@dataclass
class Child:
    """A running part of the demo: its plain name, its process and the file with its log."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


@dataclass
class Family:
    """The children, in the order they were started."""

    environment: Mapping[str, str]
    folder: Path
    children: list[Child] = field(default_factory=list)

    def start(self, name: str, command: Sequence[str], *, log: Path, pass_fds: Sequence[int] = ()) -> Child:
        """Starts a child in its own process group; its output goes to `log` (the last run's to `log.1`)."""
        if log.exists():
            log.replace(log.with_name(log.name + ".1"))
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=dict(self.environment),
                pass_fds=pass_fds,
                # Ctrl-C in the terminal reaches the supervisor only, which stops the rest in order.
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )
        child = Child(name, process, log)
        self.children.append(child)
        return child

    def dead(self) -> Child | None:
        """The first child that has ended, or None while all live."""
        return next((child for child in self.children if child.process.poll() is not None), None)

    def stop(self, *, patience: float = 20) -> None:
        """Asks every child to finish its work and end; after `patience` seconds ends it by force."""
        for child in reversed(self.children):
            child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + patience
        for child in reversed(self.children):
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.1, deadline - time.monotonic()))
            # Also what the child itself started and left behind.
            _kill_group(child)
            child.process.wait()
        self.children.clear()


def last_lines(log: Path, count: int = 15) -> str:
    """The end of a log, to show why its process ended."""
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
    except OSError:
        return ""


def _end_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _kill_group(child: Child) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.process.pid, signal.SIGKILL)
