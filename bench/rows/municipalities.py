"""Rows 10, 11 and 12: new municipalities, a migration of all of them, memory of a connection that has seen them."""

from __future__ import annotations

import importlib
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path

from django.conf import settings
from django.db import connection

from bench.comparing import Row, median, medians, milliseconds
from bench.stage import Stage
from bench.towns import existing, make_small, many, small_code
from booking.availability import free_times
from booking.queries import search_reservations
from facilities.queries import open_facilities, open_rooms
from payments.queries import payment_states
from tenants.context import each_municipality, inside_public
from tenants.migrating import migrate_municipalities
from tenants.models import Municipality
from tenants.template import schema_sql

MUST_NEW, MUST_FAN, MUST_GROWTH, MUST_MEMORY = 2.0, 20.0, 1.3, 150.0
FEW, SOME, ALL = 50, 200, 500
_numbers = count(int(time.time()))


def creation(stage: Stage) -> list[Row]:
    """A new municipality (schema, halls, rules), against executing the SQL of its schema."""
    _ = stage.town
    numbers = count(existing() + 1000)

    def reference() -> None:
        number = next(numbers)
        name = f"bench_{number}"
        script = schema_sql(name)
        with stage.connect() as own:
            begin = time.perf_counter()
            with own.transaction():
                own.execute(f"CREATE SCHEMA {name}")
                own.execute(f"SET LOCAL search_path = {name}")
                own.execute(script)
            taken.append((time.perf_counter() - begin) * 1000)
            own.execute(f"DROP SCHEMA {name} CASCADE")

    taken: list[float] = []
    made: list[float] = []
    reference()
    taken.clear()
    for _round in range(3 if stage.quick else 7):
        reference()
        number = next(numbers)
        made += milliseconds(partial(make_small, number, stage.now), 1)
        _remove(stage, number)
    one, other = median(taken), median(made)
    return [
        Row(
            "10",
            "new municipality: schema, halls, rooms, checked rules",
            f"SQL template {one:.0f} ms",
            f"{other:.0f} ms",
            f"{other / one:.2f}",
            f"<= {MUST_NEW:.0f}",
            other / one <= MUST_NEW,
        )
    ]


def _remove(stage: Stage, number: int) -> None:
    with inside_public():
        Municipality.objects.filter(lg_code=small_code(number)).delete()
    with stage.connect() as own:
        own.execute(f"DROP SCHEMA m{small_code(number)} CASCADE")


def migration(stage: Stage) -> list[Row]:
    """One small migration of all municipalities, against a fan-out of its SQL over two connections."""
    _ = stage.town
    later = _later_migrations(stage)
    sizes = (10, 20, 40) if stage.quick else (FEW, SOME, ALL)
    if existing() > sizes[0]:
        why = "there are more municipalities already: start with a fresh --data folder"
        return [Row("11", "migrate all municipalities", "", "", "", f"<= {MUST_FAN:.0f}", None, why)]
    each: dict[int, tuple[float, float]] = {}
    for size in sizes:
        many(stage, size - 2)
        schemas = _schemas()
        fan, ours = medians(
            partial(_fan_out, stage, schemas), partial(_migrate, later), rounds=stage.rounds, of=float
        )
        each[len(schemas)] = (fan, ours)
    (few, (_, at_few)), (some, (fan, ours)), (most, (_, at_most)) = each.items()
    growth = (at_most / most) / (at_few / few)
    return [
        Row(
            "11",
            f"one new column and index in {some} municipalities",
            f"SQL fan-out {fan:.2f} s",
            f"{ours:.2f} s",
            f"{ours / fan:.1f}",
            f"<= {MUST_FAN:.0f}",
            ours / fan <= MUST_FAN,
        ),
        Row(
            "11 growth",
            f"the same for each of {most} municipalities",
            f"of {few}: {at_few / few * 1000:.1f} ms",
            f"{at_most / most * 1000:.1f} ms",
            f"{growth:.2f}",
            f"<= {MUST_GROWTH}",
            growth <= MUST_GROWTH,
        ),
    ]


def _schemas() -> list[str]:
    with inside_public():
        return list(Municipality.objects.exclude(schema_name="public").values_list("schema_name", flat=True))


