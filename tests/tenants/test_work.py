"""The worker as a process: it runs jobs of a municipality, shows that it lives, and stops when told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.db import connection

from tenants import health, jobs
from tenants.context import inside_public
from tests.building import NAME, ROOT

# What the worker's process needs to know of these tests' jobs.
MODULE = """
from django.db import connection
from tenants import jobs
@jobs.job("tests.write")
def write(*, text):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE facilities_room SET note = %s", [text])
@jobs.job("tests.sleep")
def sleep(*, text):
    import time
    write(text="started")
    time.sleep(2)
    write(text=text)
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "work"])
"""


@contextmanager
def a_worker():
    code = "import django; django.setup()" + MODULE
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{NAME}").geturl()
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings_test"}
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=60)


def until(question, seconds=120):
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.1)
    return answer


def one(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def workers():
    with inside_public():
        return one("SELECT count(*) FROM procrastinate_workers")


def jobs_left():
    with inside_public():
        return one("SELECT count(*) FROM procrastinate_jobs")


def notes():
    return one("SELECT string_agg(DISTINCT note, ',') FROM facilities_room")


def test_the_worker_does_the_job_deletes_it_and_stops(committed_city, public_client, monkeypatch):
    monkeypatch.setattr(health, "_ANSWER_SECONDS", 60)
    jobs.enqueue("tests.write", text="done")
    assert public_client.get("/healthz").json()["worker"] == "no heartbeat"
    with a_worker() as worker:
        until(lambda: notes() == "done")
        until(lambda: jobs_left() == 0)
        assert public_client.get("/healthz").json() == {
            "web": "alive",
            "database": "alive",
            "worker": "alive",
        }
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(120) == 0
        log = worker.stderr.read()
    assert "worker_stopped" in log
    for line in log.splitlines():
        assert json.loads(line)["levelname"] in {"INFO", "WARNING"}, line
    assert workers() == 0


def test_a_job_under_way_is_finished_before_stopping(committed_city):
    with a_worker() as worker:
        until(workers)
        jobs.enqueue("tests.sleep", text="finished")
        until(lambda: notes() == "started")
        worker.send_signal(signal.SIGINT)
        assert worker.wait(120) == 0
    assert notes() == "finished"


def test_a_job_whose_worker_was_killed_is_run_again(committed_city):
    job_id = jobs.enqueue("tests.write", text="rescued")
    with inside_public(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '40 seconds') RETURNING id"
        )
        dead = cursor.fetchone()[0]
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [dead, job_id]
        )
    with a_worker():
        until(lambda: notes() == "rescued")
