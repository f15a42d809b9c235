"""What exemptions sum up to: per hall and ground, in the fiscal year of the day of use."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.actors import Actor
from booking.cancelling import cancel_reservation
from booking.exempting.applying import apply_for_exemption
from booking.exempting.deciding import grant_exemption, revoke_exemption
from booking.exempting.totals import exemption_totals
from booking.pricing import set_price
from facilities.details import Details
from tests.booking.exempting import RULES_WITH_GROUNDS


@pytest.fixture(autouse=True)
def _grounds(publish):
    publish(*RULES_WITH_GROUNDS)


@pytest.fixture
def admin(emi):
    return Actor("staff", emi.staff.pk)


@pytest.fixture
def exempt(hanako, admin, now):
    def act(row, ground="welfare", **measure):
        who = Actor("resident", hanako.pk)
        found = apply_for_exemption(ref=row.ref, ground=ground, remark="", actor=who, now=now)
        return grant_exemption(ref=found.ref, **measure, actor=admin, now=now)

    return act


def told(year=2027):
    return [(one.ground, one.count, one.before_yen, one.exempted_yen) for one in exemption_totals(year)]


def test_granted_by_people_and_by_the_rules_count_alike(book, exempt):
    exempt(book())
    exempt(book("13:00", "15:00"))
    book("16:00", "18:00", details=Details(headcount=3))
    assert told() == [("small", 1, 800, 200), ("welfare", 2, 1600, 800)]
    assert told(2026) == []
    (total, _other) = exemption_totals(2027)
    assert (total.facility_name, total.name, total.name_en) == ("中央公民館", "少人数", "Few people")
    assert exemption_totals(2027, facility_id=total.facility_id + 1) == []


def test_the_last_day_of_march_belongs_to_the_year_before(book, exempt, now):
    later = now.replace(year=2028, month=2)
    exempt(book(day=date(2028, 3, 31), now=later))
    exempt(book(day=date(2028, 4, 1), now=later))
    assert (told(2027), told(2028)) == ([("welfare", 1, 800, 400)], [("welfare", 1, 800, 400)])


def test_what_does_not_take_place_or_was_taken_back_does_not_count(book, exempt, admin, now):
    gone, revoked = book(), book("13:00", "15:00")
    exempt(gone)
    found = exempt(revoked)
    cancel_reservation(ref=gone.ref, actor=admin, reason="x", now=now)
    revoke_exemption(ref=found.ref, reason="x", actor=admin, now=now)
    assert told() == []


def test_several_grounds_of_one_use_add_up_to_what_was_taken_off(book, exempt):
    row = book()
    exempt(row)
    exempt(row, "more")
    assert told() == [("more", 1, 0, 160), ("welfare", 1, 800, 400)]


def test_what_staff_changed_since_leaves_what_was_exempted(book, exempt, admin, now):
    row = book()
    exempt(row)
    set_price(ref=row.ref, yen=300, reason="x", actor=admin, now=now)
    assert told() == [("welfare", 1, 700, 400)]
