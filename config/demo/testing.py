"""All tests with branch coverage, in two processes: those of the pure rules beside those that need a database.

One process uses one core, and the tests of the rules are a third of the work; nothing is shared between the two but
the code. The closing line counts both.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
RULES = "tests/ordinance"
_COUNTED = ("failures", "errors", "skipped")


def run_tests() -> bool:
    """Run every test and print what failed, the coverage and, last, how many passed. Says whether all did."""
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="machinoma-tests-") as folder:
        place = Path(folder)
        with _beside(place / "rules", RULES, "-q") as (rules, said):
            command, environment = _pytest(place / "others", f"--ignore={RULES}")
            others = subprocess.run(
                command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False
            ).returncode
            beside = rules.wait()
        print(f"\n--- pytest {RULES}\n{said.read_text(encoding='utf-8', errors='replace')}", flush=True)
        _report_coverage(place)
        counts = [_counts(place / f"{name}.xml") for name in ("others", "rules")]
    total = {key: sum(one.get(key, 0) for one in counts) for key in ("passed", *_COUNTED)}
    words = [f"{total['passed']} passed", *(f"{total[key]} {key}" for key in _COUNTED if total[key])]
    print(f"{', '.join(words)} in {time.monotonic() - begin:.0f}s", flush=True)
    return others == 0 and beside == 0


@contextmanager
def _beside(place: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """Run some tests beside the others, what they say in a file; stopped when the others are."""
    said = place.with_suffix(".txt")
    command, environment = _pytest(place, *arguments)
    with said.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process, said
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def _pytest(place: Path, *arguments: str) -> tuple[list[str], Mapping[str, str]]:
    """The command and its environment: coverage and counts are written beside ``place``."""
    covering = ["--cov", "--cov-branch", "--cov-report="]
    counting = [f"--junitxml={place.with_suffix('.xml')}", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *arguments, *covering, *counting]
    return command, {**os.environ, "COVERAGE_FILE": str(place.with_suffix(".coverage"))}


def _report_coverage(place: Path) -> None:
    found = [str(path) for path in sorted(place.glob("*.coverage"))]
    environment = {**os.environ, "COVERAGE_FILE": str(place / "all")}
    for arguments in (["combine", "--quiet", *found], ["report"]):
        command = [sys.executable, "-m", "coverage", *arguments]
        subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False)


def _counts(path: Path) -> Mapping[str, int]:
    """How many tests passed, failed, and so on; nothing where pytest could not even begin."""
    if not path.exists():
        return {"errors": 1}
    suites = ElementTree.parse(path).getroot().iter("testsuite")  # noqa: S314 (written by our own pytest)
    total = dict.fromkeys(("tests", *_COUNTED), 0)
    for suite in suites:
        for key in total:
            total[key] += int(suite.get(key, "0"))
    passed = total.pop("tests") - sum(total.values())
    return {"passed": passed, **total}
