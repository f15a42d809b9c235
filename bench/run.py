"""`make bench`: measure the product against references on this machine and print one table.

bench/run.py                 everything (some ten minutes)
bench/run.py --only 3,6      these rows only
bench/run.py --quick         small and short, to see that it works; its figures mean nothing
bench/run.py --data DIR      keep databases and logs in DIR and use them again
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import django  # noqa: E402

from bench.comparing import Row  # noqa: E402
from bench.databases import MAIN, Cluster, facts, open_cluster  # noqa: E402
from bench.table import print_table  # noqa: E402

# Row → function. In this order: what makes municipalities or changes tables comes last.
ROWS = {
    "1": "bench.rows.racing:race",
    "2": "bench.rows.racing:storm",
    "3": "bench.rows.availability:over_http",
    "4": "bench.rows.availability:growth",
    "5": "bench.rows.peers:libres",
    "6": "bench.rows.booking:over_http",
    "7": "bench.rows.peers:mrbs",
    "8": "bench.rows.booking:many_connections",
    "13": "bench.rows.rules:quotes",
    "14": "bench.rows.rules:month_view",
    "15": "bench.rows.series:preview",
    "10": "bench.rows.municipalities:creation",
    "11": "bench.rows.municipalities:migration",
    "9": "bench.rows.tenancy:overhead",
    "many": "bench.rows.tenancy:many_municipalities",
    "12": "bench.rows.municipalities:memory",
}


def main() -> int:
    """Measure what is asked for; 1 when a row that must be reached is not."""
    arguments = _arguments()
    rows = arguments.only.split(",") if arguments.only else list(ROWS)
    unknown = set(rows) - set(ROWS)
    if unknown:
        print(f"No such row: {', '.join(sorted(unknown))}. There are {', '.join(ROWS)}.")
        return 2
    begin = time.monotonic()
    with _data_folder(arguments.data) as data:
        cluster = open_cluster(data)
        try:
            done = _measure(cluster, data, [row for row in ROWS if row in rows], quick=arguments.quick)
            print_table(done, f"{facts(cluster)}, Python {platform.python_version()}, {os.cpu_count()} cores")
        finally:
            if not arguments.data:
                cluster.close()
    print(f"{time.monotonic() - begin:.0f} s")
    return int(any(row.reached is False for row in done))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", help="rows, separated by commas")
    parser.add_argument("--quick", action="store_true", help="small and short; the figures mean nothing")
    parser.add_argument("--data", type=Path, default=None, help="keep databases and logs here")
    return parser.parse_args()


@contextmanager
def _data_folder(named: Path | None) -> Iterator[Path]:
    if named:
        named.mkdir(parents=True, exist_ok=True)
        yield named.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="machinoma-bench-") as folder:
        yield Path(folder)


def _measure(cluster: Cluster, data: Path, rows: list[str], *, quick: bool) -> list[Row]:
    from_settings = {
        "SECRET_KEY": "bench",
        "MASTER_KEY": "",
        "DEBUG": "0",
        "HTTPS": "1",
        "PUBLIC_HOST": "operator.example.jp",
        "MACHINOMA_DATA": str(data),
        "DATABASE_URL": cluster.url_of(MAIN),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "API_READS_PER_MINUTE": "100000000",
        "API_WRITES_PER_MINUTE": "100000000",
    }
    if not cluster.exists(MAIN):
        cluster.create(MAIN)
    os.environ.update(from_settings)
    django.setup()
    stage = importlib.import_module("bench.stage").Stage(cluster, data, from_settings, quick)
    done: list[Row] = []
    for number in rows:
        module, function = ROWS[number].split(":")
        measure: Callable[..., list[Row]] = getattr(importlib.import_module(module), function)
        print(f"Row {number}: {(measure.__doc__ or '').splitlines()[0]}", flush=True)
        try:
            done += measure(stage)
        except Exception as error:
            traceback.print_exc()
            done.append(Row(number, function, "", "", "", "", False, f"{type(error).__name__}: {error}"))
    return done


if __name__ == "__main__":
    sys.exit(main())
