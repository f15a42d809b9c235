"""How gunicorn serves the product, in production as in the demo: `gunicorn -c config/gunicorn.py`.

Every value that differs between machines comes from the environment; docs/running.md has the table.
"""

from __future__ import annotations

import gc
import os
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.urls import get_resolver

wsgi_app = "config.wsgi:application"
bind = os.environ.get("WEB_BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)

# A thread keeps its own database connection, so connections = workers x threads.
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS") or 4)

# Loaded once and shared by the workers; a new version needs a restart, not a reload.
preload_app = True

# A request that takes longer than this is stuck (seconds); a stop lets running ones finish.
timeout = 60
graceful_timeout = 20

# No keep-alive: a connection that stays open stays with the worker that accepted it, and one worker ends up with most
# of them while the other has nothing to do (half the throughput, at random). The proxy keeps the browsers' open.
keepalive = 0

# The longest address is a search with many filters; longer ones are refused with 414 or 431.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190

# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108

# The product writes its own line per request, without personal data.
accesslog = None
errorlog = "-"

# One socket per home folder: the second server on a machine would quarrel with the first.
control_socket_disable = True


def when_ready(_server: object) -> None:
    """Loads what the first request would load, then takes it all out of the garbage collector's sight.

    Full collections over the loaded code cost 10 to 20 ms each, at the worst moments.
    """
    for urlconf in (settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF):
        _ = get_resolver(urlconf).url_patterns
    # A connection must never be shared by two processes.
    connections.close_all()
    gc.collect()
    gc.freeze()


def post_fork(_server: object, _worker: object) -> None:
    """Collects less often: a request's own garbage is mostly freed without the collector."""
    gc.set_threshold(50_000, 20, 50)
