"""The test database: built once by the product's own provisioning, copied for every run.

``test_machinoma_seed_<fingerprint>`` holds two municipalities as they are after provisioning; PostgreSQL copies it
to ``test_machinoma`` at the start of each run, so every run starts clean and fast. Where several processes share the
tests, each has a copy of its own (``test_machinoma_gw0`` …). The fingerprint is made of everything that decides what
is in it (see ``SOURCES``): change one, and the seed is built anew.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from tenants.context import inside_public
from tenants.hosts import forget_hosts
from tenants.migrating import prepare_database
from tenants.models import Municipality
from tenants.services import create_municipality

ROOT = Path(__file__).resolve().parent.parent
FAMILY = "test_machinoma"
# pytest-xdist names its processes gw0, gw1, …; the only one has no name.
NAME = "_".join([FAMILY, *filter(None, [os.environ.get("PYTEST_XDIST_WORKER")])])
_RESTART = """
SELECT setval(c.oid::regclass, s.seqstart, false) FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
WHERE c.relnamespace = '{schema}'::regnamespace"""
# Any number nobody else locks on this server.
_BUILDING_LOCK = 132284082341
SOURCES = (
    "*/migrations/*.py",
    "*/models.py",
    "*/models/*.py",
    "config/settings*.py",
    "tenants/*.py",
    "tenants/postgresql/*.py",
    "facilities/onboarding.py",
    "facilities/ordinance/examples/*.yaml",
    "tests/building.py",
    "constraints.txt",
)
MUNICIPALITIES = (
    {"lg_code": "132284", "name": "あきる野市", "name_en": "Akiruno City", "host": "akiruno.localhost"},
    {"lg_code": "082341", "name": "鉾田市", "name_en": "Hokota City", "host": "hokota.localhost"},
)


def build() -> None:
    """Make a fresh database of the name ``NAME`` and point Django's connection at it."""
    seed = f"{FAMILY}_seed_{_fingerprint()}"
    with _one_builder_at_a_time():
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{FAMILY}_seed_%"])
            seeds = {row[0] for row in cursor.fetchall()}
        if seed not in seeds:
            _build_seed(seed)
        _statement(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        _statement(f"CREATE DATABASE {NAME} TEMPLATE {seed}")
        for old in seeds - {seed}:
            _statement(f"DROP DATABASE IF EXISTS {old}")
    _connect_to(NAME)


def remove(original: str) -> None:
    """Drop the test database, whoever still holds a connection, and point Django back at ``original``."""
    _connect_to(original)
    _statement(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


def restore(municipalities: Iterable[Municipality]) -> None:
    """Put municipalities, schema public's operators and the job queue back as they were at the start, committed."""
    for schema in [*(municipality.schema_name for municipality in municipalities), "public"]:
        _put_back(schema)
    forget_hosts()


@contextmanager
def _one_builder_at_a_time() -> Iterator[None]:
    """The first process builds the seed; the others wait for it and copy."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_BUILDING_LOCK])
        yield


def _build_seed(seed: str) -> None:
    building = f"{FAMILY}_building"
    _statement(f"DROP DATABASE IF EXISTS {building}")
    _statement(f"CREATE DATABASE {building}")
    original = connection.settings_dict["NAME"]
    _connect_to(building)
    try:
        prepare_database(say=lambda sentence: None)
        for facts in MUNICIPALITIES:
            rules = ROOT / "facilities/ordinance/examples" / f"{facts['host'].split('.')[0]}.yaml"
            create_municipality(**facts, rules_text=rules.read_text(encoding="utf-8"), now=timezone.now())
        for schema in ["public", *Municipality.objects.values_list("schema_name", flat=True)]:
            _keep_copy(schema)
    finally:
        _connect_to(original)
    _statement(f"ALTER DATABASE {building} RENAME TO {seed}")


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(str(path.relative_to(ROOT)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _connect_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.set_schema_to_public()


def _statement(sql: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql)


def _tables(schema: str) -> list[str]:
    with inside_public(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r' ORDER BY relname",
            [schema],
        )
        return [row[0] for row in cursor.fetchall()]


def _keep_copy(schema: str) -> None:
    """Keep the rows of every table that has some in schema ``seed_<schema>``."""
    with inside_public(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA seed_{schema}")
        for table in _tables(schema):
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM {schema}."{table}")')
            if cursor.fetchone()[0]:
                cursor.execute(f'CREATE TABLE seed_{schema}."{table}" AS TABLE {schema}."{table}"')


def _put_back(schema: str) -> None:
    """Fill the changed tables with the kept rows; foreign keys are checked at the end of the transaction.

    Emptying only what changed, row by row, takes a tenth of the time of truncating a hundred tables.
    """
    kept = set(_tables(f"seed_{schema}"))
    changed = _changed(schema, kept)
    guarded = [table for table in _tables_with_triggers(schema) if table in changed]  # the ledger refuses it
    script = [f'ALTER TABLE {schema}."{table}" DISABLE TRIGGER USER' for table in guarded]
    script += [f'DELETE FROM {schema}."{table}"' for table in _children_first(schema, changed)]
    for table in sorted(kept & changed):
        name = f'{schema}."{table}"'
        script.append(f'INSERT INTO {name} OVERRIDING SYSTEM VALUE SELECT * FROM seed_{schema}."{table}"')
    script.append(_RESTART.format(schema=schema))
    script += [_counter(schema, table) for table in sorted(kept)]
    # With deferred checks still to come a table cannot be altered.
    script.append("SET CONSTRAINTS ALL IMMEDIATE")
    script += [f'ALTER TABLE {schema}."{table}" ENABLE TRIGGER USER' for table in guarded]
    with inside_public(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(";\n".join(script))


def _changed(schema: str, kept: set[str]) -> set[str]:
    """The tables whose rows are not those kept."""
    questions = []
    for table in _tables(schema):
        rows = f'SELECT r::text FROM {schema}."{table}" r'
        if table in kept:
            seed = f'SELECT r::text FROM seed_{schema}."{table}" r'
            rows = f"({rows} EXCEPT {seed}) UNION ALL ({seed} EXCEPT {rows})"
        questions.append(f"SELECT '{table}' WHERE EXISTS ({rows})")
    with inside_public(), connection.cursor() as cursor:
        cursor.execute("\nUNION ALL\n".join(questions))
        return {row[0] for row in cursor.fetchall()}


def _children_first(schema: str, tables: set[str]) -> list[str]:
    """The tables in an order in which they may be emptied: keys that are checked at once come before their goals."""
    before: dict[str, set[str]] = {table: set() for table in tables}
    with inside_public(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT child.relname, parent.relname FROM pg_constraint k "
            "JOIN pg_class child ON child.oid = k.conrelid JOIN pg_class parent ON parent.oid = k.confrelid "
            "WHERE k.contype = 'f' AND NOT k.condeferrable AND k.conrelid <> k.confrelid "
            "AND child.relnamespace = %s::regnamespace AND parent.relnamespace = child.relnamespace",
            [schema],
        )
        for child, parent in cursor.fetchall():
            if child in tables and parent in tables:
                before[parent].add(child)
    return list(TopologicalSorter(before).static_order())


def _tables_with_triggers(schema: str) -> list[str]:
    with inside_public(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE c.relnamespace = %s::regnamespace AND NOT t.tgisinternal",
            [schema],
        )
        return [row[0] for row in cursor.fetchall()]


def _counter(schema: str, table: str) -> str:
    return f"""
        DO $$ DECLARE col text; BEGIN
          SELECT attname INTO col FROM pg_attribute
           WHERE attrelid = '{schema}."{table}"'::regclass AND attidentity <> '' AND NOT attisdropped;
          IF col IS NOT NULL THEN
            EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L), max(%I)) FROM %s',
                           '{schema}."{table}"', col, col, '{schema}."{table}"');
          END IF;
        END $$"""
