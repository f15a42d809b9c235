"""Rows 13 and 14: how fast the rules answer, and whether they slowed the month view down."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from itertools import product
from pathlib import Path

import orjson

from bench.comparing import Row, median, medians
from bench.stage import Stage
from facilities import ordinance
from facilities.ordinance import NoPrice, Rules, compile_rules, open_periods, parse, quote, slots

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = Path(ordinance.__file__).parent / "examples"
# The last commit before rules learned conditions, surcharges, extras and limits.
BEFORE = "c3129d4"
MOST_SLOWER = 1.20

Ask = Callable[[], ordinance.Quote]


def quotes(stage: Stage) -> list[Row]:
    """Quotes per second on the largest example, in one process, against writing the same quotes as JSON."""
    rules = compile_rules(parse(max(EXAMPLES.glob("*.yaml"), key=_size).read_text(encoding="utf-8")))
    asks = list(_priced(rules, _asks(rules)))[: 2_000 if stage.quick else 10_000]
    answers = [ask() for ask in asks]
    written, asked = medians(
        partial(_seconds, [partial(_write, one) for one in answers]),
        partial(_seconds, asks),
        rounds=stage.rounds + 2,
        of=lambda seconds: seconds,
    )
    return [
        Row(
            "13",
            f"quotes on the largest example, {len(asks):,} different uses, one process",
            f"the same as JSON {len(asks) / written:,.0f}/s",
            f"{len(asks) / asked:,.0f}/s",
            f"{written / asked:.2f}",
            "-",
            None,
            "A figure to compare with itself: how many prices a second one process works out.",
        )
    ]


def month_view(stage: Stage) -> list[Row]:
    """The month view of 30 rooms in process, with the rules as they are and as they were."""
    what = ("free times of 30 rooms x 31 days, in process", "marks of 31 days over 30 rooms, in process")
    with _checkout(BEFORE) as before:
        if before is None:
            why = f"Commit {BEFORE} is not in this repository."
            return [
                Row(f"14.{n}", name, "before", "-", "-", "<= 1.20", None, why)
                for n, name in enumerate(what, 1)
            ]
        run = partial(_month, stage)
        results: tuple[list[list[float]], list[list[float]]] = ([], [])
        for _ in range(stage.rounds):
            results[0].append(run(before))
            results[1].append(run(ROOT))
    rows = []
    for index, name in enumerate(what):
        old, new = (median([times[index] for times in side]) for side in results)
        ratio = new / old
        rows.append(
            Row(
                f"14.{index + 1}",
                name,
                f"before {old:.2f} ms",
                f"{new:.2f} ms",
                f"{ratio:.2f}",
                f"<= {MOST_SLOWER:.2f}",
                ratio <= MOST_SLOWER,
            )
        )
    return rows


def _size(path: Path) -> int:
    return path.stat().st_size


def _asks(rules: Rules) -> Iterator[Ask]:
    """Every piece of time of every room on the days of a year, for every class of applicants."""
    first = max(rules.effective_from, date(2027, 4, 1))
    days = [first + timedelta(days=offset) for offset in range(365)]
    for day, (hall, one) in product(days, rules.facilities.items()):
        for room, who in product(one.rooms, rules.classes):
            if not open_periods(rules, facility=hall, room=room, day=day).periods:
                continue
            for piece in slots(rules, facility=hall, room=room, day=day).slots:
                yield partial(
                    quote,
                    rules,
                    facility=hall,
                    room=room,
                    day=day,
                    starts=piece.starts,
                    ends=piece.ends,
                    applicant_class=who,
                    headcount=10,
                )


def _priced(rules: Rules, asks: Iterator[Ask]) -> Iterator[Ask]:
    for ask in asks:
        try:
            ask()
        except NoPrice:
            continue
        yield ask


def _write(one: ordinance.Quote) -> bytes:
    return orjson.dumps(one.to_dict())


def _seconds(acts: Sequence[Callable[[], object]]) -> float:
    begin = time.perf_counter()
    for act in acts:
        act()
    return time.perf_counter() - begin


@contextmanager
def _checkout(commit: str) -> Iterator[Path | None]:
    """A checkout of an older state of this repository; None where it is not known."""
    git = ["git", "-C", str(ROOT)]
    known = subprocess.run([*git, "cat-file", "-e", f"{commit}^{{commit}}"], capture_output=True, check=False)
    if known.returncode:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="machinoma-before-") as folder:
        archive = subprocess.run([*git, "archive", commit], capture_output=True, check=True).stdout
        subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
        yield Path(folder)


def _month(stage: Stage, checkout: Path) -> list[float]:
    arguments = [stage.town.schema_name, "hall-1", stage.now.isoformat(), "20" if stage.quick else "60"]
    script = ROOT / "bench" / "month.py"
    environment = {**os.environ, **stage.environment, "PYTHONPATH": str(checkout)}
    done = subprocess.run(
        [sys.executable, str(script), *arguments],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return [float(text) for text in done.stdout.split()[-2:]]
