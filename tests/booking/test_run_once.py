"""A repeated request is answered, not carried out again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from booking.errors import KeyReused, SlotTaken
from booking.idempotency import forget_answers, request_hash, run_once
from booking.models import IdempotencyKey, Reservation


@pytest.fixture
def once(city, now):
    def act(key, body=b"a", does=lambda: (201, {"ref": "x"}), scope="user:1"):
        return run_once(scope=scope, key=key, request_hash=request_hash(body), now=now, act=does)

    return act


def test_a_repeat_gets_the_same_answer_and_nothing_is_done_again(once):
    done = []
    first = once("k1", does=lambda: (201, {"n": len(done.append(1) or done)}))
    again = once("k1", does=lambda: (201, {"n": len(done.append(1) or done)}))
    assert first == (201, {"n": 1}, False)
    assert again == (201, {"n": 1}, True)
    assert done == [1]


def test_the_same_key_for_another_request_is_refused(once):
    once("k1", b"a")
    with pytest.raises(KeyReused):
        once("k1", b"b")


def test_two_people_may_use_the_same_key(once):
    once("k1")
    assert once("k1", scope="user:2")[2] is False


def test_a_refused_request_may_be_tried_again(once):
    def refuse():
        raise SlotTaken

    with pytest.raises(SlotTaken):
        once("k1", does=refuse)
    assert not IdempotencyKey.objects.exists()
    assert once("k1")[2] is False


def test_without_a_key_every_request_is_carried_out(once):
    assert once("")[2] is False
    assert once("")[2] is False
    assert not IdempotencyKey.objects.exists()


def test_answers_are_forgotten_after_two_days(once, now):
    once("k1")
    assert forget_answers(now=now + timedelta(days=2)) == 0
    assert forget_answers(now=now + timedelta(days=2, seconds=1)) == 1


def test_a_service_inside_needs_no_savepoint_and_a_refusal_undoes_everything(once, book, hold):
    book()

    def act():
        hold("14:00", "15:00")
        book("11:00", "13:00")

    with pytest.raises(SlotTaken):
        once("k1", does=act)
    assert Reservation.objects.count() == 1
