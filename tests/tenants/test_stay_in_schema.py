"""Every cursor is in its municipality's schema, whatever happened to the search path in between."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from tenants.context import inside, inside_public


def where():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('search_path')")
        return cursor.fetchone()[0]


def test_a_rollback_that_undoes_the_search_path_is_noticed(akiruno, hokota):
    with inside(akiruno):
        assert where() == akiruno.schema_name
        with pytest.raises(ZeroDivisionError), transaction.atomic(), inside(hokota):  # noqa: PT012
            assert where() == hokota.schema_name
            raise ZeroDivisionError
        assert where() == akiruno.schema_name


def test_a_savepoint_that_undoes_the_search_path_is_noticed(akiruno, hokota):
    with transaction.atomic(), inside(hokota):
        sid = transaction.savepoint()
        with inside(akiruno):
            assert where() == akiruno.schema_name
            transaction.savepoint_rollback(sid)
            assert where() == akiruno.schema_name
        assert where() == hokota.schema_name


@pytest.mark.parametrize(
    "statement", ["SET search_path = public", "RESET search_path", "SET LOCAL search_path = ''"]
)
def test_a_search_path_that_somebody_changed_by_hand_is_put_right(akiruno, statement):
    with inside(akiruno):
        with connection.cursor() as cursor:
            cursor.execute(statement)
        assert where() == akiruno.schema_name


def test_a_new_or_emptied_connection_is_in_the_schema_too(committed_city):
    with inside(committed_city):
        with connection.cursor() as cursor:
            cursor.execute("DISCARD ALL")
        assert where() == committed_city.schema_name
        connection.close()
        assert where() == committed_city.schema_name


def test_a_connection_that_has_been_in_many_schemas_is_renewed_between_requests(committed_city, monkeypatch):
    monkeypatch.setattr("tenants.postgresql.base.MOST_SCHEMAS", 2)

    def server_process():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return cursor.fetchone()[0]

    connection.close()
    with inside_public():
        first = server_process()
    connection.close_if_unusable_or_obsolete()
    with inside(committed_city):
        assert server_process() == first
    connection.close_if_unusable_or_obsolete()
    with inside(committed_city):
        assert server_process() != first
        assert where() == committed_city.schema_name
