"""The demo's data folder: who uses it now, what is in it, and how to delete only what the demo made."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class FolderUnusable(Exception):
    """The data folder cannot be used now; the text says why."""


@dataclass(frozen=True)
class DataFolder:
    """A data folder that this process alone runs a demo in."""

    path: Path

    @property
    def logs(self) -> Path:
        """Where the parts of the demo write their logs."""
        return self.path / "demo" / "logs"

    @property
    def mails(self) -> Path:
        """Where the mailbox keeps its mails."""
        return self.path / "demo" / "mails"

    @classmethod
    @contextmanager
    def claim(cls, path: Path) -> Iterator[DataFolder]:
        """Creates the folder where needed and keeps every other demo out of it.

        Raises FolderUnusable when a demo is running in it or it cannot be made.
        """
        path = path.expanduser().resolve()
        data = cls(path)
        try:
            data.logs.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise FolderUnusable(f"{path} is not a folder. Choose another MACHINOMA_DATA.") from None
        with (path / "demo" / "running").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise FolderUnusable(
                    f"A demo is already running with the data folder {path}. Stop it first, or give this one "
                    "its own folder and port:  make demo PORT=8001 MACHINOMA_DATA=.data-2"
                ) from None
            yield data

    def secret_key(self) -> str:
        """SECRET_KEY from the environment, or one made up at the first start and kept."""
        given = os.environ.get("SECRET_KEY", "").strip()
        if given:
            return given
        file = self.path / "secret-key"
        if not file.exists():
            fresh = file.with_name("secret-key.new")
            fresh.unlink(missing_ok=True)
            with open(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
                out.write(secrets.token_urlsafe(50) + "\n")
            fresh.replace(file)
        return file.read_text().strip()

    def delete(self) -> None:
        """Deletes what the demo made, and the folder itself if nothing else is in it.

        The server must be stopped. Things that are not recognised stay.
        """
        for name, mark in (
            ("postgres", "machinoma.conf"),
            ("static", "staticfiles.json"),
            ("postgres.new", ""),
        ):
            if (self.path / name / mark).exists():
                shutil.rmtree(self.path / name)
        for name in ("secret-key", "secret-key.new", "database-url", "postgres.lock"):
            (self.path / name).unlink(missing_ok=True)
        shutil.rmtree(self.path / "demo")
        if not any(self.path.iterdir()):
            self.path.rmdir()
