"""Compare the schemas as they are with the template: what a municipality lacks, what lies where it must not."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.apps import apps
from django.conf import settings
from django.db import connection
from django_tenants.routers import TenantSyncRouter

from tenants.context import inside_public
from tenants.models import Municipality
from tenants.template import TEMPLATE_SCHEMA

# One word per thing a schema can hold, with what must be the same. Definitions are printed without the schema's
# name, so that they can be compared.
_CONTENTS = """
SELECT n.nspname, 'table ' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = ANY(%(schemas)s) AND c.relkind IN ('r', 'v', 'm', 'p', 'f')
UNION ALL
SELECT n.nspname, 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
       || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || ' ' || a.attidentity::text || a.attgenerated::text
       || coalesce(' default ' || replace(pg_get_expr(d.adbin, d.adrelid), n.nspname || '.', ''), '')
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE n.nspname = ANY(%(schemas)s) AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT n.nspname, 'constraint ' || c.relname || '.' || k.conname || ' '
       || replace(pg_get_constraintdef(k.oid), n.nspname || '.', '')
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = k.connamespace
 WHERE n.nspname = ANY(%(schemas)s) AND k.contype <> 'n'
UNION ALL
SELECT n.nspname, 'index ' || replace(pg_get_indexdef(i.indexrelid), n.nspname || '.', '')
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = ANY(%(schemas)s)
UNION ALL
SELECT n.nspname, 'sequence ' || c.relname || ' ' || concat_ws(' ', s.seqtypid::regtype, s.seqstart, s.seqincrement,
       s.seqmax, s.seqmin, s.seqcycle)
  FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = ANY(%(schemas)s)
UNION ALL
SELECT n.nspname, 'trigger ' || replace(pg_get_triggerdef(t.oid), n.nspname || '.', '')
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = ANY(%(schemas)s) AND NOT t.tgisinternal
UNION ALL
SELECT n.nspname, 'function ' || replace(pg_get_functiondef(p.oid), n.nspname, '')
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname = ANY(%(schemas)s) AND p.prokind IN ('f', 'p')
"""

# PostgreSQL prints ``x IN ('a', 'b')`` in one way when it was written by hand and in another when it was printed.
_LITERAL = r"'(?:[^']|'')*'::character varying"
_LIST = re.compile(rf"\(ARRAY\[({_LITERAL}(?:, {_LITERAL})*)\]\)::text\[\]")


def schema_contents(schemas: Iterable[str]) -> dict[str, set[str]]:
    """Return what each schema holds, one line per table, column, constraint, index, sequence, trigger, function."""
    contents: dict[str, set[str]] = {schema: set() for schema in schemas}
    with inside_public(), connection.cursor() as cursor:
        cursor.execute(_CONTENTS, {"schemas": list(contents)})
        for schema, line in cursor.fetchall():
            contents[schema].add(_LIST.sub(_as_printed, line))
    return contents


def _as_printed(found: re.Match[str]) -> str:
    return f"ARRAY[{re.sub(_LITERAL, lambda literal: f'({literal[0]})::text', found[1])}]"


def faults() -> list[str]:
    """Return what is wrong, one sentence each; an empty list is health."""
    with inside_public():
        schemas = list(Municipality.objects.order_by("schema_name").values_list("schema_name", flat=True))
    wanted = schema_contents([TEMPLATE_SCHEMA])[TEMPLATE_SCHEMA]
    if not wanted:
        return ["There is no template: run prepare_database."]
    found = []
    for schema in schemas:
        # One at a time: thousands of schemas at once would need as much memory.
        there = schema_contents([schema])[schema]
        found += [f"{schema} lacks {line}" for line in sorted(wanted - there)]
        found += [f"{schema} has besides {line}" for line in sorted(there - wanted)]
    return found + _strays_in_public() + _schemas_without_a_row(schemas)


def _strays_in_public() -> list[str]:
    """Tables of municipalities' apps in schema public: rows there would belong to nobody."""
    router = TenantSyncRouter()
    municipal = {
        f"table {model._meta.db_table}"
        for model in apps.get_models(include_auto_created=True)
        if not router.app_in_list(model._meta.app_label, settings.SHARED_APPS)
    }
    return [f"public has {line}" for line in sorted(schema_contents(["public"])["public"] & municipal)]


def _schemas_without_a_row(registered: list[str]) -> list[str]:
    with inside_public(), connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^m[0-9]{6}$' ORDER BY nspname")
        return [f"{row[0]} is in no register" for row in cursor.fetchall() if row[0] not in registered]
