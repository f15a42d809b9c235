"""Real threads, each with its own connection, released at the same instant on committed data."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from tenants.context import inside


@pytest.fixture
def race(committed_city):
    """Run each act in its own thread inside the municipality; return the outcomes: results and errors by class."""

    def run(acts):
        start = threading.Barrier(len(acts))

        def one(act):
            try:
                with inside(committed_city):
                    start.wait(timeout=60)
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
