"""The demo's past year: real prices, no two at a time, quickly."""

from __future__ import annotations

import random
from datetime import date

import pytest
from django.db import transaction

from accounts.services import register_resident
from booking.models import Claim, Reservation
from booking.repricing import Result
from booking.trials import reprice_period
from config.demo.past_year import fill_past_year
from facilities.models import RuleBook, RuleVersion
from facilities.ordinance import parse
from payments.models import Paper, PaperCounter
from payments.queries import payment_states
from tests import factories

TODAY = date(2027, 5, 10)


@pytest.fixture
def fill(city):
    clerk = factories.a_staff("会館 太郎", "kaikan@example.jp")
    hirers = [(register_resident(name=f"団体 {number}"), "練習", 12) for number in range(4)]
    return lambda: fill_past_year(
        hirers=hirers, clerk_id=clerk.pk, before=TODAY, chance=random.Random("town")
    )


def test_a_year_of_reservations_is_priced_as_the_rules_say(fill):
    count = fill()
    assert count == Reservation.objects.count() > 500
    assert Claim.objects.filter(active=True).count() >= count
    result = reprice_period(
        rule_book_id=RuleBook.objects.get().pk,
        document=parse(RuleVersion.objects.get().text),
        first=date(2026, 5, 1),
        last=date(2027, 4, 30),
    )
    whole = Result(result).total
    assert len(Result(result).by_month()) == 12
    assert (whole.apart, whole.difference) == (0, 0)
    assert whole.paid == whole.old


def test_all_of_it_is_paid_with_receipts_without_gaps(fill):
    fill()
    rows = list(Reservation.objects.filter(price_yen__gt=0))
    assert {state.state for state in payment_states([row.ref for row in rows]).values()} == {"paid"}
    for year in {receipt.fiscal_year for receipt in Paper.objects.filter(kind="receipt")}:
        serials = sorted(Paper.objects.filter(fiscal_year=year).values_list("serial", flat=True))
        assert serials == list(range(1, len(serials) + 1))
        assert PaperCounter.objects.get(kind="receipt", fiscal_year=year).last == len(serials)


def test_the_same_chance_writes_the_same_year(fill):
    def written():
        count = fill()
        rows = Reservation.objects.order_by("ref").values_list("ref", "room_id", "starts_at", "price_yen")
        found = (count, list(rows))
        transaction.set_rollback(True)
        return found

    with transaction.atomic():
        first = written()
    with transaction.atomic():
        assert written() == first
