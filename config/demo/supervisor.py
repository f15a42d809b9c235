"""`make demo`: prepares everything, starts web, worker and mailbox, and stops all of it at the end.

Run by `config.demo.bootstrap`, or as `python -m config.demo.supervisor`.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.demo.data_folder import DataFolder, FolderUnusable
from config.demo.database import Database, DatabaseUnusable, open_database
from config.demo.fake_stripe.platform import API_KEY, WEBHOOK_SECRET
from config.demo.postgres import PostgresFailed
from config.demo.processes import Child, Family, last_lines
from config.demo.towns import line_accounts

ROOT = Path(__file__).resolve().parents[2]

# How long web and worker may take until /healthz says that all is alive (seconds).
PATIENCE = 90


class DemoFailed(Exception):
    """The demo cannot start or go on; the text says why."""


class Stopped(BaseException):
    """Somebody asked the demo to stop (Ctrl-C, SIGTERM, SIGHUP, or make is gone)."""


@dataclass(frozen=True)
class Listener:
    """A listening socket and its port, which is still known when the socket has been passed on."""

    socket: socket.socket
    port: int


@dataclass(frozen=True)
class Ports:
    """The listening sockets. Early visitors wait in line; nobody else can take the ports."""

    web: Listener
    smtp: Listener
    mailbox: Listener
    line: Listener
    stripe: Listener


def run(data: DataFolder) -> None:
    """Serves the demo until it is asked to stop (raises Stopped) or a part of it fails (DemoFailed)."""
    started = time.monotonic()
    ports = _reserve_ports()
    database: Database | None = None
    family = Family(environment={}, folder=ROOT)
    try:
        say("Starting PostgreSQL …" if not os.environ.get("DATABASE_URL") else "Looking at DATABASE_URL …")
        with _uninterrupted():
            database = open_database(data.path)
        family.environment = _environment(data, ports, database)
        _start_stripe(family, data, ports)
        logins = _prepare(family, data)
        _start_services(family, data, ports)
        _wait_until_healthy(family, ports.web.port)
        _print_addresses(ports, logins, data, seconds=time.monotonic() - started)
        _watch(family)
    finally:
        _ignore_signals()
        say("\nStopping …")
        family.stop()
        if database is not None:
            database.close()
        say("Everything is stopped; the data is kept.")


def _reserve_ports() -> Ports:
    host = os.environ.get("BIND") or "127.0.0.1"
    wanted = _port("PORT", 8000)
    web = _bind(host, wanted)
    if web is None:
        raise DemoFailed(f"Port {wanted} is in use. Choose another one:  make demo PORT={wanted + 1}")
    fixed = os.environ.get("MAILBOX_PORT")
    candidates = [_port("MAILBOX_PORT", 0)] if fixed else [*range(wanted + 25, min(wanted + 35, 65536)), 0]
    mailbox = _first_free(host, candidates)
    if mailbox is None:
        raise DemoFailed(f"Port {fixed} (MAILBOX_PORT) is in use. Choose another one.")
    line = _first_free(host, [*range(wanted + 35, min(wanted + 45, 65536)), 0])
    stripe = _first_free(host, [*range(wanted + 45, min(wanted + 55, 65536)), 0])
    smtp = _bind("127.0.0.1", 0)
    if smtp is None or line is None or stripe is None:
        raise DemoFailed("This machine has no free port for the demo's mail server.")
    return Ports(web=web, smtp=smtp, mailbox=mailbox, line=line, stripe=stripe)


def _first_free(host: str, candidates: Iterable[int]) -> Listener | None:
    return next((found for port in candidates if (found := _bind(host, port)) is not None), None)


def _port(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not 0 <= int(text) <= 65535:
        raise DemoFailed(f"{name}={text!r} is not a port number (1 to 65535).")
    return int(text)


def _bind(host: str, port: int) -> Listener | None:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # Two sockets may be bound to one port as long as neither listens.
        listener.listen(2048)
    except PermissionError as failure:
        listener.close()
        raise DemoFailed(
            f"Port {port} needs more rights than this user has. Choose one above 1023."
        ) from failure
    except socket.gaierror as failure:
        listener.close()
        raise DemoFailed(f"BIND={host!r} is not an address of this machine.") from failure
    except OSError:
        listener.close()
        return None
    return Listener(listener, int(listener.getsockname()[1]))


def _environment(data: DataFolder, ports: Ports, database: Database) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database.url,
        "MACHINOMA_DATA": str(data.path),
        "PORT": str(ports.web.port),
        "SECRET_KEY": data.secret_key(),
        "PUBLIC_HOST": "localhost",
        "HTTPS": "0",
        "DEBUG": os.environ.get("DEBUG") or "0",
        "DEMO": "1",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(ports.smtp.port),
        "LINE_API_URL": f"http://127.0.0.1:{ports.line.port}",
        "LINE_FRIEND_URL": f"http://localhost:{ports.line.port}",
        # Never the key of an account somebody has: the demo's payments are not real.
        "STRIPE_API_URL": f"http://127.0.0.1:{ports.stripe.port}",
        "STRIPE_API_KEY": API_KEY,
        "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }


def _start_stripe(family: Family, data: DataFolder, ports: Ports) -> None:
    """Before the demo is filled in: its municipalities open their accounts there."""
    number, port = ports.stripe.socket.fileno(), ports.stripe.port
    stripe = [sys.executable, "-m", "config.demo.fake_stripe", "--http-fd", str(number)]
    stripe += ["--page-url", f"http://localhost:{port}", "--folder", str(data.logs.parent)]
    stripe += ["--webhook", f"http://127.0.0.1:{ports.web.port}/stripe/webhook/"]
    stripe += ["--webhook-host", f"localhost:{ports.web.port}", "--smtp-port", str(ports.smtp.port)]
    family.start("Stripe", stripe, log=data.logs / "stripe.log", pass_fds=(number,))


def _prepare(family: Family, data: DataFolder) -> list[dict[str, str]]:
    """Tables, static files and demo data; returns the demo's logins."""
    static = _manage(family, data, "collectstatic", "--noinput")
    say("Preparing the database …")
    _finish(family, _manage(family, data, "prepare_database"), "The database could not be prepared")
    say("Filling in the demo's municipalities, halls and reservations …")
    seed = _manage(family, data, "seed_demo", "--json")
    _finish(family, seed, "The demo data could not be filled in")
    _finish(family, static, "The style sheets and scripts could not be collected")
    return _read_logins(seed.log)


