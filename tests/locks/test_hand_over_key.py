"""Who has which key since when, and when it came back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from locks.errors import KeyAlreadyOut, KeyNotOut, NoKeyToHandOver
from locks.models import KeyHandover
from locks.queries import access_states
from locks.reconcile import heal, reconcile_subject
from locks.services import hand_over_key, take_back_key, withdraw_access
from tests.locks.conftest import at, only

BEFORE, AFTER = at("9:50"), at("12:05")


@pytest.fixture
def hand_over(clerk):
    return lambda subject, when=BEFORE: hand_over_key(
        subject=subject, given_to="佐藤 花子", staff_id=clerk.pk, now=when
    )


@pytest.fixture
def take_back(clerk):
    return lambda subject, when=AFTER: take_back_key(subject=subject, staff_id=clerk.pk, now=when)


@pytest.fixture
def key(door, issued):
    """A key at the desk that waits for its hirer."""
    door("physical_key", name="窓口の鍵", note="1階の窓口で受け取ってください。")
    return issued()


def state(subject):
    return access_states([subject])[subject]


def test_the_resident_reads_where_to_get_the_key(key):
    assert (state(key).state, state(key).door) == ("handover", "窓口の鍵")
    assert state(key).detail == "1階の窓口で受け取ってください。"


def test_a_key_goes_out_and_comes_back(key, clerk, hand_over, take_back):
    hand_over(key)
    assert state(key).key_out
    take_back(key)
    row = KeyHandover.objects.get()
    assert (row.given_to, row.given_at, row.given_by_id) == ("佐藤 花子", at("9:50"), clerk.pk)
    assert (row.returned_at, row.returned_to_id) == (at("12:05"), clerk.pk)
    assert not state(key).key_out


def test_a_key_that_is_out_cannot_be_handed_over_again(key, hand_over):
    hand_over(key)
    with pytest.raises(KeyAlreadyOut):
        hand_over(key)


def test_it_may_go_out_again_after_it_came_back(key, hand_over, take_back):
    hand_over(key)
    take_back(key, at("10:30"))
    hand_over(key, at("11:00"))
    assert KeyHandover.objects.filter(credential=only(key)).count() == 2


def test_what_is_not_out_cannot_come_back(key, take_back):
    with pytest.raises(KeyNotOut):
        take_back(key)


def test_a_door_with_a_code_has_no_key(door, issued, hand_over):
    door()
    with pytest.raises(NoKeyToHandOver):
        hand_over(issued())


def test_a_cancelled_booking_gets_no_key(key, hand_over, now):
    withdraw_access(subject=key, now=now)
    reconcile_subject(subject=key, now=now)
    assert only(key).state == "revoked"
    with pytest.raises(NoKeyToHandOver):
        hand_over(key)


def test_a_key_that_is_out_when_cancelled_is_still_missed(key, hand_over, take_back):
    hand_over(key)
    withdraw_access(subject=key, now=at("10:10"))
    reconcile_subject(subject=key, now=at("10:10"))
    assert (state(key).state, state(key).key_out) == ("withdrawn", True)
    take_back(key)
    assert not state(key).key_out


def test_a_key_not_returned_is_still_missed_after_the_end(key, hand_over, take_back):
    hand_over(key)
    heal(clock=lambda: at("13:00"))
    assert (only(key).state, state(key).state, state(key).key_out) == ("expired", "handover", True)
    take_back(key, at("13:00") + timedelta(days=2))
    assert state(key).state == "none"


def test_the_database_knows_one_holder_at_a_time(key, clerk, hand_over):
    hand_over(key)
    with pytest.raises(IntegrityError, match="keyhandover_out_once"), transaction.atomic():
        KeyHandover.objects.create(
            credential=only(key), given_to="だれか", given_at=at("10:00"), given_by=clerk
        )


def test_whatever_is_typed_as_a_name_is_kept_as_far_as_it_goes(key, clerk):
    handover = hand_over_key(
        subject=key, given_to=" 葛󠄀城 𠮷男\0🔑" + "あ" * 200, staff_id=clerk.pk, now=BEFORE
    )
    handover.refresh_from_db()
    assert handover.given_to.startswith("葛󠄀城 𠮷男🔑あ")
    assert len(handover.given_to) == 100
