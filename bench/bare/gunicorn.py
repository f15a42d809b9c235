"""The product's gunicorn configuration, without what loads the product."""

from __future__ import annotations

import gc

from config.gunicorn import *  # noqa: F403


def when_ready(_server: object) -> None:
    """Take what is loaded out of the garbage collector's sight, as the product does."""
    gc.collect()
    gc.freeze()
