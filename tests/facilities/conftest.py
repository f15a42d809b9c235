"""Reservations for the tests of rules."""

from __future__ import annotations

import pytest

from accounts.actors import Actor
from accounts.services import register_resident
from booking.services import book_room
from facilities.periods import moment
from facilities.queries import room_by_key
from facilities.room_rules import Details


@pytest.fixture
def book_under(city, now):
    """``book_under(version)``: a reservation of 第2研修室 on that version's first day, 10:00 to 13:00."""

    def make(version):
        room = room_by_key("chuo-kominkan", "kenshu-2")
        resident = register_resident(name="佐藤 花子", phone="042-555-0101")
        booked = book_room(
            room_id=room.id,
            starts_at=moment(version.effective_from, 600, room.zone),
            ends_at=moment(version.effective_from, 780, room.zone),
            resident_id=resident.pk,
            channel="desk",
            purpose="会議",
            details=Details(headcount=5),
            actor=Actor("staff", 1),
            now=now,
        )
        assert booked.rule_version_id == version.pk
        return booked

    return make
