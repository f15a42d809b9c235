"""Cash in drawers: every step is a movement, and what is in one is what its movements say."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.actors import Actor
from facilities.errors import FacilityNotFound
from facilities.queries import staff_facility
from payments.cash import drawers
from payments.cash.drawers import (
    accept_hand_over,
    balance,
    close_drawer,
    count_drawer,
    deposit,
    offer_hand_over,
    open_drawer,
    put_away,
    safe_of,
    stock_safe,
    use_drawers,
    withdraw_hand_over,
)
from payments.errors import (
    BadCount,
    CashNotThere,
    DifferenceUnexplained,
    DrawerNotFound,
    DrawerOpenAlready,
    HandOverGone,
    HandOverOpen,
    InvalidAmount,
    NoDrawerOpen,
    NotAColleague,
)
from payments.models import CashCount, CashMovement, HallTerms, LedgerEntry, RevenueItem
from payments.services import collect_cash, reduce_charge, refund_cash
from tests import factories

FULL = {10_000: 1}


def pay(subject, staff, now, yen=800):
    return collect_cash(subject=subject, yen=yen, staff_id=staff.id, now=now)


def give_back(subject, staff, now):
    reduce_charge(subject=subject, to_yen=0, reason="取消し", actor=Actor("staff", staff.id), now=now)
    return refund_cash(subject=subject, staff_id=staff.id, now=now)


class TestOpening:
    def test_the_float_comes_out_of_the_safe(self, drawer, hall, now):
        assert (balance(drawer.pk), balance(safe_of(hall.pk, now=now).pk)) == (10_000, 20_000)

    def test_nobody_opens_a_second_one(self, drawer, hall, hana, now):
        with pytest.raises(DrawerOpenAlready):
            open_drawer(facility_id=hall.pk, float_yen=0, staff=hana, now=now)

    def test_not_at_a_hall_one_does_not_work_at(self, hana, now):
        other = factories.a_facility()
        with pytest.raises(DrawerNotFound):
            open_drawer(facility_id=other.pk, float_yen=0, staff=hana, now=now)
        with pytest.raises(DrawerNotFound):
            stock_safe(facility_id=other.pk, yen=1, memo="", staff=hana, now=now)

    def test_no_more_than_is_in_the_safe(self, hall, hana, now):
        with pytest.raises(CashNotThere) as refusal:
            open_drawer(facility_id=hall.pk, float_yen=1, staff=hana, now=now)
        assert refusal.value.facts == {"held_yen": 0}
        # Refused, it is not open either.
        assert open_drawer(facility_id=hall.pk, float_yen=0, staff=hana, now=now).closed_at is None

    @pytest.mark.parametrize("yen", [0, -1, 100_000_001])
    def test_an_amount_that_cannot_be_is_refused(self, hall, hana, now, yen):
        with pytest.raises(InvalidAmount):
            stock_safe(facility_id=hall.pk, yen=yen, memo="", staff=hana, now=now)


class TestTakingAndGivingBack:
    def test_both_move_the_open_drawer_and_name_the_entry(self, drawer, charge, hana, now):
        subject = charge(800)
        pay(subject, hana, now)
        assert balance(drawer.pk) == 10_800
        assert give_back(subject, hana, now) == 800
        assert balance(drawer.pk) == 10_000
        moved = CashMovement.objects.filter(entry__isnull=False)
        assert list(moved.values_list("kind", "yen", "entry__kind")) == [
            ("taken", 800, "collected"),
            ("given_back", 800, "refunded"),
        ]

    def test_where_drawers_are_used_none_open_means_no_cash(self, with_drawers, charge, hana, now, drawer):
        close_drawer(drawer_id=drawer.pk, pieces=FULL, explanation="", staff=hana, now=now)
        subject = charge(800)
        with pytest.raises(NoDrawerOpen):
            pay(subject, hana, now)
        assert not LedgerEntry.objects.filter(kind="collected").exists()

    def test_where_they_are_not_used_cash_is_taken_without(self, charge, hana, now):
        pay(charge(800), hana, now)
        assert not CashMovement.objects.exists()

    def test_what_is_not_in_it_is_not_given_back(self, with_drawers, charge, hana, jun, hall, now):
        open_drawer(facility_id=hall.pk, float_yen=0, staff=hana, now=now)
        open_drawer(facility_id=hall.pk, float_yen=0, staff=jun, now=now)
        subject = charge(800)
        pay(subject, hana, now)
        with pytest.raises(CashNotThere):
            give_back(subject, jun, now)
        assert not LedgerEntry.objects.filter(kind="refunded").exists()

    def test_a_hall_begins_and_ends_to_use_them(self, hall, now, with_drawers):
        item = RevenueItem.objects.get(is_default=True).pk
        terms = HallTerms.objects.get(facility=hall)
        assert (terms.drawers_since, terms.ways) == (now, ["desk_cash"])
        use_drawers(facility_id=hall.pk, used=False, default_item_id=item, now=now)
        assert HallTerms.objects.get(facility=hall).drawers_since is None


class TestCounting:
    def test_what_is_there_is_written_down(self, drawer, hana, now):
        count = count_drawer(drawer_id=drawer.pk, pieces={5000: 2}, explanation="", staff=hana, now=now)
        assert (count.counted_yen, count.expected_yen, count.pieces) == (10_000, 10_000, {"5000": 2})
        assert not CashMovement.objects.filter(kind__in=["over", "short"]).exists()

    @pytest.mark.parametrize(
        ("pieces", "kind", "yen"), [({5000: 1}, "short", 5_000), ({10_000: 1, 1: 3}, "over", 3)]
    )
    def test_a_difference_is_explained_and_becomes_a_movement(self, drawer, hana, now, pieces, kind, yen):
        ask = {"drawer_id": drawer.pk, "pieces": pieces, "staff": hana, "now": now}
        with pytest.raises(DifferenceUnexplained):
            count_drawer(**ask, explanation=" ")
        assert not CashCount.objects.exists()
        count_drawer(**ask, explanation="両替の誤り")
        assert CashMovement.objects.filter(kind=kind, yen=yen, memo="両替の誤り").count() == 1
        assert balance(drawer.pk) == sum(piece * many for piece, many in pieces.items())

    @pytest.mark.parametrize("pieces", [{3: 1}, {1000: -1}, {1000: 10_000}])
    def test_pieces_that_cannot_be_are_refused(self, drawer, hana, now, pieces):
        with pytest.raises(BadCount):
            count_drawer(drawer_id=drawer.pk, pieces=pieces, explanation="x", staff=hana, now=now)

    def test_the_safe_is_counted_by_who_works_there(self, drawer, hall, jun, now):
        safe = safe_of(hall.pk, now=now)
        count_drawer(drawer_id=safe.pk, pieces={10_000: 2}, explanation="", staff=jun, now=now)
        assert CashCount.objects.get().expected_yen == 20_000

    def test_nobody_counts_a_colleagues_drawer_but_an_admin(self, drawer, jun, boss, now):
        with pytest.raises(DrawerNotFound):
            count_drawer(drawer_id=drawer.pk, pieces=FULL, explanation="", staff=jun, now=now)
        count_drawer(drawer_id=drawer.pk, pieces=FULL, explanation="", staff=boss, now=now)


class TestClosing:
    def test_all_of_it_goes_into_the_safe(self, drawer, charge, hall, hana, now):
        pay(charge(800), hana, now)
        closed = close_drawer(
            drawer_id=drawer.pk, pieces={10_000: 1, 500: 1, 100: 3}, explanation="", staff=hana, now=now
        )
        assert (closed.closed_at, closed.closed_by_id) == (now, hana.id)
        assert (balance(drawer.pk), balance(safe_of(hall.pk, now=now).pk)) == (0, 30_800)

    def test_missing_cash_is_not_hidden(self, drawer, hall, hana, now):
        ask = {"drawer_id": drawer.pk, "pieces": {1000: 9}, "staff": hana, "now": now}
        with pytest.raises(DifferenceUnexplained) as refusal:
            close_drawer(**ask, explanation="")
        assert refusal.value.facts == {"counted_yen": 9_000, "expected_yen": 10_000}
        close_drawer(**ask, explanation="千円札1枚が見つからない")
        assert balance(safe_of(hall.pk, now=now).pk) == 29_000

    def test_closed_it_takes_nothing_more(self, drawer, hall, hana, now):
        close_drawer(drawer_id=drawer.pk, pieces=FULL, explanation="", staff=hana, now=now)
        for act in (deposit, put_away):
            with pytest.raises(DrawerNotFound):
                act(
                    drawer_id=drawer.pk,
                    yen=1,
                    staff=hana,
                    now=now,
                    **({"memo": ""} if act is deposit else {}),
                )
        with pytest.raises(DrawerNotFound):
            close_drawer(drawer_id=drawer.pk, pieces={}, explanation="", staff=hana, now=now)
        with pytest.raises(IntegrityError, match="the drawer is closed"), transaction.atomic():
            CashMovement.objects.create(kind="stocked", target=drawer, yen=1, at=now, staff_id=hana.id)
        assert open_drawer(facility_id=hall.pk, float_yen=0, staff=hana, now=now).pk != drawer.pk

    def test_an_admin_closes_one_whose_keeper_left(self, drawer, jun, boss, now):
        ask = {"drawer_id": drawer.pk, "pieces": FULL, "explanation": "", "now": now}
        with pytest.raises(DrawerNotFound):
            close_drawer(**ask, staff=jun)
        assert close_drawer(**ask, staff=boss).closed_by_id == boss.id

    def test_the_safe_is_never_closed(self, drawer, hall, boss, now):
        safe = safe_of(hall.pk, now=now)
        with pytest.raises(DrawerNotFound):
            close_drawer(drawer_id=safe.pk, pieces={10_000: 2}, explanation="", staff=boss, now=now)


class TestMovingOn:
    def test_part_goes_to_the_safe_and_to_the_bank(self, drawer, hall, hana, now):
        put_away(drawer_id=drawer.pk, yen=4_000, staff=hana, now=now)
        deposit(drawer_id=drawer.pk, yen=1_000, memo="納入済通知 12", staff=hana, now=now)
        safe = safe_of(hall.pk, now=now)
        deposit(drawer_id=safe.pk, yen=24_000, memo="", staff=hana, now=now)
        assert (balance(drawer.pk), balance(safe.pk)) == (5_000, 0)
        with pytest.raises(CashNotThere):
            deposit(drawer_id=safe.pk, yen=1, memo="", staff=hana, now=now)

    def test_a_hand_over_counts_when_the_colleague_confirms(self, drawer, hall, hana, jun, now):
        offer = offer_hand_over(
            drawer_id=drawer.pk, receiver_id=jun.id, yen=6_000, memo="交代", staff=hana, now=now
        )
        assert balance(drawer.pk) == 10_000
        with pytest.raises(NoDrawerOpen):
            accept_hand_over(hand_over_id=offer.pk, staff=jun, now=now)
        theirs = open_drawer(facility_id=hall.pk, float_yen=0, staff=jun, now=now)
        accept_hand_over(hand_over_id=offer.pk, staff=jun, now=now)
        assert (balance(drawer.pk), balance(theirs.pk)) == (4_000, 6_000)
        with pytest.raises(HandOverGone):
            accept_hand_over(hand_over_id=offer.pk, staff=jun, now=now)
        with pytest.raises(HandOverGone):
            withdraw_hand_over(hand_over_id=offer.pk, staff=hana, now=now)

    def test_while_it_waits_the_drawer_is_not_closed(self, drawer, hana, jun, now):
        ask = {"drawer_id": drawer.pk, "receiver_id": jun.id, "yen": 1, "memo": "", "staff": hana, "now": now}
        offer = offer_hand_over(**ask)
        with pytest.raises(HandOverOpen):
            offer_hand_over(**ask)
        close = {"drawer_id": drawer.pk, "pieces": FULL, "explanation": "", "staff": hana, "now": now}
        with pytest.raises(HandOverOpen):
            close_drawer(**close)
        withdraw_hand_over(hand_over_id=offer.pk, staff=hana, now=now)
        assert close_drawer(**close).closed_at == now

    def test_only_the_one_it_was_offered_to_confirms(self, drawer, hall, hana, jun, boss, now):
        offer = offer_hand_over(drawer_id=drawer.pk, receiver_id=jun.id, yen=1, memo="", staff=hana, now=now)
        open_drawer(facility_id=hall.pk, float_yen=0, staff=boss, now=now)
        with pytest.raises(HandOverGone):
            accept_hand_over(hand_over_id=offer.pk, staff=boss, now=now)

    def test_it_goes_to_a_colleague_of_the_hall(self, drawer, hana, now):
        stranger = factories.a_staff("別館 人", "other@example.jp")
        for receiver in (hana.id, stranger.pk, 0):
            with pytest.raises(NotAColleague):
                offer_hand_over(
                    drawer_id=drawer.pk, receiver_id=receiver, yen=1, memo="", staff=hana, now=now
                )

    def test_cash_spent_meanwhile_is_not_handed_over(self, drawer, hall, hana, jun, now):
        offer = offer_hand_over(
            drawer_id=drawer.pk, receiver_id=jun.id, yen=10_000, memo="", staff=hana, now=now
        )
        open_drawer(facility_id=hall.pk, float_yen=0, staff=jun, now=now)
        deposit(drawer_id=drawer.pk, yen=1, memo="", staff=hana, now=now)
        with pytest.raises(CashNotThere):
            accept_hand_over(hand_over_id=offer.pk, staff=jun, now=now)


@pytest.mark.parametrize("table", ["payments_cashmovement", "payments_cashcount"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET staff_id = staff_id", "DELETE FROM {}"])
def test_what_was_moved_or_counted_stays(drawer, hana, now, table, statement):
    count_drawer(drawer_id=drawer.pk, pieces=FULL, explanation="", staff=hana, now=now)
    with (
        pytest.raises(IntegrityError, match="append only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


def test_an_unknown_drawer_is_not_found(hana, now):
    with pytest.raises(DrawerNotFound):
        put_away(drawer_id=0, yen=1, staff=hana, now=now)
    with pytest.raises(HandOverGone):
        accept_hand_over(hand_over_id=0, staff=hana, now=now)
    assert drawers.colleagues(0) == {}


def test_a_hall_that_cannot_be_is_not_found(city):
    with pytest.raises(FacilityNotFound):
        staff_facility("no\0where")
