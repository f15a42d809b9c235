"""One intention, sent many times at once: carried out once, and everybody reads the same answer."""

from __future__ import annotations

import json

import pytest

from accounts.services import issue_token, register_resident
from booking.models import Reservation
from facilities.queries import room_by_key
from frontend.api import routes
from tenants.context import inside, inside_public
from tests import factories
from tests.booking.conftest import at
from tests.clients import HostClient

pytestmark = pytest.mark.race


@pytest.fixture
def token(committed_city):
    user = factories.a_user("taro@example.jp")
    register_resident(name="太郎", user_id=user.pk)
    return issue_token(user_id=user.pk, name="試験", schema=committed_city.schema_name)[1]


@pytest.fixture
def booking(committed_city, token, monkeypatch, now):
    """An act that books one hour over HTTP, with an Idempotency-Key."""
    monkeypatch.setattr(routes, "clock_now", lambda: now)
    room = room_by_key("chuo-kominkan", "kenshu-1")

    def make(key, starts="10:00", ends="11:00"):
        body = {"room": room.id, "starts_at": at(starts).isoformat(), "ends_at": at(ends).isoformat()}
        headers = {"Authorization": f"Bearer {token}", **({"Idempotency-Key": key} if key else {})}

        def act():
            with inside_public():
                client = HostClient(committed_city)
            response = client.post(
                "/api/v1/reservations",
                json.dumps({**body, "purpose": "会議"}),
                content_type="application/json",
                headers=headers,
            )
            return response.status_code, response.content, "Idempotency-Replayed" in response

        return act

    return make


def test_the_same_request_sent_twelve_times_books_once(race, booking):
    answers = race([booking("one")] * 12)
    assert {(status, body) for status, body, _ in answers} == {(201, answers[0][1])}
    assert sorted(replayed for _, _, replayed in answers) == [False] + [True] * 11
    assert Reservation.objects.count() == 1


def test_without_a_key_the_others_are_refused(race, booking, committed_city):
    answers = race([booking("")] * 6)
    assert sorted(status for status, _, _ in answers) == [201] + [409] * 5
    with inside(committed_city):
        assert Reservation.objects.count() == 1
