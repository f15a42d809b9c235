"""`make check`, `make test` and `make format`: one list of checks, all of them run, the failed ones named.

What only reads runs side by side, one check for each core; what it says is kept and shown whole, in the list's order.
"""

from __future__ import annotations

import argparse
import filecmp
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from config.demo.browser import VARIABLE, NoBrowser, ensure_browser
from config.demo.database import DatabaseUnusable, check_server
from config.demo.postgres import PostgresFailed, ensure_postgres, stop_postgres
from config.demo.testing import run_tests

ROOT = Path(__file__).resolve().parents[2]
API_SCHEMA = ROOT / "docs" / "openapi.yaml"

API_SCHEMA_IS_OLD = """docs/openapi.yaml is not what the code says. Renew and commit it:
  .venv/bin/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml"""

# What runs side by side just now: stopped together with us.
_under_way: set[subprocess.Popen[str]] = set()

# Nothing is read from or written to these places; the settings only have to be complete.
PRODUCTION_LIKE = {
    "DEBUG": "0",
    "HTTPS": "1",
    "SECRET_KEY": secrets.token_urlsafe(60),
    "PUBLIC_HOST": "machinoma.example.jp",
    "SMTP_HOST": "mail.example.jp",
    "MAIL_FROM": "no-reply@machinoma.example.jp",
}


@dataclass(frozen=True)
class Outcome:
    """Whether a check passed, and what it has to say that was not printed yet."""

    passed: bool
    said: str = ""


@dataclass(frozen=True)
class Check:
    """A name for the person reading, and what finds out."""

    name: str
    look: Callable[[], Outcome]


def linters() -> list[Check]:
    """What reads the code without running it."""
    return [
        _command("ruff", "ruff", "check"),
        _command("ruff format", "ruff", "format", "--check"),
        _command("mypy", "mypy", "."),
        Check("import rules", lambda: _heard([str(Path(sys.executable).with_name("lint-imports"))], {})),
    ]


def project_checks() -> list[Check]:
    """What needs Django and a database."""
    deploy = ("check", "--deploy", "--fail-level", "WARNING")
    return [
        _manage("migrations", {}, "makemigrations", "--check", "--dry-run"),
        _manage("deployment", PRODUCTION_LIKE, *deploy),
        Check("API schema", _api_schema_is_current),
    ]


def tests() -> Check:
    """All tests with branch coverage; how many passed is said last."""
    return Check("pytest", lambda: Outcome(run_tests()))


def run_all(checks: list[Check]) -> list[str]:
    """Runs every check and returns the names of those that failed."""
    failed: list[str] = []
    for check in checks:
        print(f"\n--- {check.name}", flush=True)
        _tell(check, check.look(), failed)
    return failed


def run_side_by_side(checks: list[Check]) -> list[str]:
    """Runs every check, as many at once as there are cores, and returns the names of those that failed."""
    failed: list[str] = []
    print(f"\n--- {', '.join(check.name for check in checks)}, side by side …", flush=True)
    with ThreadPoolExecutor(max_workers=len(os.sched_getaffinity(0))) as pool:
        try:
            looking = [pool.submit(check.look) for check in checks]
            for check, outcome in zip(checks, looking, strict=True):
                found = outcome.result()
                print(f"\n--- {check.name}\n{found.said}".rstrip(), flush=True)
                _tell(check, Outcome(found.passed), failed)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in list(_under_way):
                process.terminate()
            raise
    return failed


def _tell(check: Check, outcome: Outcome, failed: list[str]) -> None:
    if outcome.said:
        print(outcome.said, flush=True)
    if not outcome.passed:
        failed.append(check.name)
        print(f"--- {check.name} FAILED", flush=True)


def _command(name: str, module: str, *arguments: str) -> Check:
    return Check(name, lambda: _heard([sys.executable, "-m", module, *arguments], {}))


def _manage(name: str, environment: Mapping[str, str], *arguments: str) -> Check:
    return Check(name, lambda: _heard([sys.executable, "manage.py", *arguments], environment))


def _heard(command: list[str], environment: Mapping[str, str]) -> Outcome:
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    _under_way.add(process)
    try:
        said = process.communicate()[0]
    finally:
        _under_way.discard(process)
    return Outcome(process.returncode == 0, said.rstrip())


def _api_schema_is_current() -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "openapi.yaml"
        made = ["spectacular", "--validate", "--fail-on-warn", "--file", str(fresh)]
        outcome = _heard([sys.executable, "manage.py", *made], {})
        if not outcome.passed or (API_SCHEMA.exists() and filecmp.cmp(fresh, API_SCHEMA, shallow=False)):
            return outcome
    return Outcome(False, API_SCHEMA_IS_OLD)


def _prepare_tests(data: Path) -> None:
    """Database and browser, told to the tests by the environment. Never the demo's database."""
    data.mkdir(parents=True, exist_ok=True)
    url = os.environ.get("DATABASE_URL")
    if url:
        check_server(url)
    else:
        print("Starting PostgreSQL for the tests …", flush=True)
        os.environ["DATABASE_URL"] = ensure_postgres(data, throwaway=True)
    os.environ[VARIABLE] = ensure_browser()
    os.environ["MACHINOMA_DATA"] = os.environ["MACHINOMA_TEST_DATA"] = str(data)


def _linters_only() -> list[str]:
    # mypy's Django plugin loads the settings, and connects to nothing.
    os.environ.setdefault("DATABASE_URL", "postgresql:///machinoma")
    return run_side_by_side(linters())


def _with_tests(data: Path) -> list[str]:
    embedded = not os.environ.get("DATABASE_URL")
    try:
        _prepare_tests(data)
        return [*run_side_by_side([*linters(), *project_checks()]), *run_all([tests()])]
    finally:
        if embedded:
            stop_postgres(data)


def _format() -> list[str]:
    return run_all(
        [_command("ruff --fix", "ruff", "check", "--fix"), _command("ruff format", "ruff", "format")]
    )


def _stop(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def main() -> int:
    """Returns 0 when every check passed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--with-tests", action="store_true")
    parser.add_argument("--format", action="store_true")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _stop)
    data = Path(os.environ.get("MACHINOMA_TEST_DATA") or ROOT / ".data-test").resolve()
    # Enough for the settings to load where nothing connects.
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(60))
    try:
        if options.format:
            failed = _format()
        elif options.with_tests:
            failed = _with_tests(data)
        else:
            failed = _linters_only()
    except (NoBrowser, PostgresFailed, DatabaseUnusable) as failure:
        print(failure)
        return 1
    if failed:
        print(f"\nFailed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
