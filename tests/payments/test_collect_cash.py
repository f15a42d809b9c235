"""Cash is taken once, in full, and answered with the next receipt number."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from payments.errors import AlreadyPaid, ChargeNotFound, NothingToPay, WrongAmount
from payments.models import LedgerEntry, Paper
from payments.queries import receipt_of
from payments.services import collect_cash

TOKYO = ZoneInfo("Asia/Tokyo")


def test_cash_is_answered_with_a_receipt(charge, clerk, now, state):
    subject = charge(800)
    receipt = collect_cash(subject=subject, yen=800, staff_id=clerk.pk, now=now)
    assert (receipt.number, receipt.yen, receipt.to) == ("2027-000001", 800, "佐藤 花子")
    assert receipt.content["lines"][0]["words"] == "中央公民館 第1研修室"
    assert (receipt.issued_at, receipt.actor_kind, receipt.actor_id) == (now, "staff", clerk.pk)
    entry = LedgerEntry.objects.get(kind="collected")
    assert (entry.yen, entry.gateway, entry.actor_kind, entry.actor_id) == (
        800,
        "desk_cash",
        "staff",
        clerk.pk,
    )
    assert state(subject).state == "paid"
    assert receipt_of(subject) == receipt


def test_the_second_collection_is_refused(charge, clerk, now):
    subject = charge(800)
    collect_cash(subject=subject, yen=800, staff_id=clerk.pk, now=now)
    with pytest.raises(AlreadyPaid):
        collect_cash(subject=subject, yen=800, staff_id=clerk.pk, now=now)
    assert Paper.objects.count() == 1


@pytest.mark.parametrize("yen", [-1, 0, 799, 801, 8000])
def test_another_amount_is_refused_and_the_right_one_named(charge, clerk, now, yen):
    subject = charge(800)
    with pytest.raises(WrongAmount) as refusal:
        collect_cash(subject=subject, yen=yen, staff_id=clerk.pk, now=now)
    assert refusal.value.facts == {"due_yen": 800}
    assert "800円" in refusal.value.message
    assert receipt_of(subject) is None


def test_nothing_is_collected_where_nothing_is_due(charge, clerk, now):
    with pytest.raises(NothingToPay):
        collect_cash(subject=charge(0), yen=0, staff_id=clerk.pk, now=now)


def test_an_unknown_subject_has_no_charge(clerk, now):
    with pytest.raises(ChargeNotFound) as refusal:
        collect_cash(subject=uuid4(), yen=800, staff_id=clerk.pk, now=now)
    assert refusal.value.status == 404


def test_receipts_count_up_within_a_fiscal_year_of_the_municipality(charge, clerk):
    def number(*when):
        issued = collect_cash(
            subject=charge(800), yen=800, staff_id=clerk.pk, now=datetime(*when, tzinfo=TOKYO).astimezone(UTC)
        )
        return issued.number

    assert number(2027, 3, 31, 23, 59) == "2026-000001"
    # 00:30 in Tokyo is still March in UTC.
    assert number(2027, 4, 1, 0, 30) == "2027-000001"
    assert number(2027, 4, 1, 9, 0) == "2027-000002"
    assert number(2027, 3, 31, 12, 0) == "2026-000002"


def test_a_collection_that_is_rolled_back_leaves_no_gap(charge, clerk, now):
    first, second = charge(800), charge(500)
    with transaction.atomic():
        collect_cash(subject=first, yen=800, staff_id=clerk.pk, now=now)
        transaction.set_rollback(True)
    assert collect_cash(subject=second, yen=500, staff_id=clerk.pk, now=now).number == "2027-000001"
    assert receipt_of(first) is None
