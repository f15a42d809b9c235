"""The template: one schema made by ordinary migrations, and the SQL that makes a municipality's schema like it."""

from __future__ import annotations

from django.db import connection

from tenants.catalogue import SCHEMA_MARK, creation_sql
from tenants.context import inside, inside_public
from tenants.errors import NotPrepared
from tenants.models import Municipality, SchemaTemplate

TEMPLATE_SCHEMA = "template_municipality"

# Which migrations the template has: a new one makes new SQL.
_STATE = f"SELECT md5(string_agg(app || '.' || name, ',' ORDER BY app, name)) FROM {TEMPLATE_SCHEMA}.django_migrations"  # noqa: S608


def template() -> Municipality:
    """Return the template as a place to go ``inside``; it is no municipality and has no row in the register."""
    return Municipality(schema_name=TEMPLATE_SCHEMA)


def refresh_template_sql() -> str:
    """Derive the SQL from the template's catalogue, keep it for ``schema_sql`` and return it.

    Call it after the template was migrated. Raises catalogue.NotCopiable.
    """
    with inside(template()):
        script = creation_sql(TEMPLATE_SCHEMA)
    with inside_public():
        state = _template_state()
        SchemaTemplate.objects.exclude(state=state).delete()
        SchemaTemplate.objects.update_or_create(state=state, defaults={"sql": script})
    return script


def schema_sql(schema_name: str) -> str:
    """Return the SQL that fills the empty schema ``schema_name``, to be run inside it. Raises NotPrepared."""
    with inside_public():
        state = _template_state()
        kept = SchemaTemplate.objects.filter(state=state).values_list("sql", flat=True).first()
    script = refresh_template_sql() if kept is None else kept
    return script.replace(SCHEMA_MARK, schema_name)


def _template_state() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f"{TEMPLATE_SCHEMA}.django_migrations"])
        if cursor.fetchone()[0] is None:
            raise NotPrepared
        cursor.execute(_STATE)
        state = cursor.fetchone()[0]
    if state is None:
        raise NotPrepared
    return str(state)
