"""The worker brings wish and lock together, whatever the lock does, and sends nothing twice."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from locks.adapters.base import (
    AuthFailed,
    CodeConflict,
    Constraints,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    VendorDown,
)
from locks.jobs import heal_access, reconcile_access
from locks.models import Credential
from locks.reconcile import FIRST_PAUSE, LEASE, LONGEST_PAUSE, pause, reconcile, reconcile_subject
from locks.services import move_access
from tests.locks.conftest import at, code_of, heal_at, only, withdraw


def test_a_wish_is_issued(door, issued):
    door()
    row = only(issued("10:00", "12:00"))
    assert row.state == "on_device"
    assert (row.effective_from, row.effective_until) == (at("9:00"), at("13:00"))
    assert (row.attempts, row.next_attempt_at) == (0, row.effective_from)


def test_it_becomes_active_and_ends_by_the_clock(door, issued):
    door()
    subject = issued("10:00", "12:00")
    heal_at(at("8:59"))
    assert only(subject).state == "on_device"
    heal_at(at("9:00"))
    assert only(subject).state == "active"
    heal_at(at("13:00"))
    row = only(subject)
    assert (row.state, row.next_attempt_at) == ("expired", None)
    assert (bytes(row.secret_enc), row.secret_fingerprint) == (b"", None)


def test_two_bookings_of_one_window_get_different_codes(door, issued, now):
    door()
    first, second = issued(), issued()
    when = at("9:30")
    assert code_of(first, when) != code_of(second, when)


def test_when_every_code_of_a_window_is_taken_it_fails_and_says_so(door, issued):
    door()
    states = [only(issued()).state for _ in range(11)]
    assert states == ["on_device"] * 10 + ["failed"]
    assert Credential.objects.get(state="failed").last_error == "CodeConflict"


def test_the_database_refuses_one_code_for_two_on_a_door(door, issued):
    door()
    first, second = only(issued("10:00", "12:00")), only(issued("11:00", "13:00"))
    with pytest.raises(IntegrityError, match="credential_code_once_per_door"), transaction.atomic():
        Credential.objects.filter(pk=second.pk).update(secret_fingerprint=first.secret_fingerprint)
    apart = only(issued("18:00", "20:00"))
    Credential.objects.filter(pk=apart.pk).update(secret_fingerprint=first.secret_fingerprint)


def test_a_moved_time_has_one_way_in(door, issued, room, now, fake_lock):
    door("fake")
    subject = issued("10:00", "12:00")
    move_access(
        subject=subject,
        room_id=room.id,
        valid_from=at("13:00"),
        valid_until=at("15:00"),
        label="R-000123",
        now=now,
    )
    reconcile_subject(subject=subject, now=now)
    assert fake_lock.calls == ["issue", "revoke", "issue"]
    (held,) = fake_lock.held.values()
    assert held.effective_from == at("12:45")


def test_a_wish_too_long_for_the_keypad_fails(door, want, now):
    door()
    subject = want("0:00", "24:00")
    reconcile_subject(subject=subject, now=now)
    row = only(subject)
    assert (row.state, row.last_error, row.next_attempt_at) == ("failed", "Rejected", None)


@pytest.mark.parametrize("error", [Rejected, AuthFailed])
def test_what_can_never_work_is_not_tried_again(door, issued, fake_lock, error):
    door("fake")
    fake_lock.faults = [error()]
    row = only(issued())
    assert (row.state, row.last_error, row.next_attempt_at) == ("failed", error.__name__, None)


def test_a_vendor_that_is_down_is_tried_again_with_growing_pauses(door, issued, fake_lock, now):
    door("fake")
    fake_lock.faults = [VendorDown(), VendorDown(), VendorDown()]
    subject = issued()
    pauses = []
    when = now
    while only(subject).state == "pending":
        upcoming = only(subject).next_attempt_at
        pauses.append(upcoming - when)
        when = upcoming
        heal_at(when)
    assert only(subject).state == "accepted"
    assert fake_lock.calls == ["issue"] * 4
    assert pauses[0] <= FIRST_PAUSE
    assert pauses[2] >= 2 * FIRST_PAUSE


def test_a_vendor_down_for_six_hours_loses_nothing(door, want, fake_lock, now):
    door("fake")
    fake_lock.faults = [VendorDown() for _ in range(1000)]
    subjects = [want("10:00", "12:00"), want("13:00", "15:00")]
    for minute in range(6 * 60):
        heal_at(now + timedelta(minutes=minute))
    assert len(fake_lock.calls) < 2 * 60
    fake_lock.faults = []
    heal_at(now + timedelta(hours=6, minutes=20))
    assert [only(subject).state for subject in subjects] == ["accepted", "accepted"]


def test_the_vendors_own_pause_is_kept(door, issued, fake_lock, now):
    door("fake")
    fake_lock.faults = [RateLimited(retry_after_seconds=600)]
    assert only(issued()).next_attempt_at == now + timedelta(minutes=10)


def test_an_unknown_outcome_is_looked_up_and_not_sent_again(door, issued, fake_lock):
    door("fake")
    fake_lock.faults = [OutcomeUnknown()]
    subject = issued()
    assert only(subject).state == "unknown"
    heal_at(only(subject).next_attempt_at)
    assert fake_lock.calls == ["issue", "find"]
    assert only(subject).state == "accepted"
    assert len(fake_lock.held) == 1


def test_a_worker_that_died_while_sending_is_followed_by_another(door, want, fake_lock, now):
    door("fake")
    subject = want()

    class Died(BaseException):
        pass

    def die():
        raise Died

    fake_lock.during = [die]
    with pytest.raises(Died):
        reconcile_subject(subject=subject, now=now)
    fake_lock.during = []
    heal_at(now + LEASE - timedelta(seconds=1))
    assert only(subject).state == "unknown"
    heal_at(now + LEASE)
    assert only(subject).state == "accepted"


def test_two_workers_send_once(door, want, fake_lock, now):
    door("fake")
    subject = want()
    fake_lock.during = [lambda: (fake_lock.during.clear(), heal_at(now))]
    reconcile_subject(subject=subject, now=now)
    assert fake_lock.calls == ["issue"]


def test_an_answer_that_comes_too_late_changes_nothing(door, want, fake_lock, now):
    """The first worker is slower than its lease; meanwhile a second one has finished."""
    door("fake")
    subject = want()
    fake_lock.during = [lambda: (fake_lock.during.clear(), heal_at(now + LEASE))]
    reconcile_subject(subject=subject, now=now)
    row = only(subject)
    assert (row.state, row.attempts) == ("accepted", 0)
    assert len(fake_lock.held) == 1


def test_an_error_that_comes_too_late_undoes_nothing(door, want, fake_lock, now):
    """The second worker has finished; the first then hears that the vendor was down."""
    door("fake")
    subject = want()

    def second_worker():
        fake_lock.during.clear()
        heal_at(now + LEASE)
        fake_lock.faults.append(VendorDown())

    fake_lock.during = [second_worker]
    reconcile_subject(subject=subject, now=now)
    assert (only(subject).state, only(subject).last_error) == ("accepted", "")


def test_a_refusal_to_one_worker_is_not_taken_for_the_answer_to_another(door, want, fake_lock, now):
    """The second worker waits for an answer of its own; the first one's refusal is about a try that is over."""
    door("fake")
    subject = want()

    def second_worker():
        fake_lock.during.clear()
        fake_lock.faults.append(OutcomeUnknown())
        heal_at(now + LEASE)
        fake_lock.faults.append(Rejected())

    fake_lock.during = [second_worker]
    reconcile_subject(subject=subject, now=now)
    assert (only(subject).state, only(subject).last_error) == ("unknown", "OutcomeUnknown")


