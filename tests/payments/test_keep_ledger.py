"""The database itself keeps the ledger: no change, no deletion, no nonsense, in every municipality."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from payments.models import Charge, LedgerEntry
from payments.services import collect_cash
from tenants.context import current_schema, inside

KEPT = [
    *("payments_ledgerentry", "payments_paper", "payments_papercharge", "payments_paperevent"),
    *("payments_cashmovement", "payments_cashcount", "payments_dunning", "payments_yearclosing"),
]


@pytest.fixture
def paid(charge, clerk, now):
    subject = charge(800)
    collect_cash(subject=subject, yen=800, staff_id=clerk.pk, now=now)
    return subject


@pytest.mark.parametrize("table", ["payments_ledgerentry", "payments_paper", "payments_papercharge"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET yen = 1", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_what_was_entered_stays(paid, table, statement):
    with transaction.atomic(), connection.cursor() as cursor:
        # A table with deferred checks to come could not be truncated anyway.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="append only"), transaction.atomic():
            cursor.execute(statement.format(table))
    assert sorted(LedgerEntry.objects.values_list("kind", "yen")) == [("assessed", 800), ("collected", 800)]


def test_the_guard_lives_in_the_municipality_itself(city, hokota):
    for place in (city, hokota):
        with inside(place), connection.cursor() as cursor:
            cursor.execute(
                """SELECT c.relname, p.pronamespace::regnamespace::text FROM pg_trigger t
                   JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
                   WHERE c.relnamespace = %s::regnamespace AND t.tgname LIKE '%%_append_only' ORDER BY 1""",
                [current_schema()],
            )
            kept = dict(cursor.fetchall())
            assert set(KEPT) <= set(kept)
            assert set(kept.values()) == {place.schema_name}


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"yen": 0}, "ledgerentry_yen_positive"),
        ({"kind": "gift"}, "ledgerentry_kind_known"),
        ({"kind": "collected", "gateway": ""}, "ledgerentry_money_has_gateway"),
        ({"kind": "reduced", "gateway": "desk_cash"}, "ledgerentry_money_has_gateway"),
    ],
)
def test_nonsense_is_refused(charge, now, wrong, constraint):
    right = {
        "kind": "collected",
        "yen": 800,
        "gateway": "desk_cash",
        "at": now,
        "actor_kind": "staff",
        "actor_id": 1,
    }
    owner = Charge.objects.get(subject=charge(800))
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        LedgerEntry.objects.create(
            charge=owner, fiscal_year=owner.fiscal_year, item=owner.item, **{**right, **wrong}
        )
