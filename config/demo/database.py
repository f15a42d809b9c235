"""Which PostgreSQL a command uses: the one in DATABASE_URL, or the embedded one."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from config.demo.postgres import PostgresFailed, ensure_postgres, stop_postgres

OLDEST_POSTGRES = 15


class DatabaseUnusable(Exception):
    """The PostgreSQL in DATABASE_URL cannot be used; the text says why."""


@dataclass(frozen=True)
class Database:
    """A PostgreSQL that answers. `embedded`: ours, in the data folder, to be stopped by us."""

    url: str
    embedded: bool
    data: Path

    def close(self) -> None:
        """Stops the embedded server; leaves a server that is not ours alone."""
        if self.embedded:
            stop_postgres(self.data)


def open_database(data: Path) -> Database:
    """Returns the database in DATABASE_URL when that is set, else starts the embedded server in `data`.

    Raises DatabaseUnusable (unreachable, or older than PostgreSQL 15) and postgres.PostgresFailed.
    """
    url = os.environ.get("DATABASE_URL", "").strip()
    if not url:
        try:
            return Database(url=ensure_postgres(data), embedded=True, data=data)
        except BaseException:
            with suppress(PostgresFailed):
                stop_postgres(data)
            raise
    check_server(url)
    return Database(url=url, embedded=False, data=data)


def check_server(url: str) -> None:
    """Raises DatabaseUnusable unless the server answers, is new enough and keeps text as UTF-8."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10000
            encoding = connection.info.parameter_status("server_encoding")
    except psycopg.Error as failure:
        raise DatabaseUnusable(
            f"The PostgreSQL in DATABASE_URL cannot be reached: {str(failure).strip()}"
        ) from None
    if version < OLDEST_POSTGRES:
        raise DatabaseUnusable(
            f"The PostgreSQL in DATABASE_URL is version {version}; "
            f"Machinoma needs {OLDEST_POSTGRES} or newer."
        )
    if encoding != "UTF8":
        raise DatabaseUnusable(
            f"The database in DATABASE_URL keeps text as {encoding}; create it with ENCODING 'UTF8'."
        )
