"""Households (世帯): staff link residents who live together, where a limit of the rules counts them together."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.errors import InAnotherHousehold, NotTwoPeople, ResidentNotFound
from accounts.models import Household, HouseholdMember, Resident


def household_of(*, resident_id: int) -> list[Resident]:
    """Return the residents linked with this one, in the order of their kana; none where nobody is."""
    mine = HouseholdMember.objects.filter(resident_id=resident_id).values("household_id")
    people = Resident.objects.filter(household_member__household_id__in=mine).exclude(pk=resident_id)
    return list(people.order_by("name_kana", "name", "pk"))


@transaction.atomic
def link_residents(*, resident_id: int, other_id: int, staff_id: int, now: datetime) -> Household:
    """Put a second resident into the household of the first, which begins with it where there is none.

    Linking twice changes nothing. Raises NotTwoPeople, ResidentNotFound, InAnotherHousehold.
    """
    if resident_id == other_id:
        raise NotTwoPeople
    people = Resident.objects.select_for_update(no_key=True).filter(pk__in=[resident_id, other_id])
    if len(people.order_by("pk")) != 2:
        raise ResidentNotFound
    known = dict(
        HouseholdMember.objects.filter(resident_id__in=[resident_id, other_id]).values_list(
            "resident_id", "household_id"
        )
    )
    if other_id in known and known[other_id] != known.get(resident_id):
        raise InAnotherHousehold
    if resident_id in known:
        household = Household.objects.select_for_update(no_key=True).get(pk=known[resident_id])
    else:
        household = Household.objects.create(created_at=now)
    for one in (resident_id, other_id):
        HouseholdMember.objects.get_or_create(
            resident_id=one,
            defaults={"household": household, "linked_by_id": staff_id, "linked_at": now},
        )
    return household


@transaction.atomic
def unlink_resident(*, resident_id: int) -> None:
    """Take a resident out of their household; one of whom only one is left is no household. Twice changes nothing."""
    list(Resident.objects.select_for_update(no_key=True).filter(pk=resident_id))
    member = HouseholdMember.objects.filter(resident_id=resident_id).first()
    if member is None:
        return
    household = Household.objects.select_for_update(no_key=True).get(pk=member.household_id)
    member.delete()
    if household.members.count() < 2:
        household.delete()
