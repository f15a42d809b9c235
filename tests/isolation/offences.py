"""Offences, what follows and an appeal, for the addresses that show them."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import Household, HouseholdMember
from booking.models import Appeal, Measure, Offence
from tests.booking.conftest import WEDNESDAY
from tests.factories import a_group, a_resident


def plant_offences(booked, staff, now):
    """Write an offence of a booking with two proposals and an appeal; return the examples of their addresses."""
    offence = Offence.objects.create(
        facility_id=booked.room.facility_id,
        resident_id=booked.resident_id,
        reservation=booked,
        key="no-show",
        name="無断の不使用",
        day=WEDNESDAY,
        recorded_at=now,
        recorded_by=staff,
    )
    for name in ("利用停止", "長い利用停止"):
        measure = Measure.objects.create(
            facility_id=offence.facility_id,
            offence=offence,
            resident_id=booked.resident_id,
            kind="suspension",
            state="proposed",
            name=name,
            suspends="use",
            starts_on=WEDNESDAY,
            ends_on=WEDNESDAY + timedelta(days=30),
            made_at=now,
        )
    appeal = Appeal.objects.create(offence=offence, filed_by_id=booked.resident_id, text="申出", filed_at=now)
    household = Household.objects.create(created_at=now)
    person = a_resident("世帯の 人")
    HouseholdMember.objects.create(household=household, resident=person, linked_by=staff, linked_at=now)
    a_group("会", now=now)
    return {
        "offence": [str(offence.ref)],
        "measure": [str(measure.ref)],
        "appeal": [str(appeal.ref)],
        "resident_id": [str(person.pk)],
    }
