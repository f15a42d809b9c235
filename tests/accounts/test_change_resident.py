"""Residents change what they say of themselves; what staff granted is not theirs to change."""

from __future__ import annotations

import pytest

from accounts.errors import ClassNotYours, ResidentNotFound
from accounts.services import change_resident
from tests import factories

SAID = {"name": "青木", "name_kana": "あおき", "phone": "0425581111", "language": "ja"}


@pytest.fixture
def resident(city):
    return factories.a_resident("青木 愛子", applicant_class="general")


def test_class_that_is_said_is_kept(resident):
    change_resident(resident_id=resident.pk, **SAID, applicant_class="outside", granted=["registered"])
    resident.refresh_from_db()
    assert resident.applicant_class == "outside"


def test_without_a_class_it_stays_as_it_is(resident):
    change_resident(resident_id=resident.pk, **SAID)
    resident.refresh_from_db()
    assert (resident.name, resident.applicant_class) == ("青木", "general")


def test_granted_class_is_not_said(resident):
    with pytest.raises(ClassNotYours):
        change_resident(resident_id=resident.pk, **SAID, applicant_class="registered", granted=["registered"])
    resident.refresh_from_db()
    assert (resident.name, resident.applicant_class) == ("青木 愛子", "general")


def test_class_that_was_granted_is_not_overwritten(resident):
    change_resident(resident_id=resident.pk, **SAID, applicant_class="outside", granted=["general"])
    resident.refresh_from_db()
    assert (resident.name, resident.applicant_class) == ("青木", "general")


def test_unknown_resident_is_not_found(city):
    with pytest.raises(ResidentNotFound):
        change_resident(resident_id=10**6, **SAID)
