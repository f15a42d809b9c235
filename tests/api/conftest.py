"""Programs that speak to the API: with tokens, at a fixed instant, in あきる野市 with its real rules."""

from __future__ import annotations

import json
from datetime import date

import pytest

from accounts.services import issue_token
from facilities.periods import moment
from facilities.queries import room_by_key
from frontend.api import routes
from tenants.context import inside, inside_public
from tests.booking.conftest import publish  # noqa: F401 (a fixture)
from tests.clients import HostClient

WEDNESDAY = date(2027, 6, 9)


class Program:
    """Speaks JSON to one host, with a token or without."""

    def __init__(self, municipality, token=""):
        with inside_public():
            self.client = HostClient(municipality)
        self.client.raise_request_exception = False
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path, headers=None, **query):
        return self.client.get(f"/api/v1{path}", query, headers={**self.headers, **(headers or {})})

    def send(self, method, path, body=None, headers=None, content_type="application/json"):
        raw = body if isinstance(body, bytes) else json.dumps(body) if body is not None else b""
        return self.client.generic(
            method,
            f"/api/v1{path}",
            raw,
            content_type=content_type,
            headers={**self.headers, **(headers or {})},
        )

    def post(self, path, body=None, headers=None, **more):
        return self.send("POST", path, body, headers, **more)

    def delete(self, path, headers=None):
        return self.send("DELETE", path, headers=headers)


@pytest.fixture(autouse=True)
def _clock(monkeypatch, now):
    monkeypatch.setattr(routes, "clock_now", lambda: now)


def program_of(person):
    """A program with a token of this person."""
    with inside(person.municipality):
        _, token = issue_token(user_id=person.user.pk, name="試験", schema=person.municipality.schema_name)
    return Program(person.municipality, token)


@pytest.fixture
def anybody(city):
    """A program without a token."""
    return Program(city)


@pytest.fixture
def aikos(city, aiko):
    """Aiko's program."""
    return program_of(aiko)


@pytest.fixture
def dais(city, dai):
    """The hall manager's program."""
    return program_of(dai)


@pytest.fixture
def room(city):
    """第1研修室: 400 yen an hour, 30 people."""
    return room_by_key("chuo-kominkan", "kenshu-1")


@pytest.fixture
def wish(room):
    """What is sent to book 10:00 to 12:00 on a Wednesday."""

    def make(starts="10:00", ends="12:00", day=WEDNESDAY, **more):
        def at(clock):
            hours, minutes = map(int, clock.split(":"))
            return moment(day, hours * 60 + minutes, room.zone).isoformat()

        return {"room": room.id, "starts_at": at(starts), "ends_at": at(ends), **more}

    return make


@pytest.fixture
def booked(aikos, wish):
    """Aiko's reservation, as the API answered it."""
    return aikos.post("/reservations", wish(purpose="コーラス", headcount=10)).json()


def refused(response, status, code):
    """Assert that a response is this problem and return it."""
    assert (response.status_code, response.json().get("code")) == (status, code), response.content
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["type"] == f"urn:problem-type:machinoma:{code}"
    return problem
