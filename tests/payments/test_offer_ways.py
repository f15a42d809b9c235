"""In which ways a hall can be paid now."""

from __future__ import annotations

import pytest

from facilities.models import Facility
from payments.models import HallTerms, Payee, RevenueItem
from payments.ways import HallClass, fitting, ways_for, ways_of
from tests import factories

READY = {
    "charges_enabled": True,
    "capabilities": {"card_payments": "active", "konbini_payments": "active", "paypay_payments": "pending"},
}


@pytest.fixture
def halls(city):
    return [Facility.objects.order_by("pk")[0], factories.a_facility()]


@pytest.fixture
def payee(city):
    return Payee.objects.create(stripe_account="acct_1", stripe_state=READY)


def terms(hall, payee, ways, **by_class):
    item = RevenueItem.objects.create(payee=payee)
    return HallTerms.objects.create(facility=hall, item=item, ways=ways, ways_by_class=by_class)


def test_a_hall_without_terms_takes_cash(halls):
    assert ways_for(facility_id=halls[0].pk) == ("desk_cash",)
    assert ways_for(facility_id=None) == ("desk_cash",)


def test_only_what_the_account_can_take_is_offered(halls, payee):
    terms(halls[0], payee, ["paypay", "konbini", "card", "desk_cash"])
    assert ways_for(facility_id=halls[0].pk) == ("desk_cash", "card", "konbini")


def test_an_account_that_may_not_take_money_offers_nothing_online(halls, payee):
    terms(halls[0], payee, ["card", "desk_cash"])
    Payee.objects.filter(pk=payee.pk).update(stripe_state={**READY, "charges_enabled": False})
    assert ways_for(facility_id=halls[0].pk) == ("desk_cash",)
    Payee.objects.filter(pk=payee.pk).update(stripe_state=READY, stripe_account="")
    assert ways_for(facility_id=halls[0].pk) == ("desk_cash",)


def test_a_class_has_ways_of_its_own(halls, payee):
    terms(halls[0], payee, ["card"], public=["deferred"])
    assert ways_for(facility_id=halls[0].pk, applicant_class="public") == ("deferred",)
    assert ways_for(facility_id=halls[0].pk, applicant_class="resident") == ("card",)


def test_the_money_of_a_charge_stays_its_payees(halls, payee, city):
    terms(halls[0], payee, ["card", "desk_cash"])
    other = Payee.objects.create(name="", kind="public")
    assert ways_for(facility_id=halls[0].pk, payee_id=other.pk) == ("desk_cash",)


def test_several_halls_are_paid_at_once_only_in_ways_they_share(halls, payee):
    terms(halls[0], payee, ["card", "konbini", "desk_cash"])
    terms(halls[1], payee, ["card", "desk_cash"])
    both = [HallClass(halls[0].pk), HallClass(halls[1].pk)]
    assert ways_of(both) == ("desk_cash", "card")


def test_the_money_of_two_payees_is_not_paid_online_at_once(halls, payee):
    terms(halls[0], payee, ["card", "desk_cash"])
    second = Payee.objects.create(stripe_account="acct_2", stripe_state=READY)
    terms(halls[1], second, ["card", "desk_cash"])
    assert ways_of([HallClass(halls[0].pk), HallClass(halls[1].pk)]) == ("desk_cash",)


@pytest.mark.parametrize(
    ("yen", "expected"),
    [
        (49, ("desk_cash",)),
        (50, ("desk_cash", "card")),
        (120, ("desk_cash", "card", "konbini")),
        (300_000, ("desk_cash", "card", "konbini")),
        (300_001, ("desk_cash", "card")),
    ],
)
def test_a_way_takes_what_its_provider_takes(yen, expected):
    assert fitting(("desk_cash", "card", "konbini"), yen) == expected
