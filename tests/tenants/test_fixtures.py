"""The fixtures keep their promises: rolled back, or committed and put back."""

from __future__ import annotations

import pytest
from django.db import connection, connections

from accounts.models import Resident
from facilities.models import Facility
from tenants.context import current_schema, inside
from tests import building, factories


def test_city_is_akiruno_with_halls_from_its_rules(city):
    assert current_schema() == "m132284"
    assert Facility.objects.exists()
    assert Resident.objects.count() == 0


def test_people_live_in_their_own_municipality(city, aiko, chika, dai, emi, fumi):
    assert list(Resident.objects.all()) == [aiko.resident]
    with inside(chika.municipality):
        assert list(Resident.objects.all()) == [chika.resident]
    assert dai.staff.facilities.count() == 1


@pytest.mark.parametrize("time", ["first", "second"])
def test_committed_rows_are_gone_in_the_next_test(committed_city, aiko, time):
    assert not connection.in_atomic_block
    assert Resident.objects.count() == 1
    Facility.objects.update(name="変わった")
    factories.a_resident()


@pytest.mark.parametrize("time", ["first", "second"])
def test_the_seed_is_as_provisioned(city, time):
    assert not Facility.objects.filter(name="変わった").exists()
    assert Resident.objects.count() == 0


def test_a_request_leaves_the_test_in_its_schema(city, client_for):
    client_for(city).get("/no-such-page/")
    assert current_schema() == "m132284"


def test_only_the_test_database_is_used(db):
    assert connections["default"].settings_dict["NAME"] == building.NAME
