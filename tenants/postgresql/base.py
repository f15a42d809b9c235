"""Database backend: django-tenants' backend with a search path that never contains ``public`` inside a tenant.

With django-tenants' own path (``tenant, public``) a table that is missing in a municipality's schema is silently
read from ``public``. Here it is an error, so nothing can leak that way. What a tenant may reach in ``public``
(the job queue) is named with its schema: see ``tenants.jobs``.
"""

from __future__ import annotations

from typing import Any

from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantDatabaseWrapper
from django_tenants.utils import get_public_schema_name

# The server keeps what it knows of every table a connection has touched: some 0.4 MB for each municipality.
MOST_SCHEMAS = 250


class DatabaseWrapper(TenantDatabaseWrapper):  # type: ignore[misc]
    """A connection whose search path is exactly one schema, and which is renewed when it has been in many."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._visited: set[str] = set()
        super().__init__(*args, **kwargs)

    def close(self) -> None:
        """Close the connection; the next one has visited nothing."""
        self._visited.clear()
        super().close()

    def close_if_unusable_or_obsolete(self) -> None:
        """Close, between requests, a connection that is old, broken, or has been in MOST_SCHEMAS schemas."""
        if len(self._visited) >= MOST_SCHEMAS and not self.in_atomic_block:
            self.close()
        super().close_if_unusable_or_obsolete()

    def set_tenant(self, tenant: Any, include_public: bool = False) -> None:
        """Enter ``tenant``'s schema and no other; ``include_public`` is ignored on purpose."""
        super().set_tenant(tenant, include_public=tenant.schema_name == get_public_schema_name())

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Set the search path before a cursor is used, unless the server says that it is right already.

        PostgreSQL 18 tells the client of every change of its search path, also of one that a rollback undid. Older
        ones do not, and get a SET each time. (TENANT_LIMIT_SET_CALLS, which is forbidden, trusts the client's memory.)
        """
        self._visited.add(self.schema_name)
        if self.schema_name and self.connection.info.parameter_status("search_path") == self.schema_name:
            return
        super()._handle_search_path(cursor)
