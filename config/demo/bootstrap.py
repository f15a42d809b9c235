"""Makes `.venv` ready and hands over to the command: `python3 -m config.demo.bootstrap <command>`.

Runs on the machine's own Python before anything is installed, so it uses the standard library
only, and its syntax is old enough for an outdated Python to reach the sentence that says so.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, NoReturn  # noqa: UP035 (must load on a Python that is too old)

ROOT = Path(__file__).resolve().parents[2]
OLDEST_PYTHON = (3, 11)

# What each `make` target runs once the packages are there; True: it needs the development packages.
COMMANDS = {
    "demo": (["-m", "config.demo.supervisor"], False),
    "demo-reset": (["-m", "config.demo.reset"], False),
    "install": (["-c", ""], True),
    "check": (["-m", "config.demo.checks"], True),
    "test": (["-m", "config.demo.checks", "--with-tests"], True),
    "explore": (["-m", "pytest", "-q", "tests/booking/test_any_order.py"], True),
    "explore-money": (["-m", "pytest", "-q", "-n2", "tests/money/test_any_order.py"], True),
    "format": (["-m", "config.demo.checks", "--format"], True),
    "bench": (["bench/run.py"], True),
}


class CannotSetUp(Exception):
    """The virtual environment could not be made; the text says what to do about it."""


def prepare_environment(root: Path, *, dev: bool) -> Path:
    """Makes `root/.venv` hold exactly what pyproject.toml and constraints.txt ask for; returns its Python.

    Does nothing when they have not changed since the last time. An installation that was interrupted
    is started afresh. Raises CannotSetUp.
    """
    venv = root / ".venv"
    with _only_one(root) as lock:
        wanted = _digest(root)
        installed = _read_stamp(venv)
        if installed.get("digest") == wanted and (installed.get("dev") or not dev) and _works(venv):
            return venv / "bin" / "python"
        if (venv / "installing").exists() or not _works(venv):
            _create(venv)
        (venv / "installed.json").unlink(missing_ok=True)
        (venv / "installing").touch()
        _install(root, venv, dev=dev, lock=lock)
        _check_complete(venv)
        stamp = venv / "installed.json.new"
        stamp.write_text(json.dumps({"digest": wanted, "dev": dev}))
        stamp.replace(venv / "installed.json")
        (venv / "installing").unlink()
    return venv / "bin" / "python"


@contextmanager
def _only_one(root: Path) -> Iterator[int]:
    """Locks the folder; pip inherits the lock, so a pip that outlived its parent is waited for."""
    lock = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another installation in this folder to end …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock
    finally:
        os.close(lock)


def _digest(root: Path) -> str:
    # Programs in .venv/bin name the folder and the Python they were installed for.
    parts = [str(root), sys.version, sys.base_prefix]
    parts += [(root / name).read_text(encoding="utf-8") for name in ("pyproject.toml", "constraints.txt")]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _read_stamp(venv: Path) -> dict[str, object]:
    try:
        stamp = json.loads((venv / "installed.json").read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _works(venv: Path) -> bool:
    python = venv / "bin" / "python"
    if not python.exists():
        return False
    question = "import pip, sys; sys.exit(sys.version_info < (3, 11) or sys.prefix == sys.base_prefix)"
    return _quietly([str(python), "-c", question]).returncode == 0


def _create(venv: Path) -> None:
    say(f"Creating the virtual environment {venv.name} …")
    if venv.is_symlink() or venv.is_file():
        raise CannotSetUp(f"{venv} is not a folder. Move it away and try again.")
    shutil.rmtree(venv, ignore_errors=True)
    made = _quietly([sys.executable, "-m", "venv", str(venv)])
    if made.returncode != 0 or not _works(venv):
        shutil.rmtree(venv, ignore_errors=True)
        _create_with_other_pip(venv, made.stdout)


def _create_with_other_pip(venv: Path, complaint: str) -> None:
    """Some systems ship Python without ensurepip; the pip of the system can fill the gap."""
    bare = _quietly([sys.executable, "-m", "venv", "--without-pip", str(venv)])
    if bare.returncode == 0:
        python = str(venv / "bin" / "python")
        _quietly([sys.executable, "-m", "pip", "--python", python, "install", "-q", "pip"])
        if _works(venv):
            return
    shutil.rmtree(venv, ignore_errors=True)
    version = "{}.{}".format(*sys.version_info[:2])
    raise CannotSetUp(
        f"Python {version} on this machine cannot make a virtual environment.\n{complaint.strip()}\n"
        f"On Debian or Ubuntu this helps:  apt-get install python{version}-venv\n"
        "On other systems, install Python together with its 'venv' and 'ensurepip' modules. Then try again."
    )


def _quietly(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def _install(root: Path, venv: Path, *, dev: bool, lock: int) -> None:
    say("Installing the packages (the first time this takes a minute or two) …")
    command = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-input"]
    command += ["--disable-pip-version-check", "-c", "constraints.txt", "-e", ".[dev]" if dev else "."]
    done = subprocess.run(command, cwd=root, stdin=subprocess.DEVNULL, pass_fds=(lock,), check=False)
    if done.returncode != 0:
        raise CannotSetUp(
            "The packages could not be installed; pip's words are above. "
            "A network connection is needed the first time. Running the command again continues."
        )


def _check_complete(venv: Path) -> None:
    done = _quietly([str(venv / "bin" / "python"), "-m", "pip", "check", "--disable-pip-version-check"])
    if done.returncode != 0:
        raise CannotSetUp(f"The installed packages do not fit together:\n{done.stdout.strip()}")


def say(sentence: str) -> None:
    """Tells the person at the terminal what is happening, at once."""
    print(sentence, flush=True)


def _become(python: Path, arguments: list[str]) -> NoReturn:
    os.chdir(ROOT)
    os.environ["PYTHONUTF8"] = "1"
    os.execv(python, [str(python), *arguments])  # noqa: S606


def _stop_on_signal(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def main(arguments: list[str]) -> int:
    """Prepares the environment and becomes the command; further arguments are passed on."""
    if sys.version_info < OLDEST_PYTHON:
        found = "{}.{}".format(*sys.version_info[:2])
        say(f"Machinoma needs Python 3.11 or newer; {sys.executable} is {found}.")
        return 1
    if not arguments or arguments[0] not in COMMANDS:
        say("Give one of: " + ", ".join(COMMANDS))
        return 2
    command, dev = COMMANDS[arguments[0]]
    signal.signal(signal.SIGTERM, _stop_on_signal)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _stop_on_signal)
    try:
        python = prepare_environment(ROOT, dev=dev)
    except CannotSetUp as failure:
        say(str(failure))
        return 1
    except OSError as failure:
        say(f"The installation stopped: {failure}")
        return 1
    except KeyboardInterrupt:
        say("Stopped. Running the command again continues.")
        return 130
    _become(python, [*command, *arguments[1:]])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
