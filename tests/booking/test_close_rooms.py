"""Closures meet the same wall as reservations."""

from __future__ import annotations

from datetime import timedelta

import pytest

from booking.closing import close_rooms, lift_closure
from booking.errors import ClosureNotFound, InvalidPeriod, ReasonMissing, RoomsInUse, SlotTaken
from booking.models import Claim, Closure
from facilities.errors import RoomNotFound
from facilities.queries import room_by_key
from tests.booking.conftest import at


@pytest.fixture
def close(room, dai, now):
    def act(starts="09:00", ends="17:00", *, rooms=(room,), now=now, **changes):
        arguments = {
            "facility_id": room.facility_id,
            "room_ids": [one.id for one in rooms],
            "starts_at": at(starts),
            "ends_at": at(ends),
            "reason": "床の工事",
            "staff_id": dai.staff.pk,
            "now": now,
        }
        return close_rooms(**{**arguments, **changes})

    return act


def test_a_closed_room_cannot_be_booked(close, book):
    close()
    with pytest.raises(SlotTaken):
        book()
    assert book("17:00", "18:00").status == "confirmed"


def test_a_reservation_in_the_way_is_named(close, book):
    reservation = book()
    with pytest.raises(RoomsInUse) as refusal:
        close()
    assert refusal.value.facts["reservations"] == [reservation.number]
    assert not Closure.objects.exists()


def test_an_expired_hold_is_not_in_the_way(close, hold, now):
    hold()
    assert close(now=now + timedelta(minutes=10)).pk


def test_all_rooms_or_none(close, book, room):
    other = room_by_key("chuo-kominkan", "kenshu-2")
    book(room=other)
    with pytest.raises(RoomsInUse):
        close(rooms=(room, other))
    assert not Claim.objects.filter(closure__isnull=False).exists()


def test_a_lifted_closure_frees_the_room_once(close, book, dai, now):
    closure = close()
    lift_closure(closure_id=closure.pk, staff_id=dai.staff.pk, now=now)
    assert book().status == "confirmed"
    with pytest.raises(ClosureNotFound):
        lift_closure(closure_id=closure.pk, staff_id=dai.staff.pk, now=now)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"reason": "　"}, ReasonMissing),
        ({"ends_at": at("08:00")}, InvalidPeriod),
        ({"room_ids": []}, RoomNotFound),
        ({"room_ids": [999_999]}, RoomNotFound),
        ({"facility_id": 999_999}, RoomNotFound),
    ],
)
def test_what_makes_no_sense_is_refused(close, changes, error):
    with pytest.raises(error):
        close(**changes)
