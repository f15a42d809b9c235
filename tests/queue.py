"""The job queue in tests: what was enqueued, and running it as the worker would."""

from __future__ import annotations

import orjson
from django.db import connection

from accounts.models import Notice
from frontend.jobs import send, tell


def enqueued(name):
    """Return the arguments of all jobs with this name, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM public.procrastinate_jobs WHERE task_name = %s ORDER BY id", [name])
        return [orjson.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()]


def write_notices():
    """Run every job that writes messages. May be called again: what was written is not written twice."""
    for arguments in enqueued("frontend.tell"):
        tell(**{key: value for key, value in arguments.items() if key != "schema"})


def deliver_notices():
    """Write and send everything people are to be told."""
    write_notices()
    for notice_id in list(Notice.objects.order_by("pk").values_list("pk", flat=True)):
        send(notice_id=notice_id)


def told(kind):
    """Return the messages of one kind, in the order they were written."""
    return list(Notice.objects.filter(kind=kind).order_by("pk"))
