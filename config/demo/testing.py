"""All tests with branch coverage, shared out to one process for each core.

pytest-xdist does the sharing: every process has a database of its own (``tests/building.py``), and one that has
nothing left to do takes over half of what another still has. ``tests/conftest.py`` puts the slow tests first. SlipCover
does the measuring: a tracer, asked before every line, more than doubles the time (docs/decisions/0016).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]

# Every process has its own database, connections and browser: memory, not cores, is what many would run out of.
MOST_PROCESSES = 8
_SHARING = ["-n", "auto", f"--maxprocesses={MOST_PROCESSES}", "--dist", "worksteal"]
# SlipCover is there before pytest, and cannot measure the tests themselves: neither is to be a failure.
_UNALARMED = [
    *["-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning"],
    *["-W", "ignore:Unable to activate pytest branch coverage:RuntimeWarning"],
]
_COUNTED = ("failures", "errors", "skipped")


def run_tests() -> bool:
    """Run every test and print what failed, the coverage and, last, how many passed. Says whether all did."""
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="machinoma-tests-") as folder:
        place = Path(folder)
        arguments = ["-q", "-p", "no:cacheprovider", f"--junitxml={place / 'counts.xml'}"]
        passed = _python(
            *["-m", "slipcover", "--dont-wrap-pytest", "--json", "--out", str(place / "coverage.json")],
            *["-m", "pytest", *arguments, *_SHARING, *_UNALARMED],
        )
        if (place / "coverage.json").exists():
            merged = str(place / "merged.json")
            _python("-m", "slipcover", "--out", merged, "--merge", str(place / "coverage.json"))
        total = _counts(place / "counts.xml")
    words = [f"{total['passed']} passed", *(f"{total[key]} {key}" for key in _COUNTED if total[key])]
    print(f"{', '.join(words)} in {time.monotonic() - begin:.0f}s", flush=True)
    return passed


def _python(*arguments: str) -> bool:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
    return done.returncode == 0


def _counts(path: Path) -> Mapping[str, int]:
    """How many tests passed, failed, and so on; an error where pytest could not even begin."""
    if not path.exists():
        return {"passed": 0, "failures": 0, "errors": 1, "skipped": 0}
    suites = ElementTree.parse(path).getroot().iter("testsuite")  # noqa: S314 (written by our own pytest)
    total = dict.fromkeys(("tests", *_COUNTED), 0)
    for suite in suites:
        for key in total:
            total[key] += int(suite.get(key, "0"))
    passed = total.pop("tests") - sum(total.values())
    return {"passed": passed, **total}
