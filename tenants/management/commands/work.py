"""manage.py work: the worker. It runs the jobs of all municipalities, two at a time, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate import App
from procrastinate.contrib.django import app

_log = logging.getLogger("machinoma.worker")

CONCURRENCY = 2
# After SIGTERM or SIGINT running jobs may finish for this long; what is cut off then is run again later.
SECONDS_TO_FINISH = 15.0
# A worker whose heartbeat is this old is dead; its unfinished jobs are run again.
SECONDS_UNTIL_DEAD = 30.0


class Command(BaseCommand):
    """Any number of workers may run; each job is run by one of them."""

    help = "Runs background jobs (mails, door codes, expired holds) until SIGTERM or Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until stopped."""
        with app.replace_connector(app.connector.get_worker_connector()) as worker_app:  # type: ignore[attr-defined]
            asyncio.run(_work(worker_app))


async def _work(worker_app: App) -> None:
    async with worker_app.open_async():
        rescue = asyncio.create_task(_rescue_jobs_of_dead_workers(worker_app))
        _log.info("worker_started", extra={"concurrency": CONCURRENCY})
        try:
            await worker_app.run_worker_async(
                concurrency=CONCURRENCY,
                delete_jobs="successful",
                shutdown_graceful_timeout=SECONDS_TO_FINISH,
                stalled_worker_timeout=SECONDS_UNTIL_DEAD,
            )
        finally:
            rescue.cancel()
            _log.info("worker_stopped")


async def _rescue_jobs_of_dead_workers(worker_app: App) -> None:
    """Put jobs back on the queue whose worker was killed in the middle of them. Jobs are idempotent."""
    while True:
        for job in await worker_app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SECONDS_UNTIL_DEAD):
            await worker_app.job_manager.retry_job(job)
            _log.warning("job_rescued", extra={"job": job.task_name, "job_id": job.id})
        await asyncio.sleep(SECONDS_UNTIL_DEAD)
