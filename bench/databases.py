"""The bench's own databases: made afresh for every run, never the demo's."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from config.demo.postgres import ensure_postgres, stop_postgres

MAIN = "machinoma_bench"
ALONE = "machinoma_bench_alone"


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL server: the one of ``DATABASE_URL``, or an embedded one in the bench's data folder."""

    url: str
    data: Path
    embedded: bool

    def url_of(self, database: str) -> str:
        """Return the URL of one of its databases."""
        return urlsplit(self.url)._replace(path=f"/{database}").geturl()

    def exists(self, database: str) -> bool:
        """Say whether the database is there."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
            return found.fetchone() is not None

    def create(self, database: str, *, template: str = "template0") -> str:
        """Create the database anew, as a copy of ``template``, and return its URL."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            name = sql.Identifier(database)
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, sql.Identifier(template))
            )
        return self.url_of(database)

    def close(self) -> None:
        """Remove the bench's databases from a server that is not ours; stop the one that is."""
        if self.embedded:
            stop_postgres(self.data)
            return
        with psycopg.connect(self.url, autocommit=True) as connection:
            for database in (ALONE, MAIN):
                connection.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
                )


def open_cluster(data: Path) -> Cluster:
    """Return the server to measure on. ``DATABASE_URL`` must name a role that may create databases."""
    url = os.environ.get("DATABASE_URL", "").strip()
    if url:
        return Cluster(url, data, embedded=False)
    return Cluster(ensure_postgres(data), data, embedded=True)


def facts(cluster: Cluster) -> str:
    """Return the server's version and what it costs to wait for the disk, for the head of the table."""
    with psycopg.connect(cluster.url) as connection:
        version = connection.execute("SELECT current_setting('server_version')").fetchone()
    return f"PostgreSQL {version[0] if version else '?'}"
