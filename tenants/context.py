"""The only doors into a municipality's schema.

Never ``with tenant:``, never a decorator, never a bare thread inside: the schema belongs to the connection, and
the connection to one thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from django.db import connection
from django_tenants.utils import get_public_schema_name, tenant_context  # noqa: TID251 (this is the door)

from tenants.models import Municipality


@contextmanager
def inside(municipality: Municipality) -> Iterator[Municipality]:
    """Run the block in ``municipality``'s schema and come back to where we were, also after an error."""
    with tenant_context(municipality):
        yield municipality


@contextmanager
def inside_public() -> Iterator[None]:
    """Run the block in schema public (the register of municipalities)."""
    with tenant_context(Municipality(schema_name=get_public_schema_name())):
        yield


def municipality_of(schema_name: str) -> Municipality:
    """Return the municipality of a schema. Raises Municipality.DoesNotExist."""
    with inside_public():
        municipality: Municipality = Municipality.objects.get(schema_name=schema_name)
        return municipality


def each_municipality() -> Iterator[Municipality]:
    """Yield every active municipality by code, inside its schema; the caller's schema is restored after each."""
    with inside_public():
        municipalities = list(
            Municipality.objects.filter(status=Municipality.Status.ACTIVE).order_by("lg_code")
        )
    for municipality in municipalities:
        with inside(municipality):
            yield municipality
        connection.close_if_unusable_or_obsolete()


def current_schema() -> str:
    """Return the name of the schema this thread's connection is in."""
    return str(connection.schema_name)  # type: ignore[attr-defined]


def current_zone() -> ZoneInfo:
    """Return the time zone of the municipality this thread's connection is in."""
    return ZoneInfo(connection.tenant.time_zone)  # type: ignore[attr-defined]
