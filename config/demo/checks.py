"""`make check`, `make test` and `make format`: one list of checks, all of them run, the failed ones named."""

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
from dataclasses import dataclass
from pathlib import Path

from config.demo.browser import VARIABLE, NoBrowser, ensure_browser
from config.demo.database import DatabaseUnusable, check_server
from config.demo.postgres import PostgresFailed, ensure_postgres, stop_postgres
from config.demo.testing import run_tests

ROOT = Path(__file__).resolve().parents[2]
API_SCHEMA = ROOT / "docs" / "openapi.yaml"

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
class Check:
    """A name for the person reading, and what tells success."""

    name: str
    passes: Callable[[], bool]


def linters() -> list[Check]:
    """What reads the code without running it."""
    return [
        _command("ruff", "ruff", "check"),
        _command("ruff format", "ruff", "format", "--check"),
        _command("mypy", "mypy", "."),
        Check("import rules", lambda: _run([str(Path(sys.executable).with_name("lint-imports"))], {})),
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
    return Check("pytest", run_tests)


def run_all(checks: list[Check]) -> list[str]:
    """Runs every check and returns the names of those that failed."""
    failed: list[str] = []
    for check in checks:
        print(f"\n--- {check.name}", flush=True)
        if not check.passes():
            failed.append(check.name)
            print(f"--- {check.name} FAILED", flush=True)
    return failed


def _command(name: str, module: str, *arguments: str) -> Check:
    return Check(name, lambda: _run([sys.executable, "-m", module, *arguments], {}))


def _manage(name: str, environment: Mapping[str, str], *arguments: str) -> Check:
    return Check(name, lambda: _run([sys.executable, "manage.py", *arguments], environment))


def _run(command: list[str], environment: Mapping[str, str]) -> bool:
    done = subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, env={**os.environ, **environment}, check=False
    )
    return done.returncode == 0


def _api_schema_is_current() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "openapi.yaml"
        made = ["spectacular", "--validate", "--fail-on-warn", "--file", str(fresh)]
        if not _run([sys.executable, "manage.py", *made], {}):
            return False
        if API_SCHEMA.exists() and filecmp.cmp(fresh, API_SCHEMA, shallow=False):
            return True
    print("docs/openapi.yaml is not what the code says. Renew and commit it:")
    print("  .venv/bin/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml")
    return False


def _prepare_tests(data: Path) -> None:
    """Database and browser, told to the tests by the environment. Never the demo's database."""
    data.mkdir(parents=True, exist_ok=True)
    url = os.environ.get("DATABASE_URL")
    if url:
        check_server(url)
    else:
        print("Starting PostgreSQL for the tests …", flush=True)
        os.environ["DATABASE_URL"] = ensure_postgres(data)
    os.environ[VARIABLE] = ensure_browser()
    os.environ["MACHINOMA_DATA"] = os.environ["MACHINOMA_TEST_DATA"] = str(data)


def _linters_only() -> list[str]:
    # mypy's Django plugin loads the settings, and connects to nothing.
    os.environ.setdefault("DATABASE_URL", "postgresql:///machinoma")
    return run_all(linters())


def _with_tests(data: Path) -> list[str]:
    embedded = not os.environ.get("DATABASE_URL")
    try:
        _prepare_tests(data)
        return run_all([*linters(), *project_checks(), tests()])
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
