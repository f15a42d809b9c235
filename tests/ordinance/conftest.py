"""The example documents, three of them compiled, and a small document to vary."""

from __future__ import annotations

from pathlib import Path

import pytest

import facilities.ordinance
from facilities.ordinance import compile_rules, parse

EXAMPLES = Path(facilities.ordinance.__file__).parent / "examples"

SMALL = """\
format: 1
municipality: {name: 見本市, lg_code: "999997"}
effective_from: 2027-04-01
source: {title: 見本, urls: https://example.jp/}
applicant_classes:
  - {key: general, name: 一般}
causes:
  - {key: own, name: 利用者の都合}
  - {key: city, name: 市の都合}
calendars:
  hall:
    hours:
      usual: "09:00-22:00"
    closures:
      - {key: monday, name: 月曜日, days: {weekdays: [mon]}}
times:
  koma:
    slots:
      - {key: am, name: 午前, time: "09:00-12:00"}
      - {key: pm, name: 午後, time: "13:00-17:00"}
      - {key: night, name: 夜間, time: "18:00-22:00"}
      - {key: am-pm, name: 午前・午後, time: "09:00-17:00", combines: [am, pm]}
  hourly:
    hours: {step: 30, minimum: 60, maximum: 240, counts_as: 60}
applications:
  open:
    windows:
      - {who: [general], channels: [web], opens: {months_before: 2, at: "09:00"}, closes: {days_before: 3}}
cancellations:
  ladder:
    deadline: {days_before: 3, at: "17:00"}
    refunds:
      - {causes: [city], percent: 100, article: 第9条}
      - {causes: [own], at_least_days_before: 7, percent: 70}
      - {causes: [own], percent: 0}
rounding: {unit: 10, mode: down}
facilities:
  - key: hall
    name: 見本会館
    calendar: hall
    time: hourly
    application: open
    cancellation: ladder
    rooms:
      - {key: big, name: 大会議室, capacity: 9, spaces: [a, b], fee: {yen_per_hour: 1530}}
      - {key: half, name: 大会議室半面, spaces: [a], fee: {percent: 50, of: big}}
      - {key: koma, name: 室, time: koma, fee: {yen_per_slot: {am: 1000, pm: 1300, night: 1600, am-pm: 2000}}}
"""


def read(name: str) -> str:
    return (EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def small() -> str:
    return SMALL


@pytest.fixture(scope="session")
def small_rules():
    return compile_rules(parse(SMALL))


@pytest.fixture(scope="session")
def documents():
    return {path.stem: parse(read(path.stem)) for path in EXAMPLES.glob("*.yaml")}


@pytest.fixture(scope="session")
def akiruno(documents):
    return compile_rules(documents["akiruno"])


@pytest.fixture(scope="session")
def hokota(documents):
    return compile_rules(documents["hokota"])


@pytest.fixture(scope="session")
def miki(documents):
    return compile_rules(documents["miki"])
