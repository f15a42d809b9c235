"""Akiruno's canaries of official use: a booking that is asked to move, and the act that asks it."""

from __future__ import annotations

from datetime import timedelta

from accounts.actors import Actor
from booking.displacing import Choice, Taking, displace, foresee
from booking.services import book_room
from facilities.details import Details
from facilities.periods import moment
from tests.booking.conftest import WEDNESDAY


def ask_to_move(room, resident, staff, now):
    """Take a room for an evening on which it is booked. Returns the refs of the booking and of the act."""

    def at(hour, day=WEDNESDAY + timedelta(days=1)):
        return moment(day, hour * 60, room.zone)

    actor = Actor("resident", resident.pk)
    booked = book_room(
        room_id=room.id, starts_at=at(19), ends_at=at(20), resident_id=resident.pk, channel="web",
        purpose="会議", details=Details(headcount=5), actor=actor, now=now,
    )  # fmt: skip
    taking = Taking(room.facility_id, (room.id,), at(18), at(21), "official", "市の行事")
    week = WEDNESDAY + timedelta(days=8)
    act = displace(
        taking=taking,
        choices={booked.ref: Choice("ask", room.id, at(19, week), at(20, week))},
        seen=foresee(taking, now=now).seen,
        appeal_notice="不服の申立て",
        answer_by=at(17, WEDNESDAY),
        staff_id=staff.pk,
        now=now,
    )
    return [str(booked.ref), str(act.ref)]