def _manage(family: Family, data: DataFolder, *command: str) -> Child:
    return family.start(
        command[0], [sys.executable, "manage.py", *command], log=data.logs / f"{command[0]}.log"
    )


def _finish(family: Family, child: Child, complaint: str) -> None:
    while child.process.poll() is None:
        _pause(0.05)
    family.children.remove(child)
    if child.process.returncode != 0:
        raise DemoFailed(f"{complaint}. The end of {child.log}:\n{last_lines(child.log)}")


def _read_logins(log: Path) -> list[dict[str, str]]:
    """`seed_demo --json` ends with one line: a list of {role, address, email, password}."""
    for line in reversed(log.read_text(encoding="utf-8").splitlines()):
        if line.startswith("["):
            logins: list[dict[str, str]] = json.loads(line)
            return logins
    raise DemoFailed(f"The demo data told no logins. The end of {log}:\n{last_lines(log)}")


def _start_services(family: Family, data: DataFolder, ports: Ports) -> None:
    say("Starting web, worker, mailbox and LINE …")
    smtp, page, web = (one.socket.fileno() for one in (ports.smtp, ports.mailbox, ports.web))
    python = sys.executable
    mailbox = [python, "-m", "config.demo.mailbox", "--folder", str(data.mails)]
    mailbox += ["--smtp-fd", str(smtp), "--http-fd", str(page)]
    family.start("The mailbox", mailbox, log=data.logs / "mailbox.log", pass_fds=(smtp, page))
    family.start("The worker", [python, "manage.py", "work"], log=data.logs / "worker.log")
    line = [python, "-m", "config.demo.fake_line_server", "--http-fd", str(ports.line.socket.fileno())]
    line += ["--channels", json.dumps(line_accounts(ports.web.port), ensure_ascii=False)]
    family.start("LINE", line, log=data.logs / "line.log", pass_fds=(ports.line.socket.fileno(),))
    gunicorn = [python, "-m", "gunicorn", "-c", "config/gunicorn.py", "--bind", f"fd://{web}"]
    family.start("The web server", gunicorn, log=data.logs / "web.log", pass_fds=(web,))
    # Ours to keep until now; from here on the port is free the moment the children are gone.
    for listener in (ports.web, ports.smtp, ports.mailbox, ports.line, ports.stripe):
        listener.socket.close()


