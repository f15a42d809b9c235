"""Exemptions at the same time: none beyond its number, none decided twice, no yen lost to cash that comes meanwhile."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from accounts.actors import Actor
from accounts.services import register_resident
from booking.cancelling import cancel_reservation
from booking.exempting.applying import apply_for_exemption
from booking.exempting.deciding import grant_exemption, refuse_exemption
from booking.models import Exemption
from booking.services import book_room
from facilities.details import Details
from facilities.models import RuleBook
from facilities.queries import room_by_key
from facilities.services import publish_rules
from payments.queries import payment_states
from payments.services import collect_cash
from tenants.context import inside
from tests.booking.conftest import at, rules_text
from tests.booking.exempting import GROUNDS, RULES_WITH_GROUNDS
from tests.factories import a_staff
from tests.races.conftest import outcomes

pytestmark = pytest.mark.race

ONCE = (GROUNDS[0], GROUNDS[1].replace("when: {headcount: ..5}", "when: {headcount: ..5}, at_most_times: 1"))


@pytest.fixture
def town(committed_city, now):
    """The rules have grounds; 少人数 is granted by itself, once a year."""
    text = rules_text("akiruno")
    for old, new in (ONCE if one is GROUNDS else one for one in RULES_WITH_GROUNDS):
        text = text.replace(old, new)
    with inside(committed_city):
        book = RuleBook.objects.get()
        publish_rules(rule_book_id=book.pk, text=text, effective_from=date(2026, 1, 1), now=now)
        yield register_resident(name="佐藤 花子")


@pytest.fixture
def office(town):
    return Actor("staff", a_staff("係 長", "kakari@example.jp", role="admin").pk)


def book(person, now, hour, headcount=10):
    return book_room(
        room_id=room_by_key("chuo-kominkan", "kenshu-1").id,
        starts_at=at(f"{hour}:00"),
        ends_at=at(f"{hour + 1}:00"),
        resident_id=person.pk,
        channel="web",
        purpose="会",
        details=Details(headcount=headcount),
        actor=Actor("resident", person.pk),
        now=now,
    )


def applied(person, now, row, ground):
    who = Actor("resident", person.pk)
    return apply_for_exemption(ref=row.ref, ground=ground, remark="", actor=who, now=now)


def test_of_many_who_have_the_last_one_one_gets_it(race, town, office, now):
    found = [applied(town, now, book(town, now, hour), "yearly") for hour in range(9, 15)]
    acts = [partial(grant_exemption, ref=one.ref, actor=office, now=now) for one in found]
    assert outcomes(race(acts)) == {"won": 2, "ExemptionUsedUp": 4}
    assert Exemption.objects.filter(state="granted").count() == 2


def test_of_many_bookings_at_once_one_has_what_the_rules_grant_once(race, town, now):
    results = race([partial(book, town, now, hour, 3) for hour in range(9, 15)])
    assert set(outcomes(results)) <= {"won", "ExemptionUsedUp"}
    cheaper = [one for one in results if not isinstance(one, Exception) and one.price_yen == 300]
    assert len(cheaper) == Exemption.objects.filter(state="granted").count() == 1


def test_one_application_is_decided_once(race, town, office, now):
    row = book(town, now, 9)
    found = applied(town, now, row, "welfare")
    acts = [partial(grant_exemption, ref=found.ref, actor=office, now=now)] * 3
    acts += [partial(refuse_exemption, ref=found.ref, reason="x", actor=office, now=now)] * 3
    assert outcomes(race(acts)) == {"won": 1, "ExemptionOver": 5}


@pytest.mark.parametrize("hour", [9, 11, 13])
def test_cash_a_decision_and_a_cancellation_meet_and_every_yen_is_explained(race, town, office, now, hour):
    row = book(town, now, hour)
    found = applied(town, now, row, "welfare")
    acts = [
        partial(grant_exemption, ref=found.ref, actor=office, now=now),
        partial(collect_cash, subject=row.ref, yen=400, staff_id=office.id, now=now),
        partial(collect_cash, subject=row.ref, yen=200, staff_id=office.id, now=now),
        partial(cancel_reservation, ref=row.ref, actor=office, reason="x", now=now),
    ]
    race(acts)
    state = payment_states([row.ref])[row.ref]
    kept = state.collected_yen - state.refund_decided_yen
    assert kept in (0, state.assessed_yen)
    assert state.assessed_yen in (0, 200, 400)
