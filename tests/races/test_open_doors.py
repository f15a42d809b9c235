"""Several workers at once: every door is asked once per wish, and no two people share a code."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection

from facilities.queries import room_by_key
from locks.adapters import ADAPTERS
from locks.errors import KeyAlreadyOut
from locks.models import Credential, KeyHandover
from locks.reconcile import heal, reconcile_subject
from locks.services import add_door, hand_over_key, want_access, withdraw_access
from tenants.context import inside
from tests import factories
from tests.locks.conftest import at
from tests.locks.fake_lock import FakeLock
from tests.races.conftest import outcomes, until

pytestmark = pytest.mark.race


@pytest.fixture
def want(committed_city, now):
    def make(adapter):
        with inside(committed_city):
            room = room_by_key("chuo-kominkan", "kenshu-1")
            if not room_has_door(room.id):
                add_door(
                    facility_id=room.facility_id,
                    name="玄関",
                    adapter=adapter,
                    room_ids=[room.id],
                    note="",
                    now=now,
                )
            subject = uuid4()
            want_access(
                subject=subject,
                room_id=room.id,
                valid_from=at("10:00"),
                valid_until=at("12:00"),
                label="R-000001",
                now=now,
            )
            return subject

    return make


def room_has_door(room_id):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM locks_doorroom WHERE room_id = %s", [room_id])
        return cursor.fetchone() is not None


@pytest.fixture
def fake_lock(monkeypatch):
    monkeypatch.setitem(ADAPTERS, "fake", "tests.locks.fake_lock.FakeLock")
    FakeLock.reset()
    yield FakeLock
    FakeLock.reset()


def test_bookings_of_one_window_never_share_a_code(committed_city, race, want, now):
    subjects = [want("local_hmac") for _ in range(8)]
    race([lambda subject=subject: reconcile_subject(subject=subject, now=now) for subject in subjects])
    rows = Credential.objects.filter(subject__in=subjects)
    assert {row.state for row in rows} == {"on_device"}
    assert len({row.secret_fingerprint for row in rows}) == 8


def test_of_many_workers_one_asks_the_lock(committed_city, race, want, now, fake_lock):
    subject = want("fake")
    done = []

    def look_after_doors():
        healed = heal(clock=lambda: now)
        done.append(healed)
        return healed

    # The lock answers when the other workers have come and gone; or if a second one asks it, which is the mistake.
    fake_lock.during = [lambda: until(lambda: len(done) == 5 or len(fake_lock.calls) > 1)]
    assert outcomes(race([look_after_doors] * 6)) == {"won": 6}
    assert fake_lock.calls == ["issue"]
    assert Credential.objects.get(subject=subject).state == "accepted"


def test_issuing_and_cancelling_at_once_leaves_nothing_that_opens(committed_city, race, want, now, fake_lock):
    subjects = [want("fake") for _ in range(8)]

    def cancel(subject):
        def act():
            withdraw_access(subject=subject, now=now)
            reconcile_subject(subject=subject, now=now)

        return act

    def issue(subject):
        return lambda: reconcile_subject(subject=subject, now=now)

    counted = outcomes(race([act(subject) for subject in subjects for act in (issue, cancel)]))
    assert counted == {"won": 16}
    heal(clock=lambda: now)
    assert set(Credential.objects.values_list("state", flat=True)) == {"revoked"}
    assert fake_lock.held == {}


def test_of_many_clerks_one_hands_the_key_over(committed_city, race, want, now):
    subject = want("physical_key")
    with inside(committed_city):
        reconcile_subject(subject=subject, now=now)
        clerk = factories.a_staff().pk
    act = lambda: hand_over_key(subject=subject, given_to="佐藤 花子", staff_id=clerk, now=now)  # noqa: E731
    assert outcomes(race([act] * 8)) == {"won": 1, KeyAlreadyOut.__name__: 7}
    assert KeyHandover.objects.count() == 1
