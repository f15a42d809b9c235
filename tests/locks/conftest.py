"""Doors and wishes for tests. The room is あきる野市's 第1研修室; times are its wall clock on a Wednesday."""

from __future__ import annotations

from datetime import date
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from facilities.periods import moment
from facilities.queries import room_by_key
from locks.adapters import ADAPTERS
from locks.models import Credential
from locks.queries import reveal_code
from locks.reconcile import heal, reconcile_subject
from locks.services import add_door, want_access, withdraw_access
from tests import factories
from tests.locks.fake_lock import FakeLock

TOKYO = ZoneInfo("Asia/Tokyo")
WEDNESDAY = date(2027, 6, 9)


def at(clock, day=WEDNESDAY):
    """An instant, e.g. ``at("10:00")``."""
    hours, minutes = clock.split(":")
    return moment(day, int(hours) * 60 + int(minutes), TOKYO)


@pytest.fixture
def room(city):
    return room_by_key("chuo-kominkan", "kenshu-1")


@pytest.fixture
def clerk(city):
    return factories.a_staff()


@pytest.fixture
def door(room, now):
    """Make a door of the room; a keypad with local codes unless said otherwise."""

    def make(adapter="local_hmac", *, rooms=None, name="入口のテンキー", note="玄関の右です。", **changes):
        return add_door(
            facility_id=room.facility_id,
            name=name,
            adapter=adapter,
            room_ids=[one.id for one in rooms or [room]],
            note=note,
            now=now,
            **changes,
        )

    return make


@pytest.fixture
def want(room, now):
    """Want access, 10:00 to 12:00 unless said otherwise; return the subject."""

    def make(starts="10:00", ends="12:00", *, subject=None, room=room, day=WEDNESDAY, now=now):
        subject = subject or uuid4()
        want_access(
            subject=subject,
            room_id=room.id,
            valid_from=at(starts, day),
            valid_until=at(ends, day),
            label="R-000123",
            now=now,
        )
        return subject

    return make


@pytest.fixture
def issued(want, now):
    """Want access and let the worker do its part."""

    def make(*arguments, **changes):
        subject = want(*arguments, **changes)
        reconcile_subject(subject=subject, now=changes.get("now", now))
        return subject

    return make


@pytest.fixture
def fake_lock(monkeypatch):
    """A lock with a vendor whose faults the test chooses; its adapter's key is ``fake``."""
    monkeypatch.setitem(ADAPTERS, "fake", "tests.locks.fake_lock.FakeLock")
    FakeLock.reset()
    yield FakeLock
    FakeLock.reset()


def only(subject) -> Credential:
    """The one credential of a subject."""
    return Credential.objects.select_related("door").get(subject=subject)


def heal_at(when):
    """Let the worker of every minute run."""
    return heal(clock=lambda: when)


def withdraw(subject, now):
    """Withdraw access and let the worker do its part."""
    withdraw_access(subject=subject, now=now)
    reconcile_subject(subject=subject, now=now)


def code_of(subject, now):
    """The code its owner reads."""
    return reveal_code(subject=subject, now=now).code