def test_a_code_the_vendor_gave_before_is_replaced(door, issued, fake_lock):
    door("fake")
    fake_lock.codes = ["111111", "111111", "222222"]
    first, second = issued(), issued()
    assert code_of(first, at("9:30")) == "111111"
    assert code_of(second, at("9:30")) == "222222"


def test_a_conflict_at_the_vendor_fails_for_people_to_see(door, issued, fake_lock):
    door("fake")
    fake_lock.faults = [CodeConflict()]
    assert only(issued()).state == "failed"


def test_a_vendor_that_takes_codes_late_gets_them_late(door, issued, fake_lock):
    door("fake")
    fake_lock.constraints = Constraints(earliest_issue_hours=72)
    subject = issued("10:00", "12:00")
    assert only(subject).next_attempt_at == at("9:45") - timedelta(hours=72)
    assert fake_lock.calls == []
    heal_at(at("9:45") - timedelta(hours=72))
    assert only(subject).state == "accepted"


def test_a_wish_whose_time_has_passed_is_closed_unsent(door, want, fake_lock):
    door("fake")
    subject = want("10:00", "12:00")
    heal_at(at("12:15"))
    assert only(subject).state == "expired"
    assert fake_lock.calls == []


def test_one_door_that_cannot_be_read_does_not_keep_the_others_waiting(door, want, room, now, caplog):
    spoilt = door()
    subject = want("10:00", "12:00")
    type(spoilt).objects.filter(pk=spoilt.pk).update(secret_enc=b"spoilt")
    door(name="ほかのドア")
    other = want("13:00", "15:00")
    with caplog.at_level(logging.ERROR):
        heal_at(now)
    assert "access_failed" in caplog.messages
    assert Credential.objects.filter(subject=other, state="on_device").count() == 1
    assert only(subject).next_attempt_at == now + LONGEST_PAUSE


def test_pauses_grow_from_seconds_to_a_quarter_of_an_hour():
    assert FIRST_PAUSE / 2 <= pause(1) <= FIRST_PAUSE
    assert 4 * FIRST_PAUSE <= pause(4) <= 8 * FIRST_PAUSE
    assert LONGEST_PAUSE / 2 <= pause(500) <= LONGEST_PAUSE


def test_the_jobs_do_it(door, want, monkeypatch, now):
    door()
    monkeypatch.setattr("locks.jobs.timezone.now", lambda: now)
    first, second = want("10:00", "12:00"), want("13:00", "15:00")
    reconcile_access(subject=str(first))
    assert [only(one).state for one in (first, second)] == ["on_device", "pending"]
    heal_access()
    assert only(second).state == "on_device"


def test_no_code_is_logged_on_any_way(door, issued, fake_lock, now, caplog):
    door("fake")
    fake_lock.codes = ["918273", "918273", "645546"]
    with caplog.at_level(logging.DEBUG):
        first, second = issued(), issued()
        withdraw(first, now)
        heal_at(at("12:15"))
    assert only(second).state == "expired"
    for record in caplog.records:
        if record.name.startswith("django.db"):
            continue
        assert "918273" not in repr(vars(record))
        assert "645546" not in repr(vars(record))


def test_a_credential_that_is_waiting_is_left_alone(door, issued, now, fake_lock):
    door("fake")
    row = only(issued())
    reconcile(credential_id=row.pk, now=now)
    assert fake_lock.calls == ["issue"]
