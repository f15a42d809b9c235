"""Two requests at once cannot both slip under a limit, of whomever it speaks; without the lock they would."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.actors import Actor
from accounts.models import Household, HouseholdMember, Membership, RosterEntry
from accounts.services import register_resident
from booking import circles, limits
from booking.models import Reservation
from booking.services import hold_room
from facilities.models import RuleBook
from facilities.queries import room_by_key
from facilities.services import publish_rules
from tenants.context import inside
from tests.booking.conftest import WEDNESDAY, at, rules_text
from tests.factories import a_facility, a_group, a_room, a_staff
from tests.races.conftest import outcomes

pytestmark = pytest.mark.race

APPLICATION = "applications:\n  open:\n"
LIMIT = "    limits: [{key: weekly, name: 1週間の予約, at_most: 1, of: bookings, per: week, %s}]\n"
WEST = """  - key: west
    name: 西館
    calendar: chuo
    time: hourly
    application: open
    rooms: [{key: hall, name: ホール, fee: {yen_per_hour: 100}}]

cases:
"""
# Of whom a limit speaks, and the lock that keeps its count true.
EACH = {
    "one person": ("whose: applicant", "_LOCK_RESIDENT"),
    "one person for several groups": ("whose: person", "_LOCK_RESIDENT"),
    "several people for one group": ("whose: applicant", "_LOCK_GROUPS"),
    "groups with the same members": ("whose: members", "_LOCK_GROUPS"),
    "a household": ("whose: household", "_LOCK_HOUSEHOLD"),
    "everyone in one hall": ("whose: everyone", "_LOCK_HALLS"),
    "everyone in two halls of the same rules": ("whose: everyone, across: rules", "_LOCK_HALLS"),
    "everyone everywhere": ("whose: everyone, across: everywhere", "_LOCK_HALLS"),
}


def publish(limit, now):
    text = rules_text("akiruno").replace(APPLICATION, APPLICATION + LIMIT % limit)
    book = RuleBook.objects.get()
    publish_rules(
        rule_book_id=book.pk,
        text=text.replace("\ncases:\n", WEST, 1),
        effective_from=date(2026, 1, 1),
        now=now,
    )
    a_room(a_facility(key="west", name="西館"), key="hall")


def people():
    return [register_resident(name=f"住民 {number}").pk for number in range(4)]


def a_club(name, members, now):
    group = a_group(name, now=now)
    for resident_id in members:
        Membership.objects.create(group=group, resident_id=resident_id, role="booker", since=now)
    for who in ("乙", "甲", "丙"):
        RosterEntry.objects.create(group=group, name=who, folded=who)
    return group.pk


def applicants(whom, now):
    """Four applicants (resident and group) whose uses count together."""
    residents = people()
    if whom == "one person":
        return [(residents[0], None)] * 4
    if whom == "one person for several groups":
        clubs = [a_club(f"会 {number}", residents[:1], now) for number in range(3)]
        return [(residents[0], club) for club in [None, *clubs]]
    if whom == "several people for one group":
        club = a_club("会", residents, now)
        return [(resident, club) for resident in residents]
    if whom == "groups with the same members":
        return [(one, a_club(f"会 {one}", [one], now)) for one in residents]
    if whom == "a household":
        household, staff = Household.objects.create(created_at=now), a_staff()
        for resident in residents:
            HouseholdMember.objects.create(
                household=household, resident_id=resident, linked_by=staff, linked_at=now
            )
    return [(resident, None) for resident in residents]


def act(room_id, applicant, day, now):
    resident_id, group_id = applicant
    return lambda: hold_room(
        room_id=room_id,
        starts_at=at("10:00", day),
        ends_at=at("11:00", day),
        resident_id=resident_id,
        group_id=group_id,
        channel="web",
        actor=Actor("resident", resident_id),
        now=now,
    )


@pytest.fixture
def wishes(committed_city, now):
    """Four different days of one week, wished for at the same instant by applicants who count together."""

    def make(whom):
        with inside(committed_city):
            publish(EACH[whom][0], now)
            rooms = [room_by_key("chuo-kominkan", "kenshu-1").id] * 4
            if "halls" in whom or "everywhere" in whom:
                rooms[1::2] = [room_by_key("west", "hall").id] * 2
            days = [WEDNESDAY + timedelta(days=offset) for offset in range(4)]
            return [act(*each, now) for each in zip(rooms, applicants(whom, now), days, strict=True)]

    return make


@pytest.mark.parametrize("whom", EACH)
def test_of_four_at_once_one_is_within_the_limit_of(whom, committed_city, race, wishes):
    assert outcomes(race(wishes(whom))) == {"won": 1, "OutsideRules": 3}
    with inside(committed_city):
        assert Reservation.objects.count() == 1


@pytest.mark.parametrize("whom", EACH)
def test_without_its_lock_several_slip_under_the_limit_of(whom, race, wishes, meet, monkeypatch):
    """The bug the lock is there for: each counts before the others have committed."""
    lock = EACH[whom][1]
    monkeypatch.setattr(circles, lock, getattr(circles, lock).replace("FOR NO KEY UPDATE", ""))
    real, everybody = limits.over_limits, meet(4)

    def decide_once_all_have_counted(*args, **kwargs):
        everybody()
        return real(*args, **kwargs)

    monkeypatch.setattr(limits, "over_limits", decide_once_all_have_counted)
    assert outcomes(race(wishes(whom))) == {"won": 4}


def test_who_counts_with_others_in_two_ways_never_waits_in_a_circle(committed_city, race, now):
    """Halls, groups, residents, households: everybody takes them in this order, whatever they ask for."""
    with inside(committed_city):
        publish("whose: everyone, across: rules", now)
        residents = people()
        clubs = [a_club(f"会 {number}", residents, now) for number in range(4)]
        rooms = [room_by_key("chuo-kominkan", "kenshu-1").id, room_by_key("west", "hall").id]
    acts = [
        act(rooms[n % 2], (residents[n % 4], [None, *clubs][n % 5]), WEDNESDAY + timedelta(days=n % 4), now)
        for n in range(40)
    ]
    counted = outcomes(race(acts))
    assert counted["won"] == 1
    assert set(counted) <= {"won", "OutsideRules", "SlotTaken"}
