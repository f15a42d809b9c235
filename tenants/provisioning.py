"""Make and remove the schema of a municipality."""

from __future__ import annotations

from django.db import connection, transaction

from tenants.context import inside, inside_public
from tenants.models import Municipality
from tenants.template import schema_sql


def make_schema(municipality: Municipality) -> None:
    """Create the municipality's schema as the template has it: one script, in the caller's transaction.

    Raises NotPrepared, and ProgrammingError when the schema exists.
    """
    script = schema_sql(municipality.schema_name)
    with transaction.atomic():
        with inside_public(), connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {connection.ops.quote_name(municipality.schema_name)}")
        with inside(municipality), connection.cursor() as cursor:
            cursor.execute(script)


def drop_schema(schema_name: str) -> None:
    """Delete a schema with everything in it, for good."""
    with inside_public(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {connection.ops.quote_name(schema_name)} CASCADE")
