"""What the rows share: databases, the measured municipality, servers, how long and how often to measure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from bench import servers
from bench.databases import ALONE, MAIN, Cluster
from bench.town import HALLS, TOKYO, SignedIn, make_town, rules_text, sign_in_residents, today_of
from facilities.ordinance import open_periods
from facilities.queries import rooms_at
from tenants.context import inside, inside_public
from tenants.migrating import prepare_database
from tenants.models import Municipality
from tenants.services import create_municipality

TOWN_CODE, TOWN_HOST = "011002", "keisoku.example.jp"
GROWN_CODE = "012025"


@dataclass(eq=False)
class Stage:
    """One run of the bench."""

    cluster: Cluster
    data: Path
    environment: dict[str, str]
    quick: bool
    now: datetime = field(default_factory=timezone.now)

    @property
    def rounds(self) -> int:
        """How often each side is measured, in turn."""
        return 2 if self.quick else 3

    @property
    def seconds(self) -> float:
        """How long one measurement under load lasts."""
        return 1.0 if self.quick else 4.0

    @property
    def reservations(self) -> int:
        """How many reservations the town has."""
        return 30_000 if self.quick else 100_000

    @cached_property
    def town(self) -> Municipality:
        """The measured municipality, in a database where it is alone so far; a copy is kept of that."""
        say("Preparing the database …")
        prepare_database(say=lambda _sentence: None)
        call_command("collectstatic", verbosity=0, interactive=False)
        with inside_public():
            found = Municipality.objects.filter(lg_code=TOWN_CODE).first()
        if found:
            return found
        say(f"Writing {self.reservations:,} reservations …")
        town = make_town(TOWN_CODE, TOWN_HOST, reservations=self.reservations, now=self.now)
        create_municipality(
            lg_code="031003",
            name="小町",
            host="machi0.example.jp",
            rules_text=rules_text("031003", "小町", halls=1, rooms=5),
            now=self.now,
        )
        connections.close_all()
        self.cluster.create(ALONE, template=MAIN)
        return town

    @cached_property
    def grown_town(self) -> Municipality:
        """The same municipality with ten times the history."""
        with inside_public():
            found = Municipality.objects.filter(lg_code=GROWN_CODE).first()
        if found:
            return found
        count = self.reservations * 10
        say(f"Writing {count:,} reservations …")
        return make_town(GROWN_CODE, "rekishi.example.jp", reservations=count, now=self.now)

    @cached_property
    def residents(self) -> list[SignedIn]:
        """Residents with sessions."""
        return sign_in_residents(self.town)

    @property
    def first_day(self) -> date:
        """The town's today: windows start here."""
        return today_of(self.now)

    @cached_property
    def world(self) -> Path:
        """A file with what the bare references need to know of the town."""
        with inside(self.town):
            halls = {f"hall-{n}": rooms_at(f"hall-{n}") for n in range(1, HALLS + 1)}
            room = halls["hall-1"][0]
            place = {"facility": room.facility_key, "room": room.key}
            days = [self.first_day + timedelta(days=offset) for offset in range(-1, 130)]
            opened = {
                day.isoformat(): open_periods(room.rules_on(day), day=day, **place).periods for day in days
            }
        path = self.data / "world.json"
        rooms = {key: [(room.id, room.space_ids) for room in listed] for key, listed in halls.items()}
        path.write_text(json.dumps({"zone": TOKYO.key, "rooms": rooms, "open": opened}))
        return path

    def availability_path(self, *, hall: int = 1, days: int = 31) -> str:
        """Address of the availability of a hall's rooms."""
        return f"/api/v1/availability?facility=hall-{hall}&from={self.first_day}&days={days}"

    @contextmanager
    def product(self, database: str = MAIN) -> Iterator[servers.Server]:
        """Serve the product."""
        environment = {**self.environment, "DATABASE_URL": self.cluster.url_of(database)}
        with servers.product(environment, self.data / "product.log") as server:
            yield server

    @contextmanager
    def bare(
        self, application: str, schema: str, more: dict[str, str] | None = None
    ) -> Iterator[servers.Server]:
        """Serve a reference on the same database; ``more`` is its own environment."""
        environment = {
            **self.environment,
            "BENCH_DATABASE": self.cluster.url_of(MAIN),
            "BENCH_SCHEMA": schema,
            "BENCH_WORLD": str(self.world),
            **(more or {}),
        }
        with servers.bare(application, environment, self.data / "bare.log") as server:
            yield server

    def connect(self, schema: str = "public") -> psycopg.Connection:
        """Return a connection of our own to the measured database."""
        return psycopg.connect(self.cluster.url_of(MAIN), autocommit=True, options=f"-c search_path={schema}")


def say(sentence: str) -> None:
    """Tell the person at the terminal what is happening."""
    print(f"  {sentence}", flush=True)
