"""Fixtures for the pages of staff: a Monday morning in May 2027 at the desk of Akiruno's hall."""

from __future__ import annotations

import importlib
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from accounts.actors import Actor
from booking.services import book_room
from facilities.periods import moment
from facilities.queries import room_by_key
from tenants.context import inside_public
from tests import factories
from tests.clients import HostClient

TOKYO = ZoneInfo("Asia/Tokyo")
TODAY = date(2027, 5, 10)
HALL = "chuo-kominkan"
_READ_THE_CLOCK = [
    "frontend.desk.sheets",
    "frontend.desk.reservations",
    "frontend.desk.money",
    "frontend.desk.bookings",
    "frontend.desk.closures",
    "frontend.console.halls",
    "frontend.console.closures",
    "frontend.console.rules",
    "frontend.console.tokens",
    "frontend.console.reservations",
    "frontend.operator.views",
]


@pytest.fixture
def clock(monkeypatch, now):
    """The pages of staff take ``now`` for the present."""
    for name in _READ_THE_CLOCK:
        monkeypatch.setattr(importlib.import_module(name), "clock_now", lambda: now)
    return now


@pytest.fixture
def browser_of(clock):
    """``browser_of(dai)``: Dai's browser, signed in."""

    def open_browser(person):
        with inside_public():
            return person.client()

    return open_browser


@pytest.fixture
def book(city, now):
    """``book(starts=600, ends=720)``: a confirmed reservation of 第2研修室 on Wednesday, by default for 佐藤 花子."""

    def make(*, starts=600, ends=720, day=date(2027, 5, 12), room="kenshu-2", resident=None, **fields):
        resident = resident or factories.a_resident("佐藤 花子", phone="042-555-0101")
        return book_room(
            room_id=room_by_key(HALL, room).id,
            starts_at=moment(day, starts, TOKYO),
            ends_at=moment(day, ends, TOKYO),
            resident_id=resident.pk,
            channel="desk",
            purpose=fields.get("purpose", "書道の会"),
            headcount=fields.get("headcount", 9),
            actor=Actor("staff", 1),
            now=now,
        )

    return make


@pytest.fixture
def stranger(city):
    """Manager of another hall of the same municipality."""
    hall = factories.a_facility("hoka", "ほかの会館")
    staff = factories.a_staff("他所 守", "yoso@example.jp", "manager", [hall])

    class Person:
        def client(self):
            client = HostClient(city)
            client.force_login(staff.user)
            return client

    return Person()
