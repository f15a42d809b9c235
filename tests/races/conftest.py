"""Real threads, each with its own connection, released at the same instant on committed data."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from tenants.context import inside

# Far more than any step takes, even on a loaded machine: who waits this long waits for something that never comes.
PATIENCE_SECONDS = 60


@pytest.fixture
def meet():
    """``meet(8)`` is a place where each of eight threads waits until all eight are there.

    So a test decides the order of steps by itself, instead of hoping that some take longer than others. One that does
    not come breaks the place for all: their outcome is ``BrokenBarrierError``.
    """

    def place(threads):
        barrier = threading.Barrier(threads)
        return lambda *args, **kwargs: barrier.wait(timeout=PATIENCE_SECONDS)

    return place


@pytest.fixture
def race(committed_city):
    """Run each act in its own thread inside the municipality; return the outcomes: results and errors by class."""

    def run(acts):
        start = threading.Barrier(len(acts))

        def one(act):
            try:
                with inside(committed_city):
                    start.wait(timeout=PATIENCE_SECONDS)
                    return act()
            except Exception as error:
                return error
            finally:
                connections.close_all()

        with ThreadPoolExecutor(max_workers=len(acts)) as pool:
            return list(pool.map(one, acts))

    return run


def outcomes(results):
    """Count results by class name; a value that is no error counts as ``won``."""
    return Counter(type(one).__name__ if isinstance(one, Exception) else "won" for one in results)


def until(question):
    """Wait until the answer is yes."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not question():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.01)
