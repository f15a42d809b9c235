"""Two at once at a drawer: one opens it, one closes it, nothing is given back twice or out of an empty drawer."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from accounts.actors import Actor
from accounts.roles import staff_member
from facilities.models import Facility
from payments.cash import drawers
from payments.cash.drawers import (
    accept_hand_over,
    balance,
    close_drawer,
    deposit,
    offer_hand_over,
    open_drawer,
    put_away,
    safe_of,
    stock_safe,
    withdraw_hand_over,
)
from payments.models import CashMovement, Drawer, LedgerEntry, YearClosing
from payments.services import assess_charge, collect_cash
from payments.treasury import closing
from payments.treasury.closing import close_year, sums_of_year
from tenants.context import inside
from tests import factories
from tests.races.conftest import outcomes

pytestmark = pytest.mark.race


@pytest.fixture
def hall(committed_city):
    with inside(committed_city):
        return Facility.objects.all()[0]


@pytest.fixture
def clerks(committed_city, hall):
    with inside(committed_city):
        people = [("花井 花", "hana@example.jp"), ("順田 順", "jun@example.jp")]
        return [staff_member(factories.a_staff(name, mail, facilities=[hall]).user) for name, mail in people]


@pytest.fixture
def stocked(committed_city, hall, clerks, now):
    """The safe holds 10,000 yen."""
    with inside(committed_city):
        stock_safe(facility_id=hall.pk, yen=10_000, memo="", staff=clerks[0], now=now)


@pytest.fixture
def open_one(hall, clerks, now, stocked):
    return lambda who=0, yen=0: open_drawer(facility_id=hall.pk, float_yen=yen, staff=clerks[who], now=now)


def charge(now):
    subject = uuid4()
    assess_charge(
        subject=subject, yen=800, title="室", payer="佐藤", day=date(2027, 6, 9),
        facility_id=Facility.objects.all()[0].pk, actor=Actor("resident", 1), now=now,
    )  # fmt: skip
    return subject


def test_nobody_opens_two(race, open_one):
    assert outcomes(race([lambda: open_one(0, 1_000)] * 8)) == {"won": 1, "DrawerOpenAlready": 7}
    assert Drawer.objects.filter(keeper__isnull=False).count() == 1
    assert CashMovement.objects.filter(kind="moved").count() == 1


def test_a_hall_gets_one_safe(race, hall, now):
    assert len({one.pk for one in race([lambda: safe_of(hall.pk, now=now)] * 8)}) == 1


def test_two_who_take_the_last_change_out_of_the_safe(race, open_one, hall, now):
    results = race([lambda: open_one(0, 7_000), lambda: open_one(1, 7_000)])
    assert outcomes(results) == {"won": 1, "CashNotThere": 1}
    assert balance(safe_of(hall.pk, now=now).pk) == 3_000


def test_taking_and_closing_at_once_counts_every_yen(race, open_one, clerks, hall, now):
    """Either the cash came first and the count was wrong, or the drawer was closed and cash comes without one."""
    drawer = open_one(0, 1_000)
    subjects = [charge(now) for _ in range(6)]

    def take(subject):
        return lambda: collect_cash(subject=subject, yen=800, staff_id=clerks[0].id, now=now)

    def close():
        return close_drawer(
            drawer_id=drawer.pk, pieces={1000: 1}, explanation="数えまちがい", staff=clerks[0], now=now
        )

    race([*(take(subject) for subject in subjects), close])
    assert Drawer.objects.get(pk=drawer.pk).closed_at is not None
    assert balance(drawer.pk) == 0
    taken = sum(CashMovement.objects.filter(kind="taken").values_list("yen", flat=True))
    short = sum(CashMovement.objects.filter(kind="short").values_list("yen", flat=True))
    assert taken == short
    assert LedgerEntry.objects.filter(kind="collected").count() == 6


def test_no_more_leaves_a_drawer_than_is_in_it(race, open_one, clerks, now):
    drawer = open_one(0, 1_000)
    acts = [lambda: deposit(drawer_id=drawer.pk, yen=300, memo="", staff=clerks[0], now=now)] * 4
    acts += [lambda: put_away(drawer_id=drawer.pk, yen=300, staff=clerks[0], now=now)] * 4
    assert outcomes(race(acts)) == {"won": 3, "CashNotThere": 5}
    assert balance(drawer.pk) == 100


def test_without_the_lock_the_same_race_pays_out_what_is_not_there(
    race, open_one, clerks, now, meet, monkeypatch
):
    drawer = open_one(0, 1_000)
    monkeypatch.setattr(drawers, "_lock", lambda *ids: list(Drawer.objects.filter(pk__in=ids)))
    real, everybody = drawers._there, meet(4)

    def look_then_wait(*args):
        real(*args)
        everybody()

    monkeypatch.setattr(drawers, "_there", look_then_wait)
    acts = [lambda: deposit(drawer_id=drawer.pk, yen=1_000, memo="", staff=clerks[0], now=now)] * 4
    assert outcomes(race(acts)) == {"won": 4}
    assert balance(drawer.pk) == -3_000


def test_a_hand_over_is_confirmed_or_withdrawn(race, open_one, clerks, now):
    drawer, theirs = open_one(0, 1_000), open_one(1)
    for _ in range(4):
        offer = offer_hand_over(
            drawer_id=drawer.pk, receiver_id=clerks[1].id, yen=100, memo="", staff=clerks[0], now=now
        )
        results = race(
            [
                lambda pk=offer.pk: accept_hand_over(hand_over_id=pk, staff=clerks[1], now=now),
                lambda pk=offer.pk: accept_hand_over(hand_over_id=pk, staff=clerks[1], now=now),
                lambda pk=offer.pk: withdraw_hand_over(hand_over_id=pk, staff=clerks[0], now=now),
            ]
        )
        assert outcomes(results) == {"won": 1, "HandOverGone": 2}
    assert balance(drawer.pk) + balance(theirs.pk) == 1_000


def test_two_who_hand_over_to_each_other_do_not_wait_for_each_other(race, open_one, clerks, now):
    first, second = open_one(0, 1_000), open_one(1, 1_000)
    mine = offer_hand_over(
        drawer_id=first.pk, receiver_id=clerks[1].id, yen=100, memo="", staff=clerks[0], now=now
    )
    theirs = offer_hand_over(
        drawer_id=second.pk, receiver_id=clerks[0].id, yen=200, memo="", staff=clerks[1], now=now
    )
    results = race(
        [
            lambda: accept_hand_over(hand_over_id=mine.pk, staff=clerks[1], now=now),
            lambda: accept_hand_over(hand_over_id=theirs.pk, staff=clerks[0], now=now),
        ]
    )
    assert outcomes(results) == {"won": 2}
    assert (balance(first.pk), balance(second.pk)) == (1_100, 900)


class TestClosingAYear:
    def test_it_waits_for_who_is_writing(self, race, clerks, now, meet):
        """No entry is booked in a year after it was added up."""
        late = now.replace(year=2028, month=6, day=1)
        subjects = [charge(now) for _ in range(6)]

        def take(subject):
            # Booked in 2027, as at the last minute of 31 May.
            return lambda: collect_cash(
                subject=subject, yen=800, staff_id=clerks[0].id, now=late - timedelta(days=1)
            )

        acts = [take(subject) for subject in subjects]
        acts.append(lambda: close_year(fiscal_year=2027, staff_id=clerks[0].id, now=late))
        assert outcomes(race(acts)) == {"won": 7}
        assert sums_of_year(2027) == YearClosing.objects.get().sums

    def test_once_of_many(self, race, clerks, now):
        charge(now)
        late = now.replace(year=2028, month=6, day=1)
        acts = [lambda: close_year(fiscal_year=2027, staff_id=clerks[0].id, now=late)] * 4
        assert outcomes(race(acts)) == {"won": 1, "YearClosedAlready": 3}

    def test_without_waiting_an_entry_slips_in(self, race, clerks, now, meet, monkeypatch):
        """The bug the lock of the table is there for."""
        monkeypatch.setattr(closing, "_WRITERS_FIRST", "SELECT 1")
        late, subject, both = now.replace(year=2028, month=6, day=1), charge(now), meet(2)
        real_sums, real_note = closing.sums_of_year, drawers.note_cash

        def sums_then_wait(year):
            found = real_sums(year)
            both()
            return found

        def written_then_wait(*args, **kwargs):
            both()
            return real_note(*args, **kwargs)

        monkeypatch.setattr(closing, "sums_of_year", sums_then_wait)
        monkeypatch.setattr("payments.services.note_cash", written_then_wait)
        race(
            [
                lambda: collect_cash(
                    subject=subject, yen=800, staff_id=clerks[0].id, now=late - timedelta(days=1)
                ),
                lambda: close_year(fiscal_year=2027, staff_id=clerks[0].id, now=late),
            ]
        )
        assert real_sums(2027) != YearClosing.objects.get().sums