def _later_migrations(stage: Stage) -> Path:
    """Lead Django to a copy of facilities' migrations, to which migrations can be added."""
    folder = stage.data / "later" / "bench_later"
    if not folder.exists():
        source = Path(importlib.import_module("facilities.migrations").__file__ or "").parent
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns("__pycache__"))
    sys.path.insert(0, str(folder.parent))
    settings.MIGRATION_MODULES = {"facilities": "bench_later"}
    return folder


_LATER = """from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("facilities", "{before}")]
    operations = [
        migrations.AddField("facility", "{name}", models.IntegerField(null=True)),
        migrations.AddIndex("facility", models.Index(fields=["{name}"], name="{name}_index")),
    ]
"""


def _migrate(folder: Path) -> float:
    """Write one more migration and run it everywhere; seconds."""
    before = max(path.stem for path in folder.glob("[0-9]*.py"))
    name = f"bench_{next(_numbers)}"
    (folder / f"{int(before[:4]) + 1:04}_{name}.py").write_text(_LATER.format(before=before, name=name))
    importlib.invalidate_caches()
    begin = time.perf_counter()
    migrate_municipalities(say=lambda _sentence: None)
    return time.perf_counter() - begin


def _fan_out(stage: Stage, schemas: list[str]) -> float:
    """The same change as SQL, each schema in a transaction of its own, over two connections; seconds."""
    name = f"fan_{next(_numbers)}"

    def change(part: list[str]) -> None:
        with stage.connect() as own:
            for schema in part:
                with own.transaction():
                    own.execute(f"ALTER TABLE {schema}.facilities_facility ADD COLUMN {name} integer")
                    own.execute(f"CREATE INDEX {name}_index ON {schema}.facilities_facility ({name})")
                    own.execute(
                        f"INSERT INTO {schema}.django_migrations (app, name, applied) VALUES ('bench', %s, now())",
                        [name],
                    )

    begin = time.perf_counter()
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(change, (schemas[::2], schemas[1::2])))
    return time.perf_counter() - begin


def memory(stage: Stage) -> list[Row]:
    """Memory of one database connection after work in 500 municipalities."""
    _ = stage.town
    target = 40 if stage.quick else ALL
    many(stage, target)
    connection.close()
    fresh = _memory(stage)
    visited, full = 0, 0.0
    for visited, _municipality in enumerate(each_municipality(), start=1):
        _work(stage)
        if visited % 10 == 0:
            full = max(full, _memory(stage))
        if visited == target:
            break
    recycled = _recycle(stage)
    bounded = settings.DATABASES["default"]["CONN_MAX_AGE"]
    good = full <= MUST_MEMORY and bounded is not None and recycled < full
    return [
        Row(
            "12",
            f"memory of a connection at work in {visited} municipalities",
            f"fresh {fresh:.0f} MB",
            f"at most {full:.0f} MB; a new one {recycled:.0f} MB",
            "-",
            f"<= {MUST_MEMORY:.0f} MB, bounded",
            good,
        )
    ]


def _work(stage: Stage) -> None:
    """What an hour in a municipality touches: halls, rooms, free times, reservations, charges, people."""
    rooms = open_rooms()
    open_facilities()
    free_times(rooms=rooms, first=stage.first_day, days=7, now=stage.now)
    search_reservations(limit=5)
    payment_states([])
    with connection.cursor() as cursor:
        for table in (
            "accounts_user",
            "accounts_resident",
            "django_session",
            "booking_claim",
            "payments_charge",
        ):
            cursor.execute(f"SELECT count(*) FROM {table}")


def _recycle(stage: Stage) -> float:
    """Let the connection grow old, as Django does between requests, and measure the next one."""
    with inside_public():
        connection.ensure_connection()
        connection.close_at = time.monotonic() - 1
        connection.close_if_unusable_or_obsolete()
        connection.ensure_connection()
    return _memory(stage)


def _memory(stage: Stage) -> float:
    """Private memory of this connection's server process in MB; from the server's own count where it is elsewhere."""
    with inside_public(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), (SELECT sum(total_bytes) FROM pg_backend_memory_contexts)")
        pid, counted = cursor.fetchone()
    rollup = Path(f"/proc/{pid}/smaps_rollup")
    if stage.cluster.embedded and rollup.exists():
        lines = [line.split() for line in rollup.read_text().splitlines()[1:]]
        return sum(int(line[1]) for line in lines if line[0].startswith("Private_")) / 1024
    return float(counted) / 1_000_000
