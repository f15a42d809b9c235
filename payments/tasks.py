"""The clerk's tasks about money: opened once for their cause, closed by a person or by what settled them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from payments.models import Task
from payments.refunds.errors import ReasonNeeded, TaskClosed, TaskNotFound

# What is closed by doing what it asks for, not by ticking it off.
DONE_ELSEWHERE = frozenset({Task.Kind.REFUND_UNDECIDED})


def open_task(
    *,
    kind: Task.Kind,
    cause: str,
    now: datetime,
    charge_id: int | None = None,
    refund_id: int | None = None,
    facts: dict[str, Any] | None = None,
) -> Task:
    """Let a person look at something, once for its cause; a closed task stays closed."""
    task, _made = Task.objects.get_or_create(
        kind=kind,
        cause=cause,
        defaults={
            "charge_id": charge_id,
            "refund_id": refund_id,
            "facts": facts or {},
            "opened_at": now,
        },
    )
    return task


@transaction.atomic
def close_task(*, task_id: int, staff_id: int, note: str, now: datetime) -> None:
    """Note that a person has seen to a task, and how. Raises TaskNotFound, TaskClosed, ReasonNeeded."""
    if not note.strip():
        raise ReasonNeeded
    task = Task.objects.select_for_update(no_key=True).filter(pk=task_id).first()
    if task is None:
        raise TaskNotFound
    if task.closed_at or task.kind in DONE_ELSEWHERE:
        raise TaskClosed
    task.closed_at, task.closed_by_id, task.note = now, staff_id, note.strip()
    task.save(update_fields=["closed_at", "closed_by", "note"])


def open_tasks(facility_ids: Collection[int] | None) -> QuerySet[Task]:
    """Return the open tasks of these halls, the oldest first; None: all, also those of no hall."""
    tasks = Task.objects.filter(closed_at=None).select_related("charge__facility", "refund", "attempt")
    return _of(tasks, facility_ids).order_by("opened_at", "pk")


def closed_tasks(facility_ids: Collection[int] | None) -> QuerySet[Task]:
    """Return the closed tasks of these halls, the latest first; None: all."""
    tasks = Task.objects.filter(closed_at__isnull=False).select_related("charge__facility", "closed_by")
    return _of(tasks, facility_ids).order_by("-closed_at", "-pk")


def task_of(task_id: int, facility_ids: Collection[int] | None) -> Task:
    """Return a task of these halls. Raises TaskNotFound."""
    tasks = Task.objects.select_related("charge__facility", "refund", "attempt", "closed_by")
    found = _of(tasks, facility_ids).filter(pk=task_id).first()
    if found is None:
        raise TaskNotFound
    return found


def _of(tasks: QuerySet[Task], facility_ids: Collection[int] | None) -> QuerySet[Task]:
    if facility_ids is None:
        return tasks
    mine = Q(charge__facility_id__in=facility_ids) | Q(attempt__parts__charge__facility_id__in=facility_ids)
    return tasks.filter(mine).distinct()
