"""A repeated write is answered, not carried out again."""

from __future__ import annotations

import pytest

from booking.models import IdempotencyKey, Reservation
from tests.api.conftest import refused

KEY = {"Idempotency-Key": "8a8c2f"}


def test_a_repeat_gets_the_same_answer_and_books_once(aikos, wish):
    body = wish(purpose="会議")
    first = aikos.post("/reservations", body, KEY)
    again = aikos.post("/reservations", body, KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again["Location"] == first["Location"]
    assert (first.headers.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert Reservation.objects.count() == 1


def test_a_repeated_release_is_answered_without_a_body(aikos, wish):
    ref = aikos.post("/holds", wish()).json()["ref"]
    assert [aikos.delete(f"/holds/{ref}", KEY).status_code for _ in range(2)] == [204, 204]


def test_the_same_key_for_another_request_is_refused(aikos, wish):
    aikos.post("/reservations", wish(purpose="会議"), KEY)
    other = wish("14:00", "15:00", purpose="会議")
    refused(aikos.post("/reservations", other, KEY), 422, "idempotency_key_reused")
    refused(aikos.post("/holds", wish(), KEY), 422, "idempotency_key_reused")


def test_two_people_may_use_the_same_key(aikos, dais, wish, aiko):
    aikos.post("/reservations", wish(purpose="会議"), KEY)
    body = wish("14:00", "15:00", purpose="会議", resident_id=aiko.resident.pk)
    assert dais.post("/reservations", body, KEY).status_code == 201


def test_a_refused_request_may_be_tried_again_with_its_key(aikos, wish):
    ref = aikos.post("/holds", wish()).json()["ref"]
    refused(aikos.post("/holds", wish(), KEY), 409, "slot_taken")
    assert not IdempotencyKey.objects.filter(key=KEY["Idempotency-Key"]).exists()
    aikos.delete(f"/holds/{ref}")
    assert aikos.post("/holds", wish(), KEY).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 101, "é", "a\tb"])
def test_a_key_that_cannot_be_kept_is_refused(aikos, wish, key):
    refused(aikos.post("/holds", wish(), {"Idempotency-Key": key}), 400, "invalid_idempotency_key")
    assert not Reservation.objects.exists()
