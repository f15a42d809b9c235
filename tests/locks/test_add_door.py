"""A door is added to rooms of its own hall, with a secret of its own."""

from __future__ import annotations

import pytest

from locks.errors import InvalidDoor, UnknownAdapter
from locks.models import Door
from locks.queries import device_secret
from locks.services import add_door
from tests import factories


def test_a_door_gets_its_rooms_and_a_secret(door, room):
    made = door(lead_minutes=30, lag_minutes=0)
    assert (made.name, made.adapter, made.note) == ("入口のテンキー", "local_hmac", "玄関の右です。")
    assert list(made.rooms.values_list("pk", flat=True)) == [room.id]
    assert (made.lead_minutes, made.lag_minutes) == (30, 0)
    assert len(device_secret(made)) == 32


def test_every_door_has_its_own_device_and_secret(door):
    first, second = door(), door()
    assert first.device_id != second.device_id
    assert device_secret(first) != device_secret(second)


def test_an_adapter_nobody_registered_is_refused(door):
    with pytest.raises(UnknownAdapter):
        door("abracadabra")


def test_a_door_serves_rooms_of_its_hall_only(door, city):
    stranger = factories.a_room()
    with pytest.raises(InvalidDoor):
        door(rooms=[stranger])
    assert not Door.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"name": "  "}, {"name": "あ" * 101}, {"lead_minutes": -1}, {"lag_minutes": 241}],
)
def test_nonsense_is_refused(door, wrong):
    with pytest.raises(InvalidDoor):
        door(**wrong)


def test_a_hall_that_does_not_exist_has_no_door(city, now):
    with pytest.raises(InvalidDoor):
        add_door(facility_id=0, name="玄関", adapter="local_hmac", room_ids=[], note="", now=now)
