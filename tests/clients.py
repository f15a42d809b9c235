"""A browser for tests: Django's client, bound to one host and logged in inside that host's municipality."""

from __future__ import annotations

from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from django.test import Client

from tenants.context import inside, inside_public


class HostClient(Client):
    """Speaks to one host. The schema the test is in is the same after a request as before."""

    def __init__(self, municipality=None, **defaults):
        with inside_public():
            host = municipality.domains.get(is_primary=True).domain if municipality else settings.PUBLIC_HOST
        super().__init__(HTTP_HOST=host, **defaults)
        self.municipality = municipality
        self.host = host

    def request(self, **request):
        with _schema_kept():
            return super().request(**request)

    @property
    def session(self):
        """The session as it is now; to change it, save it inside the municipality."""
        with self._inside():
            session = super().session
            session.keys()  # reads it now, while we are inside
            return session

    def force_login(self, user, backend=None):
        with self._inside():
            super().force_login(user, backend)

    def login(self, **credentials):
        with self._inside():
            return super().login(**credentials)

    def logout(self):
        with self._inside():
            super().logout()

    def _inside(self):
        return inside(self.municipality) if self.municipality else inside_public()


@contextmanager
def _schema_kept():
    before = connection.tenant
    try:
        yield
    finally:
        connection.set_tenant(before)
