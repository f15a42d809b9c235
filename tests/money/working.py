"""The worker inside the test's own process: the product's jobs, from the product's queue, at the test's time."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import orjson
from django.db import connection, transaction
from procrastinate.contrib.django import app

from tenants.context import inside_public
from tests.money.crashing import Crash

# Mails, permits and doors have tests of their own.
OURS = ("payments.", "booking.charge_settled")
MOST_TRIES = 8
_DUE = """
SELECT id, task_name, args FROM public.procrastinate_jobs
WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= %s) ORDER BY id
"""
_WAITING = "SELECT count(*) FROM public.procrastinate_jobs WHERE task_name LIKE ANY(%s)"


class Worker:
    """Runs what is due. A job that fails is tried again later, one that is cut off by a crash too."""

    def __init__(self) -> None:
        """Nothing was tried yet."""
        self.tries: Counter[int] = Counter()
        self.given_up: list[str] = []
        self.ran = 0

    def work(self, now: datetime) -> bool:
        """Run each job that is due once; return whether anything was left to do. A crash ends the round."""
        with connection.cursor() as cursor:
            cursor.execute(_DUE, [now])
            rows = cursor.fetchall()
        done = False
        for job_id, name, arguments in rows:
            if not name.startswith(OURS):
                self._forget(job_id)
                continue
            done = True
            self._run(job_id, name, arguments, now)
        return done

    def has_work(self) -> bool:
        """Whether a job of ours waits, due or not."""
        with connection.cursor() as cursor:
            cursor.execute(_WAITING, [[f"{one}%" for one in OURS]])
            return bool(cursor.fetchone()[0])

    def _run(self, job_id: int, name: str, arguments: str | dict, now: datetime) -> None:
        said = orjson.loads(arguments) if isinstance(arguments, str) else arguments
        try:
            app.tasks[name].func(**said)
        except Crash:
            raise
        except Exception as error:
            self._again(job_id, name, error, now)
        else:
            self.ran += 1
            self._forget(job_id)

    def _again(self, job_id: int, name: str, error: Exception, now: datetime) -> None:
        self.tries[job_id] += 1
        if self.tries[job_id] >= MOST_TRIES:
            self.given_up.append(f"{name}: {error!r}")
            self._forget(job_id)
            return
        later = now + timedelta(seconds=3 ** self.tries[job_id])
        self._write("UPDATE public.procrastinate_jobs SET scheduled_at = %s WHERE id = %s", [later, job_id])

    def _forget(self, job_id: int) -> None:
        self._write("DELETE FROM public.procrastinate_jobs WHERE id = %s", [job_id])

    def _write(self, statement: str, values: list) -> None:
        with inside_public(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
