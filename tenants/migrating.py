"""Bring every municipality's schema up to date: a migration runs once, the others replay its SQL.

Django's own way (django-tenants' ``migrate_schemas``) builds all models' history again for every schema. Here a
migration is rehearsed on the template, undone, and its SQL replayed in each schema in one short transaction of its
own. The template comes last, so a run that was cut off goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import Error, connection, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django_tenants.routers import TenantSyncRouter

from tenants.context import inside, inside_public
from tenants.models import Municipality
from tenants.recording import apply, rehearse
from tenants.template import TEMPLATE_SCHEMA, refresh_template_sql, template

Say = Callable[[str], None]
Key = tuple[str, str]

# One statement reads the migrations of this many schemas: bounded locks, however many municipalities there are.
_SCHEMAS_PER_QUERY = 100
# A migration that waits for a busy table makes every request behind it wait too: give up soon, try again later.
_LOCK_TIMEOUT = "3s"
_ATTEMPTS = 3
_ONE_AT_A_TIME = 7_268_941_302


class MigrationFailed(Exception):
    """Some municipalities could not be migrated; the text names them. The next run goes on from there."""


def prepare_database(*, say: Say) -> None:
    """Migrate schema public, the template and every municipality; nothing happens where nothing is to do.

    ``say`` is told each step. Raises MigrationFailed.
    """
    with inside_public(), _alone():
        say("Schema public …")
        call_command("migrate_schemas", schema_name="public", verbosity=0, interactive=False)
        count = migrate_municipalities(say=say)
        refresh_template_sql()
        say(f"{count} municipalities are up to date.")


def migrate_municipalities(*, say: Say) -> int:
    """Run what is missing in every municipality and in the template. Returns how many municipalities there are.

    Raises MigrationFailed.
    """
    _make_template_schema()
    with inside_public():
        municipalities = list(Municipality.objects.exclude(schema_name="public").order_by("schema_name"))
    known = applied_migrations([TEMPLATE_SCHEMA, *(one.schema_name for one in municipalities)])
    behind = _Behind(municipalities, known)
    for migration, state in _history():
        key = (migration.app_label, migration.name)
        here = behind.lacking(key)
        in_template = key in known[TEMPLATE_SCHEMA]
        if here or not in_template:
            say(f"{migration} in {len(here)} municipalities …")
            _migrate(migration, state, here, behind, in_template=in_template)
    behind.complain()
    return len(municipalities)


def applied_migrations(schemas: Sequence[str]) -> dict[str, set[Key]]:
    """Return the migrations each schema has (a schema without the table: none), in few queries."""
    applied: dict[str, set[Key]] = {schema: set() for schema in schemas}
    for start in range(0, len(schemas), _SCHEMAS_PER_QUERY):
        for schema, app, name in _applied_in(schemas[start : start + _SCHEMAS_PER_QUERY]):
            applied[schema].add((app, name))
    return applied


class _Behind:
    """Which municipalities lack what; one that failed is left out of the migrations after it."""

    def __init__(self, municipalities: list[Municipality], known: dict[str, set[Key]]) -> None:
        self.municipalities = municipalities
        self.known = known
        self.failed: dict[str, str] = {}

    def lacking(self, key: Key) -> list[Municipality]:
        return [
            one
            for one in self.municipalities
            if one.schema_name not in self.failed and key not in self.known[one.schema_name]
        ]

    def complain(self) -> None:
        if self.failed:
            raise MigrationFailed(
                "; ".join(f"{schema}: {why}" for schema, why in sorted(self.failed.items()))
            )


def _migrate(
    migration: Migration,
    state: ProjectState,
    places: list[Municipality],
    behind: _Behind,
    *,
    in_template: bool,
) -> None:
    script = None
    if places and not in_template:
        with _named(migration), inside(template()):
            script = rehearse(migration, state)
    for place in places:
        try:
            _patiently(place, migration, state, script)
        except Error as error:
            behind.failed[place.schema_name] = f"{migration}: {_first_line(error)}"
    if not in_template and not behind.failed:
        with _named(migration):
            _patiently(template(), migration, state, script)


@contextmanager
def _named(migration: Migration) -> Iterator[None]:
    """What the template refuses, every municipality would refuse: end the run."""
    try:
        yield
    except Error as error:
        raise MigrationFailed(f"{TEMPLATE_SCHEMA}: {migration}: {_first_line(error)}") from error


def _first_line(error: Error) -> str:
    return str(error).strip().splitlines()[0]


def _patiently(place: Municipality, migration: Migration, state: ProjectState, script: str | None) -> None:
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with inside(place):
                _run(migration, state, script)
            return
        except Error as error:
            if attempt == _ATTEMPTS or not _was_only_busy(error):
                raise


def _was_only_busy(error: Error) -> bool:
    return getattr(error.__cause__, "sqlstate", None) == "55P03"


def _run(migration: Migration, state: ProjectState, script: str | None) -> None:
    """Run one migration in the current schema and note it there: both or neither, unless it is not atomic."""
    if not migration.atomic:
        apply(migration, state)
        _note(migration)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
        if script is None:
            apply(migration, state)
        elif script:
            cursor.execute(script)
        _note(migration)


def _note(migration: Migration) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())",
            [migration.app_label, migration.name],
        )


def _history() -> Iterator[tuple[Migration, ProjectState]]:
    """Yield every migration of a municipality's apps, oldest first, with the models as they were before it."""
    router = TenantSyncRouter()
    with inside(template()):
        loader = MigrationExecutor(connection).loader
        labels = {key[0] for key in loader.graph.nodes if router.app_in_list(key[0], settings.TENANT_APPS)}
        targets = [key for key in loader.graph.leaf_nodes() if key[0] in labels]
        plan: list[Migration] = []
        for target in targets:
            plan += [loader.graph.nodes[key] for key in loader.graph.forwards_plan(target)]
    state = ProjectState(real_apps=loader.unmigrated_apps)
    for migration in dict.fromkeys(plan):
        yield migration, state
        state = migration.mutate_state(state, preserve=True)


def _make_template_schema() -> None:
    with inside_public(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {TEMPLATE_SCHEMA}")
    with inside(template()):
        MigrationRecorder(connection).ensure_schema()


def _applied_in(schemas: Sequence[str]) -> list[tuple[str, str, str]]:
    with inside_public(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT s FROM unnest(%s::text[]) s WHERE to_regclass(s || '.django_migrations') IS NOT NULL",
            [list(schemas)],
        )
        there = [row[0] for row in cursor.fetchall()]
        if not there:
            return []
        # S608: the names come from the register, whose constraint allows m and six digits only.
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{one}', app, name FROM {one}.django_migrations" for one in there)  # noqa: S608
        )
        return list(cursor.fetchall())


@contextmanager
def _alone() -> Iterator[None]:
    """Two deployments at once: the second waits for the first and then finds nothing to do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_ONE_AT_A_TIME])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_AT_A_TIME])
