"""After a cancellation nothing opens, or it is known what still does and until when."""

from __future__ import annotations

import logging

from locks import reconcile as reconcile_module
from locks.adapters.base import Cap, VendorDown
from locks.queries import edge_setup, reveal_code
from locks.reconcile import reconcile_subject
from locks.services import withdraw_access
from tests.locks.conftest import at, code_of, heal_at, only, withdraw


def test_a_code_nobody_saw_is_simply_gone(door, issued, now):
    door()
    subject = issued()
    withdraw(subject, now)
    row = only(subject)
    assert (row.state, row.next_attempt_at, bytes(row.secret_enc)) == ("revoked", None, b"")


def test_a_code_that_was_shown_is_denied_at_the_keypad_until_its_window_is_over(door, issued):
    keypad = door()
    subject = issued("10:00", "12:00")
    when = at("9:30")
    reveal_code(subject=subject, now=when)
    withdraw(subject, when)
    row = only(subject)
    assert (row.state, row.next_attempt_at) == ("revoking", row.effective_until)
    assert edge_setup(door_id=keypad.pk).denied == ((int(row.effective_from.timestamp()) // 3600, 4, 0),)
    assert code_of(issued("10:00", "12:00", now=when), when)
    heal_at(at("13:00"))
    assert only(subject).state == "expired"
    assert edge_setup(door_id=keypad.pk).denied == ()


def test_a_wish_withdrawn_before_it_was_sent_is_forgotten(door, want, now, fake_lock):
    door("fake")
    subject = want()
    withdraw(subject, now)
    assert only(subject).state == "revoked"
    assert fake_lock.calls == []


def test_a_cancellation_while_the_code_is_being_made_revokes_it(door, want, fake_lock, now):
    door("fake")
    subject = want()
    fake_lock.during = [lambda: (fake_lock.during.clear(), withdraw(subject, now))]
    reconcile_subject(subject=subject, now=now)
    assert fake_lock.calls == ["issue", "revoke"]
    assert only(subject).state == "revoked"
    assert fake_lock.held == {}


def test_a_wish_withdrawn_at_the_last_moment_is_not_sent(door, want, fake_lock, now, monkeypatch):
    door("fake")
    subject = want()
    adapter = reconcile_module._adapter

    def withdrawn_meanwhile(row, now):
        withdraw_access(subject=subject, now=now)
        return adapter(row, now)

    monkeypatch.setattr(reconcile_module, "_adapter", withdrawn_meanwhile)
    reconcile_subject(subject=subject, now=now)
    assert fake_lock.calls == []
    assert only(subject).state == "revoked"


def test_what_is_already_gone_counts_as_revoked(door, issued, fake_lock, now):
    door("fake")
    subject = issued()
    fake_lock.held.clear()
    withdraw(subject, now)
    assert only(subject).state == "revoked"


def test_a_failed_revocation_is_tried_until_the_window_is_over(door, issued, fake_lock, now, caplog):
    door("fake")
    subject = issued("10:00", "12:00")
    fake_lock.faults = [VendorDown() for _ in range(1000)]
    with caplog.at_level(logging.ERROR):
        withdraw(subject, now)
    assert "access_not_revoked" in caplog.messages
    row = only(subject)
    assert (row.state, row.last_error) == ("revoking", "VendorDown")
    heal_at(row.next_attempt_at)
    assert only(subject).next_attempt_at > row.next_attempt_at
    heal_at(at("12:15"))
    assert only(subject).state == "expired"


def test_an_offline_code_never_shown_is_not_even_asked_back(door, issued, fake_lock, now):
    fake_lock.caps = Cap.OFFLINE_PIN | Cap.PIN_GENERATED
    door("fake")
    subject = issued()
    withdraw(subject, now)
    assert fake_lock.calls == ["issue"]
    assert only(subject).state == "revoked"
