"""A charge is assessed once, in the right fiscal year, in one statement."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payments.errors import AlreadyAssessed, InvalidAmount
from payments.models import Charge, LedgerEntry
from payments.services import fiscal_year_of


def test_a_charge_is_assessed_with_its_first_entry(charge, now):
    subject = charge(800)
    kept = Charge.objects.get(subject=subject)
    assert (kept.payer, kept.title, kept.fiscal_year) == ("佐藤 花子", "中央公民館 第1研修室", 2027)
    entry = kept.entries.get()
    assert (entry.kind, entry.yen, entry.at) == ("assessed", 800, now)
    assert (entry.actor_kind, entry.actor_id, entry.gateway) == ("resident", 1, "")


def test_zero_yen_makes_a_charge_without_entries(charge, state):
    subject = charge(0)
    assert not LedgerEntry.objects.exists()
    assert state(subject).state == "free"


def test_a_subject_is_charged_once(charge):
    subject = charge(800)
    with pytest.raises(AlreadyAssessed):
        charge(500, subject=subject)
    assert LedgerEntry.objects.get().yen == 800


@pytest.mark.parametrize("yen", [-1, 100_000_001])
def test_an_impossible_amount_is_refused(charge, yen):
    with pytest.raises(InvalidAmount):
        charge(yen)
    assert not Charge.objects.exists()


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2027, 3, 31), 2026),
        (date(2027, 4, 1), 2027),
        (date(2027, 12, 31), 2027),
        (date(2028, 1, 1), 2027),
    ],
)
def test_the_fiscal_year_begins_in_april(charge, day, year):
    assert fiscal_year_of(day) == year
    assert Charge.objects.get(subject=charge(day=day)).fiscal_year == year


def test_a_very_long_name_is_cut_and_loses_no_charge(charge):
    subject = charge(payer="𠮷" * 300, title="葛󠄀" * 300)
    assert Charge.objects.get(subject=subject).payer == "𠮷" * 200


def test_assessing_takes_one_statement(charge):
    charge(subject=uuid4())
    with CaptureQueriesContext(connection) as queries:
        charge(subject=uuid4())
    assert sum("payments_charge" in one["sql"] for one in queries) == 1
    assert sum("INSERT" in one["sql"] for one in queries) == 1
