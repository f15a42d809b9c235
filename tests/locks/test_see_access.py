"""One word for how far the way in has got; of several doors the one that needs attention speaks."""

from __future__ import annotations

from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from locks.adapters.base import Rejected
from locks.queries import AccessState, access_states, reveal_code
from locks.reconcile import heal, reconcile_subject
from locks.services import withdraw_access
from tests.locks.conftest import at


def word(subject):
    return access_states([subject])[subject].state


def test_the_word_follows_the_credential(door, want, now):
    door()
    subject = want("10:00", "12:00")
    assert word(subject) == "preparing"
    reconcile_subject(subject=subject, now=now)
    assert word(subject) == "ready"
    heal(clock=lambda: at("9:30"))
    assert word(subject) == "active"
    heal(clock=lambda: at("13:00"))
    assert word(subject) == "none"


def test_a_failure_is_said(door, issued, fake_lock):
    door("fake")
    fake_lock.faults = [Rejected()]
    subject = issued()
    assert word(subject) == "failed"
    assert "館へご連絡" in access_states([subject])[subject].detail


def test_a_withdrawn_code_that_was_shown_is_named(door, issued):
    door()
    unseen, seen = issued(), issued()
    reveal_code(subject=seen, now=at("9:30"))
    for subject in (unseen, seen):
        withdraw_access(subject=subject, now=at("9:30"))
        reconcile_subject(subject=subject, now=at("9:30"))
    states = access_states([unseen, seen])
    assert [states[one].state for one in (unseen, seen)] == ["withdrawn", "withdrawn"]
    assert states[unseen].detail == "鍵は取り消しました。"
    assert "まで使えます" in states[seen].detail


def test_the_door_that_needs_attention_speaks_for_all(door, want, now, fake_lock):
    door(name="玄関")
    door("fake", name="部屋")
    fake_lock.faults = [Rejected()]
    subject = want()
    reconcile_subject(subject=subject, now=now)
    state = access_states([subject])[subject]
    assert (state.state, state.door) == ("failed", "部屋")


def test_only_the_newest_generation_counts(door, issued, want, now):
    door()
    subject = issued()
    withdraw_access(subject=subject, now=now)
    want(subject=subject)
    reconcile_subject(subject=subject, now=now)
    assert word(subject) == "ready"
    heal(clock=lambda: at("13:00"))
    assert word(subject) == "none"


def test_many_subjects_take_one_query(door, issued):
    door()
    subjects = [issued(), issued("13:00", "15:00"), uuid4()]
    with CaptureQueriesContext(connection) as queries:
        states = access_states(subjects)
    assert sum("locks_credential" in one["sql"] for one in queries) == 1
    assert set(states) == set(subjects[:2])
    assert access_states([]) == {}


def test_a_subject_without_a_door_needs_nothing(city):
    assert access_states([uuid4()]) == {}
    assert AccessState.nothing().state == "none"
