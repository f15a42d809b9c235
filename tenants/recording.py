"""Run one migration in one schema and write down its SQL, so that every other schema can replay it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.migrations import Migration, RunPython, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

_READS = ("SELECT", "SET SEARCH_PATH", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


@dataclass(frozen=True, slots=True)
class Recording:
    """What a migration did. ``script`` is its SQL, or None when it must run the ordinary way in every schema."""

    state: ProjectState
    script: str | None


class _RolledBack(Exception):
    """Leaves the transaction of a rehearsal."""


def is_replayable(migration: Migration) -> bool:
    """Say whether the SQL of a migration is the same in every schema: atomic, and no Python that reads rows."""
    return bool(migration.atomic) and not any(_runs_python(one) for one in _flat(migration.operations))


def rehearse(migration: Migration, state: ProjectState) -> str | None:
    """Run ``migration`` here, note its SQL and undo it all. None: it cannot be replayed as SQL."""
    script: str | None = None
    try:
        with transaction.atomic():
            script = apply(migration, state).script
            raise _RolledBack
    except _RolledBack:
        return script


def apply(migration: Migration, state: ProjectState) -> Recording:
    """Run ``migration`` here (which does not note it in django_migrations) and return the state after it."""
    if not is_replayable(migration):
        with connection.schema_editor(atomic=migration.atomic) as editor:
            return Recording(migration.apply(state.clone(), editor), None)
    recorded: list[str] = []
    written: list[str] = []
    with connection.execute_wrapper(_note_writes(written)), connection.schema_editor(atomic=True) as editor:
        # Deferred statements (foreign keys, indexes) run through the same method when the editor closes.
        editor.execute = _noting(editor.execute, recorded)  # type: ignore[method-assign]
        after = migration.apply(state.clone(), editor)
    # Something wrote past the schema editor: then its SQL is not all here.
    complete = all(statement in recorded for statement in written)
    return Recording(
        after, "".join(f"{one.rstrip().rstrip(';')};\n" for one in recorded) if complete else None
    )


def _noting(execute: Callable[..., None], recorded: list[str]) -> Callable[..., None]:
    def note(sql: Any, params: Iterable[Any] | None = ()) -> None:
        text = str(sql)
        recorded.append(connection.ops.compose_sql(text, params) if params else text)  # type: ignore[attr-defined]
        execute(sql, params)

    return note


def _note_writes(written: list[str]) -> Callable[..., Any]:
    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not sql.lstrip().upper().startswith(_READS):
            written.append(sql)
        return execute(sql, params, many, context)

    return note


def _flat(operations: Iterable[Operation]) -> Iterable[Operation]:
    for operation in operations:
        if isinstance(operation, SeparateDatabaseAndState):
            yield from _flat(operation.database_operations)
        else:
            yield operation


def _runs_python(operation: Operation) -> bool:
    return isinstance(operation, RunPython) and operation.code is not RunPython.noop
