"""Permits in a rush: each number once and none skipped; one permit for a use, one decision for an application."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.actors import Actor
from accounts.services import register_resident
from booking.models import Permit, Reservation, Review
from booking.reviewing.deciding import permit_applications, refuse_applications
from booking.reviewing.permits import settle_permit
from booking.services import book_room
from facilities.details import Details
from facilities.models import RuleBook
from facilities.queries import room_by_key
from facilities.services import publish_rules
from tenants.context import inside
from tests.booking.conftest import at, rules_text
from tests.journeys.test_review_application import RULES
from tests.races.conftest import outcomes

pytestmark = pytest.mark.race


@pytest.fixture
def book(committed_city, now):
    """Book an hour; 20 people or more are reviewed, and every use is given a permit."""
    text = rules_text("akiruno").replace("とした。\n\ncancellations:", RULES)
    with inside(committed_city):
        book = RuleBook.objects.get()
        publish_rules(rule_book_id=book.pk, text=text, effective_from=date(2026, 1, 1), now=now)
        resident = register_resident(name="住民").pk
        room = room_by_key("chuo-kominkan", "kenshu-1")

    def make(hour, headcount=5):
        return book_room(
            room_id=room.id,
            starts_at=at(f"{hour:02d}:00"),
            ends_at=at(f"{hour + 1:02d}:00"),
            resident_id=resident,
            channel="web",
            purpose="競争",
            details=Details(headcount=headcount),
            actor=Actor("resident", resident),
            now=now,
        )

    return make


def test_numbers_given_at_the_same_instant_follow_each_other(committed_city, race, book, now):
    refs = [book(hour).ref for hour in range(9, 17)]
    done = race([lambda ref=ref: settle_permit(ref=ref, now=now) for ref in refs])
    assert outcomes(done) == {"won": 8}
    with inside(committed_city):
        assert sorted(Permit.objects.values_list("serial", flat=True)) == list(range(1, 9))


def test_a_job_that_runs_many_times_at_once_issues_one_permit(committed_city, race, book, now):
    ref = book(9).ref
    done = race([lambda: settle_permit(ref=ref, now=now)] * 6)
    assert outcomes(done) == {"won": 6}
    with inside(committed_city):
        assert Permit.objects.get().serial == 1


def test_of_two_who_decide_at_the_same_instant_one_does(committed_city, race, book, dai, now):
    ref = book(9, headcount=25).ref
    clerk = Actor("staff", dai.staff.pk)
    done = race(
        [
            lambda: permit_applications(refs=[ref], conditions="", actor=clerk, now=now),
            lambda: refuse_applications(refs=[ref], reason="重なり", actor=clerk, now=now),
        ]
    )
    assert outcomes(done) == {"won": 1, "ReviewOver": 1}
    with inside(committed_city):
        state, status = Review.objects.get().state, Reservation.objects.get().status
    assert (state, status) in {("permitted", "confirmed"), ("refused", "refused")}