def _wait_until_healthy(family: Family, port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    answer = "no answer"
    while time.monotonic() < deadline:
        _complain_about_dead(family)
        status, answer = _ask_health(port)
        if status == 200:
            return
        _pause(0.2)
    raise DemoFailed(f"The demo did not come to life in {PATIENCE} seconds; /healthz says: {answer}")


def _ask_health(port: int) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
        response = connection.getresponse()
        return response.status, f"{response.status} {response.read(2000).decode(errors='replace')}"
    except (OSError, http.client.HTTPException) as failure:
        return 0, str(failure)
    finally:
        connection.close()


def _print_addresses(ports: Ports, logins: list[dict[str, str]], data: DataFolder, *, seconds: float) -> None:
    say(f"\nMachinoma is ready (after {seconds:.0f} seconds).\n")
    say(f"  Joint operator and overview   http://localhost:{ports.web.port}/")
    say(f"  Mails the demo sends          http://localhost:{ports.mailbox.port}/")
    say(f"  LINE, as the demo plays it    http://localhost:{ports.line.port}/")
    say(f"  Stripe, as the demo plays it  http://localhost:{ports.stripe.port}/")
    say(f"  Logs                          {data.logs}\n")
    for login in logins:
        say(f"  {login['role']}\n      {login['address']}\n      {login['email']}   {login['password']}")
    say("\nCtrl-C stops everything and keeps the data; `make demo-reset` starts over.")


def _watch(family: Family) -> None:
    while True:
        _complain_about_dead(family)
        _pause(0.5)


def _complain_about_dead(family: Family) -> None:
    child = family.dead()
    if child is not None:
        status = child.process.returncode
        raise DemoFailed(
            f"{child.name} has ended by itself (status {status}). "
            f"The end of {child.log}:\n{last_lines(child.log)}"
        )


_parent = os.getppid()


def _pause(seconds: float) -> None:
    """Sleeps; stops the demo when make, which started it, is gone or wants to go."""
    time.sleep(seconds)
    if os.getppid() != _parent or make_was_interrupted(_parent):
        raise Stopped


def make_was_interrupted(pid: int) -> bool:
    """Whether the process is a make that got a Ctrl-C of its own.

    It passes SIGTERM on to us, but not SIGINT: it takes its handler away and waits for us to end.
    """
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return False
    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    if status.get("Name") not in {"make", "gmake"}:
        return False
    handled = int(status["SigCgt"], 16) | int(status["SigIgn"], 16)
    return not handled >> (signal.SIGINT - 1) & 1


def _stop(_number: int, _frame: object) -> None:
    _ignore_signals()
    raise Stopped


# Under nohup the closing of the terminal is already ignored, and stays so.
_SURVIVES_TERMINAL = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
SIGNALS = (signal.SIGINT, signal.SIGTERM, *(() if _SURVIVES_TERMINAL else (signal.SIGHUP,)))


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Lets a signal wait: a server whose start was cut in half would be nobody's to stop."""
    waiting: list[int] = []
    for number in SIGNALS:
        signal.signal(number, lambda number, _frame: waiting.append(number))
    yield
    for number in SIGNALS:
        signal.signal(number, _stop)
    if waiting:
        raise Stopped


def _ignore_signals() -> None:
    """Stopping is under way: a second Ctrl-C must not leave half of it running."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def say(sentence: str) -> None:
    """Tells the person at the terminal; a closed terminal is no reason to stop half-way."""
    try:
        print(sentence, flush=True)
    except OSError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def main() -> int:
    """Returns 0 after being asked to stop, 1 when something failed."""
    for number in SIGNALS:
        signal.signal(number, _stop)
    try:
        with DataFolder.claim(Path(os.environ.get("MACHINOMA_DATA") or ROOT / ".data")) as data:
            run(data)
    except Stopped:
        return 0
    except (DemoFailed, FolderUnusable, DatabaseUnusable, PostgresFailed) as failure:
        say(f"\n{failure}")
        return 1
    except PermissionError as failure:
        say(f"\nThis user may not use {failure.filename}. Was the data folder made by another user?")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
