"""Whose uses count together under a limit: a person's, a group's, groups' alike, a household's; and several at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from accounts.models import Household, HouseholdMember, Membership, RosterEntry
from booking.admission import turned_away
from booking.applications import assess
from booking.bulk import Item, book_together, look_together
from booking.errors import OutsideRules
from booking.models import Reservation
from booking.parties import Party
from facilities.details import Details
from facilities.queries import room_by_key
from facilities.room_rules import Asker
from tests.booking.conftest import WEDNESDAY, at
from tests.factories import a_group, a_staff

APPLICATION = "applications:\n  open:\n"


@pytest.fixture
def limited(publish):
    """One booking a week, of whomever the limit speaks."""

    def make(*more, at_most=1, of="bookings", per="per: week"):
        said = "".join(f", {one}" for one in more)
        limit = f"    limits: [{{key: w, name: 決まり, at_most: {at_most}, of: {of}, {per}{said}}}]\n"
        publish((APPLICATION, APPLICATION + limit))

    return make


@pytest.fixture
def club(now):
    def make(name, *members, roster=()):
        group = a_group(name, now=now)
        for resident in members:
            Membership.objects.create(group=group, resident=resident, role="booker", since=now)
        for person in roster:
            RosterEntry.objects.create(group=group, name=person, folded=person)
        return group.pk

    return make


def later(days):
    return WEDNESDAY + timedelta(days=days)


def test_a_groups_uses_are_the_groups_whoever_books_them(limited, book, club, hanako, ichiro):
    limited()
    chorus = club("コーラス", hanako, ichiro)
    book(group_id=chorus)
    with pytest.raises(OutsideRules):
        book(day=later(1), resident=ichiro, group_id=chorus)
    book(day=later(1), resident=ichiro)
    book(day=later(2), group_id=club("茶道", hanako))


def test_a_persons_uses_count_in_whatever_group(limited, book, club, hanako, ichiro):
    limited("whose: person")
    chorus = club("コーラス", hanako, ichiro)
    book(group_id=chorus)
    with pytest.raises(OutsideRules):
        book(day=later(1))
    book(day=later(1), resident=ichiro, group_id=chorus)


def test_groups_with_the_same_members_count_together(limited, book, club, hanako, ichiro):
    limited("whose: members")
    one = club("コーラス", hanako, roster=["甲", "乙", "丙"])
    same = club("合唱の会", ichiro, roster=["甲", "乙", "丁"])
    other = club("茶道", ichiro, roster=["甲", "戊", "己"])
    book(group_id=one)
    with pytest.raises(OutsideRules):
        book(day=later(1), resident=ichiro, group_id=same)
    book(day=later(1), resident=ichiro, group_id=other)


def test_people_of_a_household_count_together(limited, book, hanako, ichiro, now):
    limited("whose: household")
    household, staff = Household.objects.create(created_at=now), a_staff()
    book()
    book(day=later(1), resident=ichiro)
    for resident in (hanako, ichiro):
        HouseholdMember.objects.create(household=household, resident=resident, linked_by=staff, linked_at=now)
    book(day=later(7))
    with pytest.raises(OutsideRules):
        book(day=later(8), resident=ichiro)


def test_what_waits_for_a_review_counts(limited, book):
    limited()
    first = book()
    Reservation.objects.filter(pk=first.pk).update(status="applied")
    with pytest.raises(OutsideRules):
        book(day=later(1))


def test_a_use_made_longer_counts_as_the_hours_it_was_booked_for(limited, book):
    limited(of="hours", at_most=3)
    first = book("10:00", "12:00")
    Reservation.objects.filter(pk=first.pk).update(extension_minutes=60)
    book("13:00", "15:00")


def test_several_reservations_can_be_left_out_of_the_count(limited, book, hanako, now):
    limited(at_most=2)
    booked = [book(day=later(offset)).pk for offset in range(2)]
    wanted = assess(
        room=room_by_key("chuo-kominkan", "kenshu-1"),
        starts_at=at("10:00", later(2)),
        ends_at=at("12:00", later(2)),
        asker=Asker("", "web", now, Details(headcount=5)),
    )
    with connection.cursor() as cursor:
        assert turned_away(cursor, [wanted], Party(hanako.pk), now=now)
        assert not turned_away(cursor, [wanted], Party(hanako.pk), now=now, besides=booked[:1])
        assert not turned_away(cursor, [wanted], Party(hanako.pk), now=now, besides=booked)


def items(room, days):
    return [Item(room.id, at("10:00", day), at("11:00", day), Details(headcount=5)) for day in days]


def test_of_several_at_once_the_later_ones_count_the_earlier_ones(limited, room, hanako, now):
    limited(at_most=2)
    days = [later(offset) for offset in (0, 1, 2, 7)]
    together = book_together(
        items=items(room, days),
        resident_id=hanako.pk,
        channel="web",
        purpose="練習",
        all_or_nothing=False,
        actor=Actor("resident", hanako.pk),
        now=now,
    )
    assert sorted(together.booked) == [0, 1, 3]
    assert isinstance(together.refused[2], OutsideRules)


def test_three_limits_over_many_dates_take_one_count(publish, hanako, now):
    """The number of queries does not grow with limits or dates."""
    limits = "".join(
        f"      - {{key: k{number}, name: 決まり, at_most: 40, of: {of}, {per}, whose: {whose}}}\n"
        for number, (of, per, whose) in enumerate(
            [
                ("bookings", "per: week", "person"),
                ("hours", "per: month", "applicant"),
                ("days", "per: year", "everyone"),
            ]
        )
    )
    publish((APPLICATION, APPLICATION + "    limits:\n" + limits))
    rooms = [room_by_key("chuo-kominkan", f"kenshu-{number}") for number in (1, 2, 3)]
    counted = []
    for days in (1, 2, 60):
        wished = [one for each in rooms for one in items(each, [later(day) for day in range(days)])]
        with CaptureQueriesContext(connection) as queries:
            look_together(items=wished, party=Party(hanako.pk), channel="web", now=now)
        counted.append(len(queries))
    assert counted[1] == counted[2]  # the first one reads the rules
