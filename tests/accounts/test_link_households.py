"""Residents who live together are linked by staff: into one household, and out of it again."""

from __future__ import annotations

import pytest

from accounts.errors import InAnotherHousehold, NotTwoPeople, ResidentNotFound
from accounts.households import household_of, link_residents, unlink_resident
from accounts.models import Household, HouseholdMember
from accounts.services import register_resident
from tests.factories import a_staff


@pytest.fixture
def people(city):
    return [register_resident(name=name).pk for name in ("父", "母", "子", "隣の人", "隣の子")]


@pytest.fixture
def link(city, now):
    staff = a_staff().pk
    return lambda one, other: link_residents(resident_id=one, other_id=other, staff_id=staff, now=now)


def others(resident_id):
    return {one.pk for one in household_of(resident_id=resident_id)}


def test_who_is_linked_belongs_together_whoever_is_asked(people, link):
    father, mother, child, *_ = people
    link(father, mother)
    link(mother, child)
    assert others(father) == {mother, child}
    assert others(child) == {father, mother}
    assert Household.objects.count() == 1


def test_linking_twice_changes_nothing_and_says_who_did_it(people, link, now):
    father, mother, *_ = people
    link(father, mother)
    link(father, mother)
    member = HouseholdMember.objects.get(resident_id=mother)
    assert (HouseholdMember.objects.count(), member.linked_at) == (2, now)


def test_nobody_belongs_to_two_households(people, link):
    father, mother, _, neighbour, other = people
    link(father, mother)
    link(neighbour, other)
    with pytest.raises(InAnotherHousehold):
        link(father, neighbour)


def test_a_household_needs_two_people_who_exist(people, link):
    with pytest.raises(NotTwoPeople):
        link(people[0], people[0])
    with pytest.raises(ResidentNotFound):
        link(people[0], 10**9)


def test_taken_out_the_rest_stays_and_one_alone_is_no_household(people, link):
    father, mother, child, *_ = people
    link(father, mother)
    link(father, child)
    unlink_resident(resident_id=mother)
    assert (others(father), others(mother)) == ({child}, set())
    unlink_resident(resident_id=father)
    unlink_resident(resident_id=father)
    assert not Household.objects.exists()
