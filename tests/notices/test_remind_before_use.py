"""Reminders: the day before at the municipality's hour, some hours before, once, and not for what was just booked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from accounts.actors import Actor
from accounts.notices.choosing import choose_for_resident, kinds_for_residents
from booking.cancelling import cancel_reservation
from booking.reminding import change_reminders, remind
from booking.services import book_room
from facilities.details import Details
from facilities.periods import moment
from facilities.queries import room_by_key
from tests.booking.conftest import WEDNESDAY
from tests.queue import deliver_notices, enqueued

TUESDAY = WEDNESDAY - timedelta(days=1)
IMPORTANT = {(kind.key, "mail") for kind in kinds_for_residents() if not kind.optional}


@pytest.fixture
def room(city):
    """A room in Akiruno."""
    return room_by_key("chuo-kominkan", "kenshu-1")


@pytest.fixture
def booked(room, aiko, now):
    """Aiko's reservation on Wednesday, 13:00 to 14:00."""
    return book_room(
        room_id=room.id,
        starts_at=moment(WEDNESDAY, 780, room.zone),
        ends_at=moment(WEDNESDAY, 840, room.zone),
        resident_id=aiko.resident.pk,
        channel="web",
        purpose="",
        details=Details(headcount=5),
        actor=Actor("resident", aiko.resident.pk),
        now=now,
    )


def reminded():
    return [one for one in enqueued("frontend.tell") if one["kind"] == "reminder_before_use"]


def run(room, day, *minutes):
    for minute in minutes:
        remind(now=moment(day, minute, room.zone))


def test_the_day_before_at_ten(booked, room):
    run(room, TUESDAY, 540, 595, 600)
    assert reminded() == []
    run(room, TUESDAY, 605, 610, 700)
    run(room, WEDNESDAY, 600, 605, 700)
    assert len(reminded()) == 1
    deliver_notices()
    assert "もうすぐ利用の日です（6月9日（水） 第1研修室）" in [one.subject for one in mail.outbox]


def test_a_worker_that_slept_catches_up(booked, room):
    run(room, TUESDAY, 300, 1000)
    assert len(reminded()) == 1


def test_the_first_run_ever_reminds_of_nothing_old(booked, room):
    run(room, TUESDAY, 1000)
    assert reminded() == []


def test_some_hours_before_too(booked, room):
    change_reminders(day_before=False, hour=10, hours_before=2)
    run(room, WEDNESDAY, 655, 660, 665, 670)
    assert len(reminded()) == 1


def test_who_booked_after_the_reminder_is_not_reminded(booked, room):
    booked.created_at = moment(TUESDAY, 601, room.zone)
    booked.save(update_fields=["created_at"])
    run(room, TUESDAY, 590, 610)
    assert reminded() == []


def test_a_cancelled_use_is_not_reminded_of(booked, room, aiko, now):
    run(room, TUESDAY, 590, 610)
    cancel_reservation(ref=booked.ref, actor=Actor("resident", aiko.resident.pk), reason="", now=now)
    deliver_notices()
    assert not [one for one in mail.outbox if "もうすぐ" in one.subject]


def test_who_switched_it_off_is_not_reminded(booked, room, aiko):
    choose_for_resident(resident=aiko.resident, wanted=IMPORTANT)
    run(room, TUESDAY, 590, 610)
    deliver_notices()
    assert not [one for one in mail.outbox if "もうすぐ" in one.subject]


def test_a_municipality_may_remind_of_nothing(booked, room):
    change_reminders(day_before=False, hour=10, hours_before=None)
    run(room, TUESDAY, 590, 610)
    run(room, WEDNESDAY, 590, 700)
    assert reminded() == []
