from __future__ import annotations

import psycopg
import pytest

from config.demo import database
from config.demo.database import DatabaseUnusable, check_server, open_database
from config.demo.postgres import ensure_postgres


def test_server_that_does_not_answer_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(DatabaseUnusable, match="cannot be reached"):
        open_database(tmp_path)


def test_address_that_makes_no_sense_is_named():
    with pytest.raises(DatabaseUnusable, match="cannot be reached"):
        check_server("not an address")


def test_server_that_is_too_old_is_named(data, monkeypatch):
    url = ensure_postgres(data)
    monkeypatch.setattr(database, "OLDEST_POSTGRES", 99)
    with pytest.raises(DatabaseUnusable, match="needs 99 or newer"):
        check_server(url)


def test_database_without_unicode_is_named(data):
    url = ensure_postgres(data)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create database old encoding 'LATIN1' locale 'C' template template0")
    with pytest.raises(DatabaseUnusable, match="LATIN1"):
        check_server(url.replace("/machinoma?", "/old?"))


def test_given_server_is_used_and_left_running(data, monkeypatch, tmp_path):
    url = ensure_postgres(data)
    monkeypatch.setenv("DATABASE_URL", url)
    used = open_database(tmp_path)
    used.close()

    assert used.url == url
    with psycopg.connect(url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
