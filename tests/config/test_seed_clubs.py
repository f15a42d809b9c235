"""The demo's clubs: one to act for, one to review; sown once."""

from __future__ import annotations

import pytest

from config.demo.clubs import seed_clubs
from facilities.group_rules import standing_of
from facilities.models import GroupRegistration
from facilities.queries import room_by_key
from tests import factories


@pytest.mark.parametrize(
    ("rules", "hall", "room"), [("miki", "aoyama", "chukaigi"), ("hirakata", "sada", "hall")]
)
def test_one_club_is_registered_and_one_waits(city, now, rules, hall, room):
    factories.Facility.objects.update(is_open=False)
    factories.halls_of(factories.EXAMPLES / f"{rules}.yaml")
    resident, clerk = (
        factories.a_resident("青木 春子", "resident@example.jp", login=True),
        factories.a_staff(),
    )
    for _time in range(2):
        seed_clubs(representative=resident, clerk_id=clerk.pk, now=now)
    choir, readers = GroupRegistration.objects.order_by("pk")
    assert (choir.group.name, choir.state) == ("さくらコーラス", "registered")
    assert (readers.group.name, readers.state) == ("木曜読書会", "applied")
    standing = standing_of(choir.group_id, room_by_key(hall, room), now.date())
    assert (standing.applicant_class, standing.registered) == ("registered", True)
