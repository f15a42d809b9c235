"""Wanting and withdrawing access writes rows and one job, fast, and never speaks to a lock."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facilities.queries import room_by_key
from locks.models import Credential
from locks.services import move_access, withdraw_access
from tests.locks.conftest import at, only


@pytest.fixture
def other_room(city):
    return room_by_key("chuo-kominkan", "kenshu-2")


def jobs():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, args::text FROM public.procrastinate_jobs WHERE task_name LIKE 'locks.%%' ORDER BY id"
        )
        return [(name, json.loads(arguments)) for name, arguments in cursor.fetchall()]


def test_a_wish_has_the_doors_lead_and_lag(door, want, now):
    door(lead_minutes=20, lag_minutes=5)
    row = only(want("10:00", "12:00"))
    assert (row.starts_at, row.ends_at) == (at("10:00"), at("12:00"))
    assert (row.valid_from, row.valid_until) == (at("9:40"), at("12:05"))
    assert (row.desired, row.state, row.kind, row.generation) == ("present", "pending", "pin", 1)
    assert (row.label, row.next_attempt_at) == ("R-000123", now)


def test_every_door_of_the_room_is_wanted(door, want, room, other_room):
    front = door(name="玄関", rooms=[room, other_room])
    own = door("physical_key", name="部屋の鍵")
    door(name="となり", rooms=[other_room])
    subject = want()
    wanted = Credential.objects.filter(subject=subject).order_by("door_id").values_list("door_id", "kind")
    assert list(wanted) == [(front.pk, "pin"), (own.pk, "physical")]


def test_a_room_without_a_door_needs_nothing(want):
    want()
    assert not Credential.objects.exists()
    assert jobs() == []


def test_one_job_is_enqueued_and_it_carries_ids_only(door, want, city):
    door()
    door("physical_key")
    subject = want(now=at("8:00"))
    assert jobs() == [("locks.reconcile", {"schema": city.schema_name, "subject": str(subject)})]


def test_what_is_not_urgent_waits_for_the_worker_to_come_round(door, want, now):
    """Nobody may see the code before the day, and the worker looks every minute: no job, and it is due at once."""
    door()
    subject = want(now=now)
    assert jobs() == []
    assert only(subject).next_attempt_at == now


def test_wanting_twice_changes_nothing(door, want):
    door()
    subject = want(now=at("8:00"))
    want(subject=subject, now=at("8:00"))
    assert only(subject).generation == 1
    assert len(jobs()) == 1


def test_what_was_withdrawn_can_be_wanted_again(door, want, now):
    door()
    subject = want()
    withdraw_access(subject=subject, now=now)
    want(subject=subject)
    rows = Credential.objects.filter(subject=subject).order_by("generation")
    assert list(rows.values_list("generation", "desired")) == [(1, "absent"), (2, "present")]


def test_withdrawing_what_was_never_wanted_changes_nothing(city, now):
    withdraw_access(subject=uuid4(), now=now)
    assert jobs() == []


def test_moving_withdraws_the_old_time_and_wants_the_new(door, want, other_room, room, now):
    door()
    subject = want("10:00", "12:00")
    move_access(
        subject=subject,
        room_id=room.id,
        valid_from=at("13:00"),
        valid_until=at("15:00"),
        label="R-000123",
        now=now,
    )
    rows = Credential.objects.filter(subject=subject).order_by("generation")
    assert list(rows.values_list("desired", "starts_at")) == [
        ("absent", at("10:00")),
        ("present", at("13:00")),
    ]


def test_wanting_and_withdrawing_take_at_most_two_statements(door, want, now):
    door()
    subject = uuid4()

    def statements(act):
        with CaptureQueriesContext(connection) as queries:
            act()
        return [one["sql"] for one in queries if "search_path" not in one["sql"]]

    assert len(statements(lambda: want(subject=subject))) == 1
    assert len(statements(lambda: want(now=at("8:00")))) == 2
    assert len(statements(lambda: withdraw_access(subject=subject, now=now + timedelta(minutes=1)))) == 2
