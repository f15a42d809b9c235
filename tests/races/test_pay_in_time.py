"""The last day is over, and somebody pays at that very instant: one of the two holds, to the yen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actors import Actor
from accounts.services import register_resident
from booking.models import Claim, Reservation
from booking.overdue import lapse_dues
from booking.services import book_room
from facilities.details import Details
from facilities.queries import room_by_key
from payments.dues import DuePart, set_dues
from payments.models import Instalment, LedgerEntry
from payments.queries import payment_states
from payments.services import collect_cash
from tenants.context import inside
from tests import factories
from tests.booking.conftest import at
from tests.queue import enqueued
from tests.races.conftest import outcomes

pytestmark = pytest.mark.race


@pytest.fixture
def clerk(committed_city):
    with inside(committed_city):
        return factories.a_staff().pk


@pytest.fixture
def unpaid(committed_city, now):
    """``unpaid(3)``: so many reservations whose last day to pay ends in a week; the rules cancel then."""

    def make(number):
        with inside(committed_city):
            resident = register_resident(name="佐藤 花子")
            room = room_by_key("chuo-kominkan", "kenshu-1")
            made = [
                book_room(
                    room_id=room.id, starts_at=at(f"{9 + hour}:00"), ends_at=at(f"{10 + hour}:00"),
                    resident_id=resident.pk, channel="web", purpose="会議", details=Details(headcount=5),
                    actor=Actor("resident", resident.pk), now=now,
                )
                for hour in range(number)
            ]  # fmt: skip
            for one in made:
                set_dues(subject=one.ref, parts=[DuePart(now + timedelta(days=7), "cancelled")])
            return made

    return make


def test_who_pays_as_the_day_ends_has_either_the_room_or_the_money(race, unpaid, clerk, now):
    late = now + timedelta(days=7)
    reservations = unpaid(4)
    pay = [
        lambda one=one: collect_cash(subject=one.ref, yen=one.price_yen, staff_id=clerk, now=late)
        for one in reservations
    ]
    results = race([*pay, lambda: lapse_dues(now=late), lambda: lapse_dues(now=late)])
    lapsed = sum(one for one in results if isinstance(one, int))
    refused = [one for one in results if isinstance(one, Exception)]
    assert {type(one).__name__ for one in refused} <= {"NothingToPay"}
    assert lapsed == len(refused)
    states = payment_states([one.ref for one in reservations])
    for one in Reservation.objects.all():
        state = states[one.ref]
        assert (one.status, state.state) in {("confirmed", "paid"), ("cancelled", "cancelled")}
        assert state.due_yen == state.refund_due_yen == 0
        assert Claim.objects.filter(reservation=one, active=True).exists() == (one.status == "confirmed")


def test_many_workers_cancel_once(race, unpaid, now):
    unpaid(3)
    late = now + timedelta(days=8)
    results = race([lambda: lapse_dues(now=late)] * 6)
    assert outcomes(results) == {"won": 6}
    assert sum(results) == 3
    assert LedgerEntry.objects.filter(kind="reduced").count() == 3
    assert Instalment.objects.filter(lapsed_at=None).count() == 0
    told = [job for job in enqueued("frontend.tell") if job["kind"] == "payment_overdue_cancelled"]
    assert len(told) == 3
