"""Whatever is sent: a clear problem, nothing written, never a 500."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booking.models import Reservation
from frontend.api.views import facilities
from tests.api.conftest import refused

JAPANESE = re.compile(r"[぀-ヿ㐀-鿿々]")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"starts_at": "2027-02-30T10:00:00+09:00"}, "/starts_at"),
        ({"ends_at": "2027-06-09T24:00:00+09:00"}, "/ends_at"),
        ({"starts_at": "2027-06-09T10:00:00"}, "/starts_at"),
        ({"starts_at": "2027-06-09"}, "/starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+09:00"}, "/starts_at"),
        ({"ends_at": "9999-12-31T23:59:00-12:00"}, "/ends_at"),
        ({"starts_at": 1812502800}, "/starts_at"),
        ({"starts_at": None}, "/starts_at"),
        ({"starts_at": "2027-06-09T10:00:00+99:00"}, "/starts_at"),
        ({"room": 2**63}, "/room"),
        ({"room": 10**30}, "/room"),
        ({"room": -1}, "/room"),
        ({"room": True}, "/room"),
        ({"room": "1"}, "/room"),
        ({"room": 1.5}, "/room"),
        ({"room": [1]}, "/room"),
        ({"purpose": ""}, "/purpose"),
        ({"purpose": " 　"}, "/purpose"),
        ({"purpose": "a\0b"}, "/purpose"),
        ({"purpose": "a\x1bb"}, "/purpose"),
        ({"purpose": "長" * 201}, "/purpose"),
        ({"purpose": 5}, "/purpose"),
        ({"headcount": 0}, "/headcount"),
        ({"headcount": 2**40}, "/headcount"),
        ({"headcount": "10"}, "/headcount"),
        ({"headcont": 10}, "/headcont"),
        ({"a~b/c": 10}, "/a~0b~1c"),
    ],
)
def test_a_mistake_is_shown_by_its_pointer(aikos, wish, changes, pointer):
    body = wish(purpose="会議", headcount=10) | changes
    problem = refused(aikos.post("/reservations", body), 422, "invalid_input")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert not Reservation.objects.exists()


@pytest.mark.parametrize(
    "person",
    [
        {"name": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1") + "\x00"},
        {"name": ""},
        {},
        "x",
        [],
        {"name": "x" * 101},
        {"name": "x", "email": "not an address"},
        {"name": "x", "email": "a" * 250 + "@b.jp"},
        {"name": "x", "phone": "0" * 21},
    ],
)
def test_a_person_with_a_mistake_is_refused(dais, wish, person):
    problem = refused(dais.post("/holds", wish(resident=person)), 422, "invalid_input")
    assert all(error["pointer"].startswith("/resident") for error in problem["errors"])


def test_every_problem_speaks_english_to_who_asks_for_it(aikos, anybody, wish):
    english = {"Accept-Language": "en-US,en;q=0.9"}
    aikos.post("/holds", wish())
    for response in (
        aikos.post("/holds", {"room": 1, "colour": "red", "starts_at": 5}, english),
        aikos.post("/holds", wish(), english),
        aikos.post("/holds", wish("07:00", "08:00"), english),
        aikos.post("/holds", b"{", english),
        aikos.post("/holds", b"x", english, content_type="text/plain"),
        aikos.get("/reservations", english, cursor="x"),
        aikos.get("/rooms/999999", english),
        aikos.get("/nothing", english),
        anybody.get("/reservations", english),
    ):
        assert response["Content-Language"] == "en"
        assert response.status_code >= 400
        assert not JAPANESE.search(response.content.decode()), response.content.decode()


@pytest.mark.parametrize(
    "body", [b"{", b"\xff\xfe", b'{"room": NaN}', b'{"purpose": "\\ud800"}', b"[" * 5000, b"{}{}"]
)
def test_what_is_not_json_is_refused(aikos, body):
    refused(aikos.post("/holds", body), 400, "malformed_json")


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"null", b"5", b"true", b"[[]]"])
def test_json_that_is_no_object_is_refused(aikos, body):
    problem = refused(aikos.post("/holds", body), 422, "invalid_input")
    assert problem["errors"][0]["pointer"] == ""


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "x",
        "application/xml",
    ],
)
def test_other_formats_are_refused(aikos, kind):
    refused(aikos.post("/holds", b"room=1", content_type=kind), 415, "unsupported_media_type")


def test_a_huge_body_is_refused(aikos):
    refused(aikos.post("/holds", b'{"purpose": "' + b"x" * 1_000_001 + b'"}'), 413, "body_too_large")


def test_only_json_is_answered(anybody):
    refused(anybody.get("/rooms", {"Accept": "text/csv"}), 406, "not_acceptable")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/rooms"),
        ("DELETE", "/reservations"),
        ("PATCH", "/holds"),
        ("OPTIONS", "/rooms"),
        ("POST", "/rooms"),
        ("GET", "/holds"),
    ],
)
def test_other_methods_are_refused(aikos, method, path):
    response = aikos.send(method, path, {})
    refused(response, 405, "method_not_allowed")
    assert response["Allow"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nothing",
        "/rooms/",
        "/rooms/x",
        "/rooms/-1",
        "/facilities/a%00b",
        "/facilities/中央",
        "/reservations/1",
        "/reservations/00000000-0000-4000-8000-00000000000G",
        "/holds/../rooms",
        "/%ff",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_where_nothing_is_a_problem_answers(anybody, method, path):
    refused(anybody.send(method, path), 404, "not_found")


def test_nobody_is_told_why_we_failed(anybody, monkeypatch, caplog):
    def broken():
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(facilities, "open_facilities", broken)
    response = anybody.get("/facilities")
    refused(response, 500, "server_error")
    assert b"secret" not in response.content
    assert "secret of the house" in caplog.text


def test_who_asks_without_pause_is_slowed_down(aikos, wish, settings):
    settings.API_WRITES_PER_MINUTE = 2
    settings.API_READS_PER_MINUTE = 3
    for _ in range(2):
        aikos.post("/holds", {})
    response = aikos.post("/holds", wish())
    refused(response, 429, "throttled")
    assert 1 <= int(response["Retry-After"]) <= 60
    assert [aikos.get("/rooms").status_code for _ in range(4)] == [200, 200, 200, 429]


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
_names = st.sampled_from(
    ["room", "starts_at", "ends_at", "purpose", "headcount", "resident", "resident_id", "channel", "x"]
)
_parameters = st.sampled_from(["room", "facility", "from", "days", "cursor", "limit", "status"])
_values = st.text(max_size=30) | st.integers().map(str) | st.dates().map(str)
_moments = st.datetimes().map(lambda at: at.isoformat() + "+09:00") | st.text(max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(_names, _json | _moments, max_size=4), text=st.text(max_size=60))
def test_no_input_makes_us_fail(aikos, dais, wish, changes, text):
    for program in (aikos, dais):
        body = wish(purpose=text) | changes
        for path in ("/holds", "/reservations"):
            assert program.post(path, body).status_code in {201, 400, 403, 404, 409, 422}, body


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.dictionaries(
        st.sampled_from(["room", "facility", "from", "days", "cursor", "limit", "status"]),
        st.text(max_size=30) | st.integers().map(str) | st.dates().map(str),
        max_size=4,
    )
)
def test_no_question_makes_us_fail(aikos, query):
    for path in ("/availability", "/rooms", "/facilities", "/reservations"):
        assert aikos.get(path, **query).status_code in {200, 404, 409, 422}, (path, query)
