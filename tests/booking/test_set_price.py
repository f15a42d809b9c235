"""Where the rules leave the price open, or against them: staff decide it, with a reason, and the charge follows."""

from __future__ import annotations

import pytest

from accounts.actors import Actor
from booking.errors import NotBelowRules, NotConfirmed, ReasonMissing
from booking.models import Reservation
from booking.pricing import set_price
from facilities.models import Facility
from payments.errors import InvalidAmount
from payments.queries import payment_states
from payments.services import collect_cash
from tests.factories import a_staff


@pytest.fixture
def clerk(city):
    return a_staff(role="admin")


@pytest.fixture
def decide(clerk, now):
    def act(row, yen, reason="展示のため、館長が決めた"):
        return set_price(ref=row.ref, yen=yen, reason=reason, actor=Actor("staff", clerk.pk), now=now)

    return act


@pytest.fixture
def unpriced(publish):
    """The first seminar room has no price that could be seen."""
    publish(("capacity: 30, fee: {yen_per_hour: 400}}", "capacity: 30, fee: {not_shown: true}}"))


def test_a_price_the_rules_do_not_give_is_left_open_and_nothing_is_charged(unpriced, book):
    row = book()
    assert (row.status, row.price_yen, row.quote) == ("confirmed", None, None)
    assert payment_states([row.ref]) == {}


def test_staff_settle_an_open_price_and_it_is_charged(unpriced, book, decide):
    row = decide(book(), 1500)
    row.refresh_from_db()
    assert row.price_yen == 1500
    assert [line["yen"] for line in row.quote["lines"]] == [1500]
    assert payment_states([row.ref])[row.ref].assessed_yen == 1500
    assert row.transitions.last().verb == "price"
    assert row.transitions.last().reason == "展示のため、館長が決めた"


@pytest.mark.parametrize("yen", [0, 300, 800, 2000])
def test_a_price_of_the_rules_is_changed_up_or_down_and_keeps_its_lines(book, decide, yen):
    row = decide(book(), yen)
    assert row.price_yen == yen
    assert sum(line["yen"] for line in row.quote["lines"]) == yen
    assert row.quote["lines"][0]["yen"] == 800
    assert payment_states([row.ref])[row.ref].assessed_yen == yen


def test_what_was_paid_too_much_is_decided_as_a_refund(book, decide, clerk, now):
    row = book()
    collect_cash(subject=row.ref, yen=800, staff_id=clerk.pk, now=now)
    decide(row, 500)
    assert payment_states([row.ref])[row.ref].refund_due_yen == 300
    decide(row, 900)
    state = payment_states([row.ref])[row.ref]
    assert (state.assessed_yen, state.collected_yen) == (900, 800)


def test_no_price_without_a_reason_or_beyond_sense_or_for_what_is_not_booked(book, hold, decide):
    row = book()
    with pytest.raises(ReasonMissing):
        decide(row, 100, reason="  ")
    for yen in (-1, 10**12):
        with pytest.raises(InvalidAmount):
            decide(row, yen)
    with pytest.raises(NotConfirmed):
        decide(hold("15:00", "16:00"), 100)
    assert Reservation.objects.get(pk=row.pk).price_yen == 800


def test_a_hall_manager_does_not_go_below_the_rules_with_a_public_fee(book, room, now):
    """It would be an exemption, and a designated manager only passes those on."""
    row, manager = (
        book(),
        a_staff("館長", "kancho@example.jp", facilities=[Facility.objects.get(pk=room.facility_id)]),
    )
    actor = Actor("staff", manager.pk)
    with pytest.raises(NotBelowRules):
        set_price(ref=row.ref, yen=799, reason="いつもの団体なので", actor=actor, now=now)
    set_price(ref=row.ref, yen=1200, reason="片付けが残った", actor=actor, now=now)
    set_price(ref=row.ref, yen=800, reason="まちがえた", actor=actor, now=now)
    assert Reservation.objects.get(pk=row.pk).price_yen == 800
