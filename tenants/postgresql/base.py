"""Database backend: django-tenants' backend with a search path that never contains ``public`` inside a tenant.

With django-tenants' own path (``tenant, public``) a table that is missing in a municipality's schema is silently
read from ``public``. Here it is an error, so nothing can leak that way. What a tenant may reach in ``public``
(the job queue) is named with its schema: see ``tenants.jobs``.
"""

from __future__ import annotations

from typing import Any

from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantDatabaseWrapper
from django_tenants.utils import get_public_schema_name


class DatabaseWrapper(TenantDatabaseWrapper):  # type: ignore[misc]
    """A connection whose search path is exactly one schema."""

    def set_tenant(self, tenant: Any, include_public: bool = False) -> None:
        """Enter ``tenant``'s schema and no other; ``include_public`` is ignored on purpose."""
        super().set_tenant(tenant, include_public=tenant.schema_name == get_public_schema_name())

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Set the search path before a cursor is used, unless the server says that it is right already.

        PostgreSQL 18 tells the client of every change of its search path, also of one that a rollback undid. Older
        ones do not, and get a SET each time. (TENANT_LIMIT_SET_CALLS, which is forbidden, trusts the client's memory.)
        """
        if self.schema_name and self.connection.info.parameter_status("search_path") == self.schema_name:
            return
        super()._handle_search_path(cursor)
