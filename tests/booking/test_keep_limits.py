"""What one applicant may have is counted in the municipality's own days, on every way to a booking."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.actors import Actor
from accounts.models import Staff
from booking.cancelling import cancel_reservation
from booking.errors import OutsideRules
from booking.services import confirm_reservation
from facilities.details import Details
from facilities.queries import room_by_key
from payments.services import collect_cash
from tests.booking.conftest import WEDNESDAY
from tests.factories import a_staff

APPLICATION = "applications:\n  open:\n"
TWO_A_WEEK = "    limits: [{key: weekly, name: 1週間の予約, at_most: 2, of: bookings, per: week, article: 規則第9条}]\n"


@pytest.fixture
def limited(publish):
    """Akiruno with limits: two bookings a week unless a test says otherwise."""

    def make(limits=TWO_A_WEEK):
        publish((APPLICATION, APPLICATION + limits))

    return make


def test_the_third_booking_of_a_week_is_refused_with_the_article(limited, book):
    limited()
    book("10:00", "11:00")
    book("10:00", "11:00", day=WEDNESDAY + timedelta(days=1))
    with pytest.raises(OutsideRules) as refused:
        book("10:00", "11:00", day=WEDNESDAY + timedelta(days=3))
    (reason,) = refused.value.facts["reasons"]
    assert (reason.code, reason.article) == ("limit", "規則第9条")
    assert "2件" in reason.sentence("ja")
    book("10:00", "11:00", day=WEDNESDAY + timedelta(days=7))


def test_a_hold_counts_while_it_lives_and_not_after(limited, hold, book, now):
    limited()
    hold("10:00", "11:00")
    book("13:00", "14:00")
    with pytest.raises(OutsideRules):
        hold("15:00", "16:00")
    hold("15:00", "16:00", now=now + timedelta(minutes=11))


def test_what_was_cancelled_no_longer_counts(limited, book, hanako, now):
    limited()
    first = book("10:00", "11:00")
    book("13:00", "14:00")
    cancel_reservation(ref=first.ref, actor=Actor("resident", hanako.pk), reason="", now=now)
    book("15:00", "16:00")


def test_limits_are_each_applicants_own(limited, book, ichiro):
    limited()
    book("10:00", "11:00")
    book("13:00", "14:00")
    book("15:00", "16:00", resident=ichiro)


def test_a_week_begins_on_the_municipalitys_monday_not_at_nine_in_the_morning(limited, book):
    """09:00 on Monday in Tokyo is 00:00 UTC: a count in UTC days would put Monday 08:00 into the week before."""
    limited()
    monday = date(2027, 6, 14)
    for starts, ends in (("10:00", "11:00"), ("11:00", "12:00")):
        book(starts, ends, day=monday - timedelta(days=1))
    for starts, ends in (("09:00", "10:00"), ("10:00", "11:00")):
        book(starts, ends, day=monday)
    with pytest.raises(OutsideRules):
        book("13:00", "14:00", day=monday)


def test_hours_are_counted_in_the_hours_they_are_about(limited, book):
    limited(
        "    limits: [{key: evening, name: 夜の利用, at_most: 2, of: hours, per: week, time: ['17:00-22:00']}]\n"
    )
    book("13:00", "17:00")
    book("17:00", "18:00")
    book("18:00", "19:00", day=WEDNESDAY + timedelta(days=1))
    with pytest.raises(OutsideRules):
        book("19:00", "20:00")
    book("10:00", "12:00")


def test_days_in_a_row_are_found_on_both_sides(limited, book):
    limited("    limits: [{key: run, name: 続けての利用, at_most: 3, of: days, per: run}]\n")
    for offset in (0, 1, 3):
        book("10:00", "11:00", day=WEDNESDAY + timedelta(days=offset))
    with pytest.raises(OutsideRules):
        book("10:00", "11:00", day=WEDNESDAY + timedelta(days=2))
    other = room_by_key("chuo-kominkan", "kenshu-2")
    book("10:00", "11:00", day=WEDNESDAY + timedelta(days=2), room=other)


def test_everyones_uses_count_together_where_the_rules_say_so(limited, book, ichiro):
    limited("    limits: [{key: all, name: 館全体, at_most: 1, of: bookings, per: day, whose: everyone}]\n")
    book("10:00", "11:00")
    with pytest.raises(OutsideRules):
        book("13:00", "14:00", resident=ichiro)


def test_staff_may_go_beyond_a_limit_with_a_reason_that_is_recorded(limited, book):
    limited()
    actor = Actor("staff", a_staff(role=Staff.Role.ADMIN).pk)
    for starts, ends in (("10:00", "11:00"), ("11:00", "12:00")):
        book(starts, ends)
    with pytest.raises(OutsideRules):
        book("13:00", "14:00", channel="desk", actor=actor)
    row = book("13:00", "14:00", channel="desk", actor=actor, override_reason="市の行事のため")
    assert row.transitions.get().reason == "市の行事のため"


def test_a_limit_on_what_the_room_is_for_is_checked_when_that_is_said(publish, hold, hanako, now):
    """The hold was within the limits; the purpose that is said afterwards is not, and the time stays held."""
    publish(
        (
            APPLICATION,
            APPLICATION
            + "    limits: [{key: dance, name: 踊り, at_most: 1, of: bookings, per: day, when: {purpose: dance}}]\n",
        ),
        (
            "causes:\n",
            "purposes: [{key: dance, name: ダンス}, {key: meeting, name: 会議}]\ncauses:\n",
        ),
    )
    actor = Actor("resident", hanako.pk)

    def confirm(row, purpose):
        details = Details(purpose=purpose, headcount=5)
        return confirm_reservation(ref=row.ref, purpose="集まり", details=details, actor=actor, now=now)

    confirm(hold("10:00", "11:00"), "dance")
    second = hold("13:00", "14:00")
    with pytest.raises(OutsideRules):
        confirm(second, "dance")
    assert confirm(second, "meeting").purpose_key == "meeting"


def test_what_is_paid_no_longer_counts_where_the_limit_says_so(limited, book, dai, now):
    limited(
        "    limits: [{key: open, name: 同時に, at_most: 2, of: bookings, per: always, unpaid_only: true}]\n"
    )
    first = book("10:00", "11:00")
    book("13:00", "14:00")
    with pytest.raises(OutsideRules):
        book("15:00", "16:00")
    collect_cash(subject=first.ref, yen=400, staff_id=dai.staff.pk, now=now)
    book("15:00", "16:00")
    with pytest.raises(OutsideRules):
        book("17:00", "18:00")
